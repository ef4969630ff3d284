import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { untilTrue, withinLoad } from './harness/deadline.ts';
import { type FaultRun, startRun } from './harness/fault-run.ts';
import { expectEnd } from './harness/oracles.ts';
import { runningOf } from './harness/running-of.ts';
import { zoo } from './harness/zoo.ts';

const ctrlC = '\u0003';
const ctrlZ = '\u001A';
/** Two signals closer together than this are one, in ms. */
const signalGapMs = 250;
/** What a clock that rounds to whole milliseconds, and the way of an event to the test, may take off, in ms. */
const toleranceMs = 20;

async function untilStopped(run: FaultRun, pid: number): Promise<void> {
  await untilTrue(() => run.namespace.processes.see(pid)?.state === 'T', `mpctl stopped, ${run.output('screen')}`);
}

/** Starts mpctl from an interactive shell, which is what has the terminal when mpctl is stopped; gives the pid of mpctl. */
async function startInShell(spec: string, flags: readonly string[] = ['--format', 'json']): Promise<{ readonly run: FaultRun; readonly pid: number }> {
  // A dumb terminal has no bracketed paste, whose switching on and off would stand within the lines; the view wants one that is not.
  const run = await startRun(spec, { onTerminal: true, flags, prefix: ['bash', '--norc', '-i', '-s'], env: { PS1: 'ready> ', TERM: 'dumb' } });
  await run.line(/ready> $/u);
  await run.type('TERM=xterm "$@"\r');
  return { run, pid: await run.ownPid() };
}

/** Types Ctrl-Z, and waits until mpctl and all its processes are stopped and the shell is back. */
async function suspend(run: FaultRun, pid: number): Promise<void> {
  await run.type(ctrlZ);
  const running = () => runningOf(run.namespace.processes.marked());
  await untilTrue(() => running().length === 0, () => JSON.stringify(running()), 500);
  expect(run.namespace.processes.marked()).not.toEqual([]);
  await untilStopped(run, pid);
  await run.line(/Stopped.*\s+ready> $/su);
}

/** Waits for the shell, has it end with the status of the last command, and looks for what is left. */
async function expectShellEnd(run: FaultRun, exitCode: number, outcome: 'failure' | 'cancelled' | 'killed'): Promise<void> {
  await run.line(/ready> $/u);
  await run.type('exit\r');
  await expectEnd(run, { status: { exitCode }, withinMs: 1000, outcome });
}

describe('row 10: mpctl is stopped by SIGSTOP', () => {
  it('and nothing fires of what would have come due: time limits of processes, tasks, steps, dependencies and probes', async () => {
    const wait = 'while [ ! -e go ]; do sleep 0.02; done';
    const run = await startRun(`
events: { done: }
daemons:
  probed: { command: [sleep, '300'], liveness_probe: { exec: 'echo yes > probing; sleep 300', timeout: 4500ms, failure_threshold: 1 } }
processes:
  timed: { command: '${wait}', timeout: 4500ms }
  waiter: { steps: [{ wait: done, timeout: 4500ms }] }
  setter: { command: [python3, -c, "import mpctl, os, time\\nwhile not os.path.exists('go'): time.sleep(0.02)\\nmpctl.Event('done').set()"], uses: { done: set } }
  dependent: { command: [echo, late], depends_on: { timed: { condition: success, timeout: 4500ms } } }
pools:
  tasks: { tasks: [{ items: [1] }], timeout: 4500ms, command: '${wait}' }
`);
    for (const name of ['timed', 'setter']) await run.event('instance.started', ({ instance }) => instance === name);
    for (const name of ['waiter', 'dependent']) await run.event('instance.waiting', ({ instance }) => instance === name);
    await run.event('task.started');
    await run.fileWith('probing', /yes/u);
    await run.signal('SIGSTOP');
    await untilStopped(run, run.pid);
    // All that was waited for, but for the end of the probe, has happened long before mpctl can hear of it.
    writeFileSync(run.inside('go'), '');
    await delay(5000);
    await run.signal('SIGCONT');
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 3000, outcome: 'success' });
    expect(run.eventsOf('instance.ended').filter(({ state }) => state !== 'succeeded')).toMatchObject([{ instance: 'probed', state: 'stopped', attempts: 1 }]);
    expect(run.eventsOf('pool.ended')).toMatchObject([{ state: 'succeeded', succeeded: 1 }]);
    // The stop began within a beat of its clock.
    expect(run.eventsOf('run.continued')).toHaveLength(1);
    expect(run.eventsOf('run.continued')[0]?.stoppedMs).toBeGreaterThan(5000 - toleranceMs);
  });

  it('and a grace period and a backoff go on where they were', async () => {
    const run = await startRun(`
processes:
  failing: { command: exit 1, restart: on_failure, backoff: { initial: 2s, jitter: 0 } }
  stubborn: { command: 'trap "" TERM; echo "pid $$"; while :; do sleep 0.05; done', stop: { grace_period: 2s } }
`);
    await run.workerPids(1);
    const restarting = await run.event('instance.restarting');
    const stopFor3s = async (): Promise<number> => {
      await run.signal('SIGSTOP');
      await untilStopped(run, run.pid);
      await delay(3000);
      await run.signal('SIGCONT');
      return performance.now();
    };
    const continuedMs = await stopFor3s();
    await run.event('instance.started', ({ instance, attempt }) => instance === 'failing' && attempt === 2);
    const backoffMs = performance.now() - continuedMs;
    const [first] = run.eventsOf('run.continued');
    expect(backoffMs).toBeGreaterThan(restarting.at + 2000 - (first?.at ?? Number.NaN) - toleranceMs);
    await run.signal('SIGTERM');
    const stopping = await run.event('instance.stopping', ({ instance }) => instance === 'stubborn');
    const againMs = await stopFor3s();
    await run.event('instance.ended', ({ instance }) => instance === 'stubborn');
    const graceMs = performance.now() - againMs;
    const [, second] = run.eventsOf('run.continued');
    expect(graceMs).toBeGreaterThan(stopping.at + 2000 - (second?.at ?? Number.NaN) - toleranceMs);
    expect(graceMs).toBeLessThan(withinLoad(2000));
    await expectEnd(run, { status: { signal: 'SIGTERM' }, withinMs: 1000, outcome: 'cancelled' });
  });
});

it('row 9: what mpctl starts when its event loop goes on after 3 s has all its time, and that was no stop', async () => {
  const run = await startRun(
    `
daemons:
  first: { command: 'echo "pid $$"; while [ ! -e go ]; do sleep 0.02; done; echo ready; sleep 300', readiness_probe: { log_line: ready } }
processes:
  second: { command: 'date +%s.%N > begin; trap "date +%s.%N > end; exit" TERM; while :; do sleep 0.02; done', depends_on: [first], timeout: 2s }
`,
    { nodeFlags: ['--require', zoo('on-order.cjs')], env: { FAULT: 'blocked loop', FAULT_MS: '3000' } },
  );
  await run.workerPids(1);
  await run.signal('SIGUSR2');
  await untilTrue(() => run.output('stderr').includes('blocked'), 'the blocked loop');
  writeFileSync(run.inside('go'), '');
  await expectEnd(run, { status: { exitCode: 1 }, withinMs: 6000, outcome: 'failure' });
  // The command begins a little later than its time does.
  expect(Number(run.file('end')) - Number(run.file('begin'))).toBeGreaterThan(1);
  expect(run.eventsOf('run.continued')).toEqual([]);
});

/** One of each kind that could be overlooked: in its group, in a slot of a pool, on a terminal, and out of its group. */
const everyKind = `
pools: { tasks: { tasks: [{ items: [1] }], command: 'echo "pid $$"; sleep 300' } }
processes:
  limited: { command: 'echo "pid $$"; while :; do sleep 0.05; done', timeout: 2s }
  terminal: { command: 'echo "pid $$"; sleep 300', tty: true }
  left: { command: 'setsid sh -c ''echo "pid $$"; while :; do sleep 0.05; done'' & wait' }
`;

describe('row 25: Ctrl-Z in a shell', () => {
  it('stops mpctl and every process, and `fg` after 3 s has them go on where they were', async () => {
    const { run, pid } = await startInShell(everyKind);
    await run.workerPids(4);
    const started = await run.event('instance.started', ({ instance }) => instance === 'limited');
    await suspend(run, pid);
    await delay(3000);
    expect(run.eventsOf('instance.ended')).toEqual([]);
    const begunMs = performance.now();
    await run.type('fg\r');
    const isStopped = ({ state }: { readonly state: string }): boolean => state === 'T';
    await untilTrue(() => !run.namespace.processes.marked().some(isStopped), 'processes that go on', 500);
    const continued = await run.event('run.continued');
    expect(continued.stoppedMs).toBeGreaterThan(3000);
    await run.event('instance.ended', ({ instance, reason }) => instance === 'limited' && reason === 'timed_out');
    const tookMs = performance.now() - begunMs;
    expect(tookMs).toBeGreaterThan(started.at + 2000 - continued.at - toleranceMs);
    expect(tookMs).toBeLessThan(withinLoad(2000));
    await run.event('run.ended');
    await expectShellEnd(run, 1, 'failure');
  });

  it('leaves a terminal on which the view stands again later', async () => {
    const { run, pid } = await startInShell(`processes: { sleeping: { command: [python3, ${zoo('count-signals.py')}, got, '0'], tty: true } }`, []);
    await run.workerPids(1);
    await run.line(/0 of 1 ended, 1 running/u);
    await suspend(run, pid);
    // The frame is gone, and the cursor was never hidden.
    expect(run.output('screen')).toMatch(/\[J[^\n]*suspended, and every process with it[^\n]*\n\s*\[1\]\+ {2}Stopped/u);
    expect(run.output('screen')).not.toContain('\u001B[?25l');
    // This the shell is told, which has the terminal.
    await run.namespace.resize(run.pid, 90, 20);
    const before = run.output('screen').length;
    await run.type('fg\r');
    await untilTrue(() => /going on after[^\n]*\n[^\n]*sleeping[^\n]*\n[^\n]*0 of 1 ended, 1 running/u.test(run.output('screen').slice(before)), () => run.output('screen').slice(before));
    // What the shell has written stays above it.
    expect(/^(?<text>.*?)going on/su.exec(run.output('screen').slice(before))?.groups?.['text']).not.toContain('\u001B[');
    await run.fileWith('got', /SIGWINCH/u);
    await run.type(ctrlC);
    await run.line(/cancelled after/u);
    await expectShellEnd(run, 130, 'cancelled');
  });

  it('while it is stopping leaves the rest of the ladder as it was', async () => {
    const { run, pid } = await startInShell(`processes: { stubborn: { command: 'trap "" TERM INT; echo "pid $$"; while :; do sleep 0.05; done', stop: { grace_period: 60s } } }`);
    await run.workerPids(1);
    await run.namespace.signal(pid, 'SIGINT');
    const first = await run.event('run.signal');
    await suspend(run, pid);
    await delay(2000);
    await run.type('fg\r');
    const continued = await run.event('run.continued');
    expect(run.eventsOf('instance.ended')).toEqual([]);
    await delay(Math.max(0, first.at + 2 * signalGapMs - continued.at));
    const begunMs = performance.now();
    await run.namespace.signal(pid, 'SIGINT');
    await run.event('run.signal', ({ rung }) => rung === 2);
    await run.event('run.ended');
    // A second is left for everything.
    expect(performance.now() - begunMs).toBeGreaterThan(1000 - toleranceMs);
    await expectShellEnd(run, 130, 'cancelled');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('and then %s, which it hears when it goes on', async (signal) => {
    const { run, pid } = await startInShell(`processes: { counting: { command: [python3, ${zoo('count-signals.py')}, got, '0.3'] } }`);
    await run.workerPids(1);
    await suspend(run, pid);
    await run.namespace.signal(pid, signal);
    await run.namespace.signal(pid, 'SIGCONT');
    const ended = await run.event('run.ended');
    expect(ended.signal).toBe(signal);
    // It went on first, which it may hear only after the SIGTERM, or with the SIGCONT, of its stop: of what waits, the system tells the lowest number first.
    expect(run.file('got')).toMatch(/^(?:SIGCONT\n)?SIGTERM\nSIGCONT\n$|^SIGTERM\nSIGCONT\nSIGCONT\n$/u);
    await run.type('\r');
    await untilTrue(() => run.namespace.endOf(run.pid) === null && !run.namespace.processes.isAlive(pid), 'the end of mpctl');
    await run.type('exit 0\r');
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 1000, outcome: 'cancelled' });
  });

  it('stops the jobs of a pool without a spec, and their time limit goes on where it was', async () => {
    const run = await startRun('', { onTerminal: true, prefix: ['bash', '--norc', '-i', '-s'], env: { PS1: 'ready> ', TERM: 'dumb' } });
    await run.line(/ready> $/u);
    const { processes } = run.namespace;
    const begunMs = performance.now();
    await run.type(`"$1" "$2" pool --jobs 2 --timeout 2 -- ': {}; while :; do sleep 0.05; done' ::: a b\r`);
    await untilTrue(() => processes.marked().filter(({ command }) => command.includes('while')).length === 2, 'two jobs');
    const pid = processes.living().find(({ parent, command }) => parent === run.pid && command.includes('pool'))?.pid ?? Number.NaN;
    await suspend(run, pid);
    const suspendedMs = performance.now();
    await delay(3000);
    expect(run.output('screen')).not.toContain('took longer');
    const stoodMs = performance.now() - suspendedMs;
    await run.type('fg\r');
    await run.line(/took longer than its timeout/u);
    expect(performance.now() - begunMs - stoodMs).toBeGreaterThan(2000 - toleranceMs);
    await run.line(/ready> $/u);
    await run.type('exit 0\r');
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 1000 });
  });

  it('and then SIGKILL, after which its guardian ends everything', async () => {
    // After so many the others are started by a process that is stopped as well, and is none of the run.
    const { run, pid } = await startInShell(`${everyKind}  many: { replicas: 20, command: 'echo "pid $$"; exec sleep 300' }\n`);
    await run.workerPids(24);
    await run.guardian();
    await suspend(run, pid);
    await run.namespace.signal(pid, 'SIGKILL');
    await untilTrue(() => run.namespace.processes.living().every((one) => one.pid === run.pid), () => JSON.stringify(run.namespace.processes.living()), 1000);
    await run.type('exit 0\r');
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 1000, outcome: 'killed' });
  });
});
