import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { FifoPool } from '../../../src/runtime/processes/fifo-pool.ts';
import { groupIsAlive } from '../../../src/runtime/processes/group-looks.ts';
import { processIsAlive, readProcess, signalProcess } from '../../../src/runtime/processes/process-table.ts';
import type { Slots } from '../../../src/runtime/processes/slots.ts';
import { requestFor, runAllInSlots, shellRequest, temporaryFifos, temporaryFolder, temporarySlots, until, watchInSlot, watchWorker } from './worker-harness.ts';

// What cannot be started is told as by mpctl itself.
runAllInSlots();
await import('./spawn-failure.test.ts');

/** Commands of one slot, one after the other. */
function oneSlot(): { readonly run: (script: string, env?: Record<string, string>) => ReturnType<typeof watchInSlot>; readonly slots: Slots } {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const run = (script: string, env: Record<string, string> = {}): ReturnType<typeof watchInSlot> => {
    const request = shellRequest(script, { fifos });
    return watchInSlot(slots, { ...request, env: { ...request.env, ...env } });
  };
  return { run, slots };
}

test('commands of a slot have one shell as their parent, and are heard with their own lines and ends', async () => {
  const { run } = oneSlot();
  const parents = new Set<string>();
  for (let code = 0; code < 20; code += 1) {
    const worker = run(`echo $PPID; echo err ${code} >&2; exit ${code}`);
    expect(await worker.exited).toEqual({ code, signal: null });
    await worker.drained;
    // On a busy machine it runs so long that its lines are heard before its end.
    expect(worker.heard.filter((what) => what !== 'line')).toEqual(['started', 'exited', 'drained']);
    expect(worker.heard.slice(0, -1)).toContain('line');
    expect(worker.stderr).toEqual([`err ${code}`]);
    parents.add(worker.stdout.join());
  }
  // On a busy machine the first one has served its time before the last command.
  expect(parents.size).toBeLessThan(10);
});

test('nothing of a key is in the arguments of the shell, which everybody can read, and nothing of the shell in the environment of a command', async () => {
  const { run } = oneSlot();
  const key = `p-1.${'0123456789abcdef'.repeat(2)}`;
  for (const last of ['1', '2']) {
    const worker = run("tr '\\0' ' ' < /proc/$PPID/cmdline | grep -c p-1.0123; env | grep -c mpctl_slot; echo \"$MPCTL_AUTHKEY\"", { MPCTL_AUTHKEY: `${key.slice(0, -1)}${last}` });
    await worker.drained;
    expect(worker.stdout).toEqual(['0', '0', `${key.slice(0, -1)}${last}`]);
  }
});

test('an item that is the only argument, its task and its key come as they are, whatever is in the item', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const tell = join(temporaryFolder(), 'tell');
  writeFileSync(tell, '#!/bin/sh\nprintf "<%s>\\n" "$@" "$MPCTL_ITEM" "$MPCTL_TASK" "$MPCTL_AUTHKEY"\n', { mode: 0o755 });
  const items = ['first', 'a b', '', ' a  b ', '\n', 'a\n\n b\n', 'Z1 2 3', '*', '%% *', '$HOME `id` \\', "it's \"so\"", '-n', 'ä😀', 'x'.repeat(100_000), 'last'];
  for (const [index, item] of items.entries()) {
    const variables = { MPCTL_ITEM: item, MPCTL_TASK: String(index), MPCTL_AUTHKEY: `p-1.0123456789${String(index).padStart(8, '_')}` };
    const request = requestFor([tell, item], { fifos });
    const worker = watchInSlot(slots, { ...request, maxLineBytes: 200_000, env: { ...request.env, ...variables } });
    await worker.drained;
    expect(worker.stdout.join('\n')).toBe([item, ...Object.values(variables)].map((text) => `<${text}>`).join('\n'));
  }
});

test('a name that the shell would take for its own is a program, and an argument is never an option of the shell', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  for (const argv of [['echo', '-e', 'a\\tb'], ['printf', '%s', 'x'], ['true'], ['test', '1', '=', '1'], ['kill', '-l', 'TERM'], ['env', 'echo', 'last']]) {
    const inSlot = watchInSlot(slots, requestFor(argv, { fifos }));
    await inSlot.drained;
    const alone = watchWorker(requestFor(argv, { stdin: { type: 'text', text: '' } }));
    await alone.drained;
    expect(inSlot.stdout).toEqual(alone.stdout);
    expect(await inSlot.exited).toEqual({ code: 0, signal: null });
  }
});

test('what a command does to itself does not touch the next one', async () => {
  const { run } = oneSlot();
  const look = 'pwd; ls /proc/self/fd | wc -l; echo "$ONE-$TWO"; umask; set -o | grep errexit; trap; cat; env | sort';
  const before = run(look, { ONE: '1', TWO: '2' });
  await before.drained;
  for (const script of ['cd /; ONE=9 export ONE; exec sleep 0', 'set -e; false', 'exec 0<&- 1<&- 2<&-', 'umask 0; ulimit -n 10; trap "" TERM INT', 'unset ONE PATH; exit 3', 'kill -TERM $$', 'echo to nobody >&9']) {
    await run(script, { ONE: '1', TWO: '2' }).drained;
  }
  const after = run(look, { ONE: '1', TWO: '2' });
  await after.drained;
  expect(after.stdout).toEqual(before.stdout);
});

test.each([
  ['exit 137', { code: 137, signal: null }],
  ['exit 255', { code: 255, signal: null }],
  ['echo Terminated >&2; exit 1', { code: 1, signal: null }],
  ['kill -KILL $$', { code: null, signal: 'SIGKILL' }],
  ['kill -TERM $$', { code: null, signal: 'SIGTERM' }],
  ['kill -SEGV $$', { code: null, signal: 'SIGSEGV' }],
  ['kill -ABRT $$', { code: null, signal: 'SIGABRT' }],
  ['kill -USR1 $$', { code: null, signal: 'SIGUSR1' }],
  // Of these no shell says whether it was a signal.
  ['exit 130', { code: 130, signal: null }],
  ['exit 141', { code: 141, signal: null }],
  ['kill -INT $$', { code: 130, signal: null }],
  ['kill -PIPE $$', { code: 141, signal: null }],
])('after `%s` the end is %o, and standard error has only what the command has written', async (script, end) => {
  for (const stderr of [{ type: 'lines' }, { type: 'null' }] as const) {
    const fifos = temporaryFifos();
    const worker = watchInSlot(temporarySlots(fifos), shellRequest(`echo mine >&2; ${script}`, { fifos, stderr }));
    expect(await worker.exited).toEqual(end);
    await worker.drained;
    expect(worker.stderr).toEqual(stderr.type === 'null' ? [] : ['mine', ...(script.startsWith('echo') ? ['Terminated'] : [])]);
  }
});

const killsItsOwn = `trap : USR1; sh -c 'kill -KILL $$'; exit $?`;

test.each([
  ['a shell', () => ['sh', '-c', killsItsOwn]],
  ['a script', (folder: string) => {
    writeFileSync(join(folder, 'script'), `#!/bin/sh\n${killsItsOwn}\n`, { mode: 0o755 });
    return [join(folder, 'script')];
  }],
])('of %s that ends with the code of a command of its own that was killed, the end is that code', async (_, argvIn) => {
  const fifos = temporaryFifos();
  const worker = watchInSlot(temporarySlots(fifos), requestFor(argvIn(temporaryFolder()), { fifos }));
  expect(await worker.exited).toEqual({ code: 137, signal: null });
  await worker.drained;
  expect(worker.stderr).toEqual(['Killed']);
});

test('all pipes are given back where a shell cannot have its own', () => {
  const fifos = temporaryFifos();
  const paths = fifos.takeManyNow(5) ?? [];
  vi.spyOn(fifos, 'takeManyNow').mockReturnValueOnce(paths);
  const givenBack = vi.spyOn(fifos, 'giveBack');
  // What it would read from.
  rmSync(paths[0] ?? '');
  expect(() => watchInSlot(temporarySlots(fifos), requestFor(['true'], { fifos }))).toThrow('a slot cannot run this');
  expect(givenBack.mock.calls.map(([path]) => path).toSorted()).toEqual(paths.toSorted());
});

test('a command that is signalled at once is not spared, and the next one has another shell', async () => {
  const { run } = oneSlot();
  const pids = new Set<number | null>();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR1', 'SIGKILL'] as const) {
    const worker = run('exec sleep 30');
    expect(worker.handle.signalGroup(signal)).toBe(true);
    expect(await worker.exited).toEqual({ code: null, signal });
    await worker.drained;
    pids.add(worker.handle.pid);
    await until(() => !worker.handle.groupIsAlive(), 'the shell has gone');
  }
  expect(pids.size).toBe(4);
});

test('a signal meets the command however far its start has come, also where a subshell is to become it', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const ends = await Promise.all(
    Array.from({ length: 100 }, async (_, turns) => {
      const worker = watchInSlot(slots, requestFor(['sleep', '5'], { fifos, instance: `slot-${turns}`, stderr: { type: 'null' } }));
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      worker.handle.signalGroup('SIGTERM');
      return worker.exited;
    }),
  );
  expect(ends).toEqual(ends.map(() => ({ code: null, signal: 'SIGTERM' })));
});

test('a command that catches a signal ends as it likes', async () => {
  const { run } = oneSlot();
  const worker = run('trap "echo caught; exit 7" TERM; echo ready; while :; do sleep 0.01; done');
  await worker.lineWith('ready');
  worker.handle.signalGroup('SIGTERM');
  expect(await worker.exited).toEqual({ code: 7, signal: null });
  await worker.drained;
  expect(worker.stdout).toEqual(['ready', 'caught']);
});

test.each(['sleep 30 & exit 0', 'sleep 30 >/dev/null 2>&1 </dev/null & exit 0'])('who is left behind by `%s` is known, and is not in the way of the next command', async (script) => {
  const { run } = oneSlot();
  const worker = run(script);
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  await worker.drained;
  expect(worker.handle.groupIsAlive()).toBe(true);
  const next = run('echo next');
  await next.drained;
  expect(next.stdout).toEqual(['next']);
  expect(next.handle.pid).not.toBe(worker.handle.pid);
  expect(worker.handle.signalGroup('SIGKILL')).toBe(true);
  await until(() => !worker.handle.groupIsAlive(), 'nobody is left');
});

test('who goes on writing after the end is heard, and the next command does not get his lines', async () => {
  const { run } = oneSlot();
  const worker = run('seq 100000 & exit 0');
  await worker.exited;
  const next = run('echo next');
  await Promise.all([worker.drained, next.drained]);
  expect(worker.stdout.length).toBe(100_000);
  expect(next.stdout).toEqual(['next']);
});

test('who was left behind with his output alone open, as Python and Node start others, writes to no other command', async () => {
  const { run } = oneSlot();
  const [go, gone] = [join(temporaryFolder(), 'go'), join(temporaryFolder(), 'gone')];
  const worker = run(`(exec 9>&-; trap "" TERM PIPE; until [ -e ${go} ]; do sleep 0.01; done; echo late; echo late >&2; : >${gone}) & exit 0`);
  await worker.drained;
  expect(worker.handle.groupIsAlive()).toBe(true);
  const next = run(`: >${go}; until [ -e ${gone} ]; do sleep 0.01; done; echo next`);
  await next.drained;
  expect([next.stdout, next.stderr]).toEqual([['next'], []]);
});

test.each(['sleep 30', 'trap "" TERM; while :; do sleep 0.05; done'])('who was left behind with the marker and his output closed ends with the shell: `%s`', async (script) => {
  const watched = new Set<number>();
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos, watched);
  const closed = join(temporaryFolder(), 'closed');
  const worker = watchInSlot(slots, shellRequest(`(exec >/dev/null 2>&1 9>&-; : >${closed}; ${script}) & until [ -e ${closed} ]; do sleep 0.01; done`, { fifos }));
  await worker.drained;
  const group = worker.handle.pid ?? 0;
  await slots.closed();
  expect(groupIsAlive(group)).toBe(false);
  expect([...watched]).toEqual([]);
});

test('who was left behind with the marker and his output closed by a long command does not outlive it until the end of the run', async () => {
  const { run } = oneSlot();
  const worker = run('(exec >/dev/null 2>&1 9>&-; exec sleep 60) & echo $!; sleep 1.1');
  const pid = Number(await worker.lineWith(''));
  const { startTime } = readProcess(pid) ?? { startTime: '' };
  await worker.drained;
  await until(() => !processIsAlive(pid, startTime), 'it is dead');
});

test('a command runs in the folder that has the path now, although the shell was started in another one', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const [cwd, old] = [join(temporaryFolder(), 'here'), join(temporaryFolder(), 'old')];
  mkdirSync(cwd);
  await watchInSlot(slots, shellRequest('echo first', { fifos, cwd })).drained;
  renameSync(cwd, old);
  mkdirSync(cwd);
  await watchInSlot(slots, shellRequest(': >made', { fifos, cwd })).drained;
  expect([readdirSync(cwd), readdirSync(old)]).toEqual([['made'], []]);
});

test('where the shell is killed, its command is ended, and the next one has another shell', async () => {
  const { run } = oneSlot();
  const worker = run('echo $$; exec sleep 30');
  const pid = Number(await worker.lineWith(''));
  const { startTime } = readProcess(pid) ?? { startTime: '' };
  signalProcess(worker.handle.pid ?? 0, 'SIGKILL');
  expect(await worker.exited).toEqual({ code: null, signal: 'SIGKILL', isLost: true });
  await worker.drained;
  await until(() => !processIsAlive(pid, startTime), 'the command is dead');
  const next = run('echo next');
  await next.drained;
  expect(next.stdout).toEqual(['next']);
});

test('lines come while the command runs, and all of a long output comes', async () => {
  const { run } = oneSlot();
  const go = join(temporaryFolder(), 'go');
  const worker = run(`echo first; until [ -e ${go} ]; do sleep 0.01; done; seq 200000; printf last`);
  await worker.lineWith('first');
  writeFileSync(go, '');
  await worker.drained;
  expect(worker.stdout.length).toBe(200_002);
  expect(worker.stdout.at(-1)).toBe('last');
});

test('a command may open its output anew, and what it closes is no end', async () => {
  const { run } = oneSlot();
  const worker = run('echo a; echo b >>/dev/stdout; echo c >/dev/stderr; exec 3>&1 >&- 2>&-; echo d >&3; exec 3>&-; sleep 0.1');
  await worker.drained;
  expect([worker.stdout, worker.stderr]).toEqual([['a', 'b', 'd'], ['c']]);
  const next = run('echo next; echo late >&2');
  await next.drained;
  expect([next.stdout, next.stderr]).toEqual([['next'], ['late']]);
});

test('a command whose forerunner was silent, or has filled the pipe, is heard like any other', async () => {
  const { run } = oneSlot();
  const [go, gone] = [join(temporaryFolder(), 'go'), join(temporaryFolder(), 'gone')];
  for (const before of ['exit 0', 'seq 100000']) {
    await run(before).drained;
    const worker = run(`echo first; until [ -e ${go} ]; do sleep 0.01; done; seq 100000; : >${gone}; echo last`);
    await worker.lineWith('first');
    writeFileSync(go, '');
    await worker.drained;
    expect([worker.stdout.length, worker.stdout.at(-1), existsSync(gone)]).toEqual([100_002, 'last', true]);
    rmSync(go);
  }
});

test('while the output is paused the command blocks, and afterwards all of it comes', async () => {
  const fifos = temporaryFifos();
  const written = join(temporaryFolder(), 'written');
  const script = `import os\nn=0\nf=os.open(${JSON.stringify(written)}, os.O_CREAT|os.O_WRONLY)\nwhile n < 4194304:\n  n+=os.write(1, b"x"*1023+b"\\n")\n  os.pwrite(f, b"%12d" % n, 0)`;
  const worker = watchInSlot(temporarySlots(fifos), requestFor(['python3', '-c', script], { fifos }));
  worker.handle.pauseOutput();
  const bytes = (): number => (existsSync(written) ? Number(readFileSync(written, 'utf8')) : 0);
  await until(() => bytes() > 60_000, 'the pipe is full');
  // Long enough for the output to be watched, which reads a chunk ahead.
  await watchInSlot(temporarySlots(fifos), shellRequest('sleep 0.2', { fifos, instance: 'other' })).drained;
  expect(bytes()).toBeLessThan(1_000_000);
  worker.handle.resumeOutput();
  await worker.drained;
  expect(worker.stdout.length).toBe(4096);
});

test('what was written until the end of a command comes when its output goes on', async () => {
  const { run } = oneSlot();
  const worker = run('echo out; echo err >&2');
  worker.handle.pauseOutput();
  await worker.exited;
  const next = run('echo next');
  await next.drained;
  expect([worker.stdout, worker.stderr, next.stdout]).toEqual([[], [], ['next']]);
  worker.handle.resumeOutput();
  await worker.drained;
  expect([worker.stdout, worker.stderr]).toEqual([['out'], ['err']]);
});

test('what is to be a value is whole, and its bytes are counted', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const worker = watchInSlot(slots, shellRequest('printf "ü\\n\\n"', { fifos, stdout: { type: 'capture', lines: true } }));
  expect(await worker.drained).toEqual({ captured: 'ü\n\n', truncated: false, stdoutBytes: 4 });
  expect(worker.stdout).toEqual(['ü', '']);
  const silent = watchInSlot(slots, shellRequest('exit 0', { fifos, stdout: { type: 'capture', lines: true } }));
  expect(await silent.drained).toEqual({ captured: '', truncated: false, stdoutBytes: 0 });
});

test('after the end no shell is left, no group is watched and no pipe is there', async () => {
  const folder = join(temporaryFolder(), 'fifos');
  const fifos = new FifoPool(folder);
  const watched = new Set<number>();
  const slots = temporarySlots(fifos, watched);
  const workers = ['a', 'b', 'c'].map((instance) => watchInSlot(slots, shellRequest('echo x', { fifos, instance })));
  const groups = [...watched];
  expect(groups.length).toBe(3);
  await Promise.all(workers.map(({ drained }) => drained));
  await slots.closed();
  await fifos.close();
  expect(groups.filter(groupIsAlive)).toEqual([]);
  expect([...watched]).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});
