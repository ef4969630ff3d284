import { expect, it } from 'vitest';
import path from 'node:path';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

const circle = `locks: { a: , b: }
barriers: { met: { parties: 2 } }
finally:
  one: { steps: [{ with: a, do: [{ wait: met }, { with: b, do: [{ print: never }] }] }] }
  two: { steps: [{ with: b, do: [{ wait: met }, { with: a, do: [{ print: never }] }] }] }
`;
const withPool = `locks: { a: }
pools: { two: { workers: 1, autostart: false, tasks: [1], steps: [{ with: a, do: [{ print: never }] }] } }
finally: { one: { steps: [{ with: a, do: [{ start: two }, { join: two }] }] } }
`;
const withPrograms = `pipes: { link: { between: [one, two], via: stdio } }
finally: { one: { command: cat }, two: { command: "cat; true" } }
`;

it.each([
  ['ended well', circle, 'command: "true"', 5, 'deadlock: `one` → `two`'],
  ['was asked to end well', circle, 'steps: [{ shutdown: 0 }]', 5, 'deadlock: `one` → `two`'],
  ['has failed', circle, 'command: exit 3', 1, '`m` failed: it exited with 3; then deadlock: `one` → `two`'],
  ['took too long', `timeout: 300ms\n${circle}`, 'command: sleep 60', 124, 'the run took longer than 300ms; then deadlock: `one` → `two`'],
  ['ended well, of a pool that it has started,', withPool, 'command: "true"', 5, 'deadlock: `one` → `two`'],
  ['ended well, of programs that a pipe joins,', withPrograms, 'command: "true"', 5, 'deadlock: `one` → `two`'],
])('a deadlock in `finally` of a run that %s is told, and ends', async (_, last, main, code, why) => {
  const cwd = tempFolder({ 'mpctl.yaml': `${last}processes: { m: { ${main} } }\n` });
  const { exitCode, stderr, stdout } = await runCli(['run', '--no-check'], { cwd, program });
  expect(stderr).toContain('mpctl: deadlock: each of these waits for the next');
  expect(`${stdout}${stderr}`).toMatch(new RegExp(`after \\d.*: ${why} \\(`, 'u'));
  expect(exitCode).toBe(code);
});
