import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, asyncProperty, boolean, constantFrom, record } from 'fast-check';
import { expect, test } from 'vitest';
import { runsScriptsItself, slotShellPath, subshellScript } from '../../../src/runtime/processes/subshell-script.ts';
import { requestFor, temporaryFifos, temporaryFolder, temporarySlots, until, type WatchedWorker, watchInSlot, watchWorker } from './worker-harness.ts';

const commands = [
  'echo a',
  'echo "$ONE" "$#" "$@" "$*"',
  'printf "%s\\n" "$1" $2',
  'true',
  'false',
  'exit 3',
  '(exit 4)',
  'no-such-command b',
  './no-such-program',
  '/dev/null',
  'cd /no/such/folder',
  'cd /usr; pwd',
  'ONE=2; export ONE; env | grep "^ONE"',
  'unset ONE; echo "$ONE"',
  'umask 027; umask',
  'cat',
  'ls /proc/self/fd | grep -vx 9 | wc -l',
  'echo err >&2',
  'echo late >&2 >/dev/null',
  'seq 3 | grep 2',
  'for i in x y; do echo "$i"; done',
  'if [ -n "$ONE" ]; then echo one; else echo none; fi',
  'case $1 in a*) echo A ;; *) echo other ;; esac',
  'echo "$(echo in; exit 5)" $?',
  'v=$(exit 6); echo $?',
  '"$DIE" KILL',
  '"$DIE" PIPE',
  '"$DIE" KILL | cat',
  'exec echo replaced',
  'exec 2>/dev/null; echo unheard >&2',
  'sleep 0 & wait; echo $?',
  'shift; echo "$1"',
  'read -r line; echo "$?$line"',
  'getopts a: name; echo "$name$OPTARG"',
  'echo "',
  'echo )',
  ') echo',
  'kill -l 9',
  'command -v cd',
  '! true',
];
const script = record({ parts: array(record({ command: constantFrom(...commands), between: constantFrom('; ', ' && ', ' || ', ' | ') }), { minLength: 1, maxLength: 4 }) }).map(({ parts }) => parts.map(({ command, between }, index) => `${index === 0 ? '' : between}${command}`).join(''));

/** What anybody sees of a command, whose parts may write their errors at the same time. */
async function seen(worker: WatchedWorker): Promise<unknown> {
  const [exit] = await Promise.all([worker.exited, worker.drained]);
  return { exit, stdout: worker.stdout, stderr: worker.stderr.join('').split('').toSorted().join('') };
}

test('a script that a subshell runs says and does what it does in a shell of its own, and touches none that follows', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const folder = temporaryFolder();
  const [cwd, dies] = [join(folder, 'work'), join(folder, 'die')];
  writeFileSync(dies, '#!/bin/sh\nkill -"$1" $$\n', { mode: 0o755 });
  mkdirSync(cwd);
  const scripts = array(record({ text: script, stopsAtFailure: boolean(), args: array(constantFrom('', 'a b', 'abc', '-a', '$HOME', '*', 'x'.repeat(200)), { maxLength: 3 }) }), { minLength: 1, maxLength: 5 });
  let inSubshell = 0;
  await assert(
    asyncProperty(scripts, async (list) => {
      for (const { text, stopsAtFailure, args } of list) {
        const argv = ['/bin/sh', ...(stopsAtFailure ? ['-e'] : []), '-c', text, '/bin/sh', ...args];
        if (subshellScript(argv) !== null) inSubshell += 1;
        const ends: unknown[] = [];
        for (const isInSlot of [true, false]) {
          // The folder itself stays: a shell runs nothing in one that was replaced.
          for (const name of readdirSync(cwd)) rmSync(join(cwd, name), { recursive: true });
          const request = requestFor(argv, { fifos, cwd });
          const complete = { ...request, env: { ...request.env, ONE: '1', DIE: dies } };
          ends.push(await seen(isInSlot ? watchInSlot(slots, complete) : watchWorker({ ...complete, stdin: { type: 'text', text: '' } })));
        }
        expect({ text, seen: ends[0] }).toEqual({ text, seen: ends[1] });
      }
    }),
    { numRuns: 60 },
  );
  expect(inSubshell).toBeGreaterThan(60);
});

test.each([
  ['nothing', () => null],
  ['another folder', () => '/usr'],
  ['the folder by another path', (link: string) => link],
])('a script finds its own folder in PWD where the environment has %s there', async (_, valueOf) => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const folder = temporaryFolder();
  const [cwd, link] = [join(folder, 'work'), join(folder, 'link')];
  mkdirSync(cwd);
  symlinkSync(cwd, link);
  const value = valueOf(link);
  const argv = ['/bin/sh', '-c', 'echo "$PWD"; pwd; env | grep PWD; cd ..; echo "$PWD" "$OLDPWD"'];
  expect(subshellScript(argv)).not.toBeNull();
  const request = requestFor(argv, { fifos, cwd });
  const complete = { ...request, env: { ...request.env, ...(value === null ? {} : { PWD: value }) } };
  const worker = watchWorker({ ...complete, stdin: { type: 'text', text: '' } });
  const own = await seen(worker);
  expect(worker.stdout).toContain(value === link ? link : cwd);
  expect(await seen(watchInSlot(slots, complete))).toEqual(own);
});

test('a shell that replaces itself by the last command of a script, or is another one, runs none itself', () => {
  const folder = temporaryFolder();
  const shell = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o755 });
    return join(folder, name);
  };
  mkdirSync(join(folder, 'old'));
  expect(runsScriptsItself(shell('dash', '#!/bin/sh\necho 1; echo 1\n'))).toBe(true);
  expect(runsScriptsItself(shell('old/dash', '#!/bin/sh\necho 1; echo 2\n'))).toBe(false);
  expect(runsScriptsItself(shell('bash', '#!/bin/sh\necho 1; echo 1\n'))).toBe(false);
  expect(runsScriptsItself(join(folder, 'none'))).toBe(false);
  symlinkSync(join(folder, 'dash'), join(folder, 'sh'));
  expect(runsScriptsItself(join(folder, 'sh'))).toBe(true);
  // Whatever this one is, what it says of its process is true.
  const { stdout } = spawnSync(slotShellPath, ['-c', `echo $$; ${slotShellPath} -c 'echo $PPID'`], { encoding: 'utf8' });
  const [own, parent] = stdout.split('\n');
  expect(own === parent || !runsScriptsItself(slotShellPath)).toBe(true);
});

test('a signal meets a script however far it has come, as it meets what the script runs', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const ends = await Promise.all(
    Array.from({ length: 60 }, async (_, turns) => {
      const worker = watchInSlot(slots, requestFor(['/bin/sh', '-c', 'sleep 5; echo late'], { fifos, instance: `slot-${turns}` }));
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      worker.handle.signalGroup('SIGTERM');
      const end = await worker.exited;
      await worker.drained;
      return { ...end, stdout: worker.stdout };
    }),
  );
  expect(ends).toEqual(ends.map(() => ({ code: null, signal: 'SIGTERM', stdout: [] })));
});

test('whom a script leaves behind is known', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const argv = ['/bin/sh', '-c', 'sleep 30 & echo begun'];
  expect(subshellScript(argv)).not.toBeNull();
  const worker = watchInSlot(slots, requestFor(argv, { fifos }));
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  expect(worker.handle.groupIsAlive()).toBe(true);
  expect(worker.handle.signalGroup('SIGKILL')).toBe(true);
  await worker.drained;
  await until(() => !worker.handle.groupIsAlive(), 'nobody is left');
});
