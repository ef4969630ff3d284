import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCli } from '../rig/run-cli.ts';

const root = path.join(import.meta.dirname, '..', '..');
const program = path.join(root, 'dist', 'mpctl.cjs');

it('workers in sh, bash, Python and TypeScript share a lock, two queues and a value', async () => {
  // Within the package, so that `mpctl/client` is found as it is from a project that has installed it.
  const folder = mkdtempSync(path.join(root, 'node_modules', '.workers-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync(path.join(root, 'examples', 'workers'), folder, { recursive: true });
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules', 'mpctl'));
  symlinkSync(program, path.join(bin, 'mpctl'));
  const environment = { PATH: [bin, path.join(root, 'node_modules', '.bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter) };
  const { stdout, stderr, exitCode } = await runCli(['run'], { cwd: folder, program, environment });
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
