import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { verbGroups } from '../../cmd/verbs/groups.ts';
import { runVerbs } from '../../cmd/verbs/run-verbs.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

it('verbs clear, terminate and kill, and say of a lock that the instance has by `with` that it would wait for itself', async () => {
  const cwd = tempFolder({
    'mpctl.yaml': `
locks: { own: }
events: { go: { set: true } }
pools: { endless: { workers: 1, command: 'exec sleep 1000' } }
processes:
  a:
    with: [own]
    uses: { go: set, endless: [submit, start], deaf: start }
    command: |
      mpctl event clear go
      mpctl event is-set go || echo "cleared $?"
      mpctl lock acquire own || echo "own $?"
      mpctl pool submit endless x
      mpctl pool terminate endless
      mpctl pool join endless
      mpctl pool result endless 0 || echo "cancelled $?"
      mkfifo up
      mpctl process start deaf
      read line < up
      mpctl process kill deaf
      mpctl process join deaf --json
  deaf: { autostart: false, stop: { grace_period: 1h }, command: "trap '' TERM; echo up > up; while :; do sleep 1; done" }
`,
  });
  const bin = path.join(cwd, 'bin');
  mkdirSync(bin);
  symlinkSync(program, path.join(bin, 'mpctl'));
  const { stdout, stderr, exitCode } = await runCli(['run'], { cwd, program, environment: { PATH: [bin, process.env['PATH']].join(path.delimiter) } });
  expect(stdout.match(/(?<=^\[a\] ).*$/gmu)).toEqual(['cleared 1', 'own 5', '0', 'cancelled 1', '{"exitcodes":{"deaf":-9}}']);
  expect(stderr).toMatch(/^\[a\] mpctl: .*`own`.*$/mu);
  expect(exitCode).toBe(0);
});

const scripts = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts')).map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8')).join('\n');
const verbs = [...verbGroups.flatMap(({ name, verbs: own }) => own.map((verb) => `${name} ${verb.name}`)), ...runVerbs.map(({ name }) => name)];

it.each(verbs)('`mpctl %s` is called by a program of some run in these tests', (verb) => {
  expect(scripts).toMatch(new RegExp(`mpctl ${verb}(?![\\w-])`, 'u'));
});
