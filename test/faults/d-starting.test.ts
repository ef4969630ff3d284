import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../rig/temp-folder.ts';
import { startRun } from './harness/fault-run.ts';
import { expectEnd } from './harness/oracles.ts';
import { zoo } from './harness/zoo.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');
/** Nobody whom the system knows; root may have any number of processes. */
const user = 54_321;
const asUser = ['setpriv', '--reuid', String(user), '--clear-groups'];
const failure = { status: { exitCode: 1 }, withinMs: 2000, outcome: 'failure' } as const;

/** A folder with programs that cannot be started, and a spec that starts each beside one that can. */
function folderOf(spec: string): string {
  const cwd = tempFolder({
    'mpctl.yaml': `on_failure: continue\nprocesses:\n  fine: { command: [echo, fine] }\n${spec}`,
    'without-interpreter': '#!/nowhere/python\n',
    'not-executable': 'exit 1\n',
    'without-first-line': 'echo "it runs: $1"\n',
  });
  writeFileSync(path.join(cwd, 'cut-off'), readFileSync('/bin/true').subarray(0, 40));
  for (const name of ['without-interpreter', 'without-first-line', 'cut-off']) chmodSync(path.join(cwd, name), 0o755);
  mkdirSync(path.join(cwd, 'folder'));
  return cwd;
}

describe('D: a worker cannot be started', () => {
  it.each([
    ['row 47: its command does not exist', 'command: [no-such-command]', 127, 'the command `no-such-command` was not found in `PATH`'],
    ['row 47: its working directory does not exist', 'command: [echo], working_dir: nowhere', 126, 'nowhere` does not exist'],
    ['row 47: its interpreter does not exist', 'command: [./without-interpreter]', 127, 'the interpreter `/nowhere/python` of'],
    ['row 48: its command may not be executed', 'command: [./not-executable]', 126, 'may not be executed'],
    ['row 48: its command is a folder', 'command: [./folder]', 126, 'is a directory'],
    ['row 49: its command is a part of a program', 'command: [./cut-off]', 126, 'cut-off` cannot be executed: it is a program that was cut off'],
    ['row 50: its argument is of 200 kB', `command: [echo, ${'x'.repeat(200_000)}]`, 126, 'are too long for the system'],
  ])('%s', async (_, keys, exitcode, why) => {
    const run = await startRun('', { cwd: folderOf(`  faulty: { ${keys} }\n`) });
    await expectEnd(run, failure);
    const ended = run.eventsOf('instance.ended');
    expect(ended.find(({ instance }) => instance === 'fine')).toMatchObject({ state: 'succeeded' });
    expect(ended.find(({ instance }) => instance === 'faulty')).toMatchObject({ state: 'failed', reason: 'failed_to_start', exitcode, why: expect.stringContaining(why) as unknown });
    expect(run.output('stderr')).not.toContain('MP001');
  });

  it('row 49: its command is a script without a first line that names an interpreter, and it can be', async () => {
    const run = await startRun('', { cwd: folderOf('  scripted: { command: [./without-first-line, well] }\n') });
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 2000, outcome: 'success' });
    expect(run.eventsOf('output').map(({ line }) => line)).toContain('it runs: well');
  });

  it.each([
    ['row 51', 'EAGAIN'],
    ['row 53', 'ENOMEM'],
  ])('%s: %s three times, and then it can', async (_, error) => {
    const run = await startRun('', {
      cwd: folderOf('  faulty: { command: [echo, "4242"] }\n'),
      nodeFlags: ['--require', zoo('refuse-spawn.cjs')],
      env: { FAULT: error, FAULT_WORD: '4242', FAULT_TIMES: '3' },
    });
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 2000, outcome: 'success' });
    expect(run.output('stderr').match(/refused/gu)).toHaveLength(3);
  });

  it.each([
    ['row 51', 'EAGAIN', 'MP811'],
    ['row 52', 'EMFILE', 'MP807'],
    ['row 53', 'ENOMEM', 'MP812'],
  ])('%s: %s every time', async (_, error, code) => {
    const run = await startRun('', {
      cwd: folderOf('  faulty: { command: [echo, "4242"] }\n'),
      nodeFlags: ['--require', zoo('refuse-spawn.cjs')],
      env: { FAULT: error, FAULT_WORD: '4242', FAULT_TIMES: '1000' },
    });
    await expectEnd(run, { ...failure, withinMs: 4000 });
    const ended = run.eventsOf('instance.ended');
    expect(ended.find(({ instance }) => instance === 'fine')).toMatchObject({ state: 'succeeded' });
    expect(ended.find(({ instance }) => instance === 'faulty')).toMatchObject({ state: 'failed', reason: 'failed_to_start', exitcode: 126, why: expect.stringContaining(`(${error}), after several attempts [${code}]`) as unknown });
    // The first time and five more.
    expect(run.output('stderr').match(/refused/gu)).toHaveLength(6);
  });

  it('row 51: EAGAIN for the shell of a slot, whose next task mpctl then starts itself', async () => {
    // The first task of a shell sees to it that the shell can start no other one.
    const script = 'if [ "$MPCTL_TASK" -lt 3 ]; then prlimit --pid $PPID --nproc=1:1; fi; echo "did $MPCTL_ITEM in $MPCTL_WORKER"';
    const cwd = tempFolder({ 'mpctl.yaml': `pools: { many: { workers: 3, tasks: { range: [1, 30] }, command: ${JSON.stringify(script)} } }` });
    chownSync(cwd, user, user);
    const run = await startRun('', { cwd, prefix: asUser });
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 3000, outcome: 'success' });
    const said = run.eventsOf('output').map(({ line }) => line.replace(/ in \d$/u, ''));
    expect(said.toSorted()).toEqual(Array.from({ length: 30 }, (_, at) => `did ${at + 1}`).toSorted());
    expect(run.eventsOf('task.ended').filter(({ fate, attempts }) => fate !== 'succeeded' || attempts !== 1)).toEqual([]);
  });

  it('row 51: EAGAIN for the shell of a job slot, whose next job mpctl then starts itself', async () => {
    const job = 'if [ {} = 6 ]; then prlimit --pid $PPID --nproc=1:1; fi; echo did {}';
    const cwd = tempFolder({ 'mpctl.yaml': `processes: { jobs: { command: ${JSON.stringify(`seq 30 | ${process.execPath} ${program} pool -j2 -- '${job}'`)} } }` });
    chownSync(cwd, user, user);
    const run = await startRun('', { cwd, prefix: asUser });
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 3000, outcome: 'success' });
    expect(run.eventsOf('output').map(({ line }) => line).toSorted()).toEqual(Array.from({ length: 30 }, (_, at) => `did ${at + 1}`).toSorted());
  });

  it('row 52: there are too few descriptors for all of them', async () => {
    const run = await startRun(`on_failure: continue\nprocesses: { many: { replicas: 60, command: 'sleep 0.2; echo "pid $$"; cat' } }`, { prefix: ['prlimit', '--nofile=80:80'] });
    const end = await run.ended();
    await expectEnd(run, { status: end, withinMs: 2000 });
    expect(run.output('stderr')).toBe('');
    const ends = run.eventsOf('instance.ended');
    expect(ends).toHaveLength(60);
    expect(ends.filter(({ state, reason }) => state !== 'succeeded' && reason !== 'failed_to_start')).toEqual([]);
    expect(end).toEqual({ exitCode: ends.every(({ state }) => state === 'succeeded') ? 0 : 1, signal: null });
  });

  it('row 54: it ends as soon as it has started, again and again', async () => {
    const run = await startRun(`processes: { looping: { command: exit 1, restart: on_failure, backoff: { initial: 20ms, factor: 2, jitter: 0 } } }`);
    await expectEnd(run, { ...failure, withinMs: 3000 });
    expect(run.eventsOf('instance.restarting').map(({ delayMs }) => delayMs)).toEqual([20, 40, 80, 160, 320]);
    expect(run.eventsOf('instance.ended')).toMatchObject([{ state: 'failed', attempts: 6 }]);
  });
});
