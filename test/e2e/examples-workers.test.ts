import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type CliResult, runCli } from '../rig/run-cli.ts';

const root = path.join(import.meta.dirname, '..', '..');
const program = path.join(root, 'dist', 'mpctl.cjs');

/** Runs an example within the package, so that `mpctl/client` is found as it is from a project that has installed it. */
async function runHere(example: string): Promise<CliResult & { readonly folder: string }> {
  const folder = mkdtempSync(path.join(root, 'node_modules', '.workers-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync(path.join(root, 'examples', example), folder, { recursive: true });
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules', 'mpctl'));
  symlinkSync(program, path.join(bin, 'mpctl'));
  const environment = { PATH: [bin, path.join(root, 'node_modules', '.bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter) };
  return { folder, ...(await runCli(['run'], { cwd: folder, program, environment })) };
}

it('workers in sh, bash, Python and TypeScript share a lock, two queues and a value', async () => {
  const { stdout, stderr, exitCode } = await runHere('workers');
  const lines = stdout.split('\n').filter((line) => line.startsWith('[till] '));
  expect(lines.slice(0, -1).toSorted(), `${stdout}${stderr}`).toEqual([
    '[till] bash took an order',
    '[till] curl took an order',
    '[till] python took an order',
    '[till] typescript took an order',
  ]);
  expect(lines.at(-1)).toBe('[till] total 18');
  expect(exitCode).toBe(0);
});

it('long-lived workers in Python and TypeScript answer the tasks of their pools', async () => {
  const { folder, stdout, stderr, exitCode } = await runHere('pools');
  expect(stdout.split('\n').filter((line) => line.startsWith('[greet-1] ')), `${stdout}${stderr}`).toEqual(['[greet-1] {"hello":"Ada"}', '[greet-1] {"hello":"Grace"}']);
  const results = readFileSync(path.join(folder, 'squares.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);
  expect(results).toMatchObject([1, 4, 9, 16, 25, 36].map((value, task) => ({ task, fate: 'succeeded', value })));
  expect(exitCode).toBe(0);
});
