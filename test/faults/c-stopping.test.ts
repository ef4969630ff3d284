import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { untilTrue, withinLoad } from './harness/deadline.ts';
import { type FaultRun, startRun } from './harness/fault-run.ts';
import { openNamespace } from './harness/namespace.ts';
import { expectEnd } from './harness/oracles.ts';
import { shapes, zoo } from './harness/zoo.ts';

const terminated = { status: { signal: 'SIGTERM' }, outcome: 'cancelled' } as const;
const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** From the notice that an instance is being stopped to that of its end, in ms of mpctl's clock. */
function stoppingMs(run: FaultRun, instance: string): number {
  const stopping = run.eventsOf('instance.stopping').find((event) => event.instance === instance);
  const ended = run.eventsOf('instance.ended').find((event) => event.instance === instance);
  return (ended?.at ?? Number.NaN) - (stopping?.at ?? Number.NaN);
}

/** Of what takes so long, at least as much of it: both times are whole milliseconds, and the first is told a moment after it was. */
function atLeast(ms: number): number {
  return ms - 1;
}

/** What it says of processes that had left their group. */
function escapes(run: FaultRun): readonly string[] {
  return run.eventsOf('warning').flatMap(({ code, message }) => (code === 'MP849' ? [message] : []));
}

describe('C: a worker that is to stop', () => {
  it('row 34: ends, and a member of its group ignores SIGTERM', async () => {
    const run = await startRun(`
processes:
  leader:
    command: |
      sh -c 'trap "" TERM; echo "pid $$"; exec sleep 300' &
      trap 'exit 0' TERM; echo "pid $$"; while :; do sleep 0.02; done
    stop: { grace_period: 500ms }
`);
    await run.workerPids(2);
    await run.signal('SIGTERM');
    await expectEnd(run, { ...terminated, withinMs: 1500 });
    expect(stoppingMs(run, 'leader')).toBeGreaterThanOrEqual(atLeast(500));
    expect(run.eventsOf('instance.ended')).toMatchObject([{ state: 'stopped', exitcode: 0 }]);
  });

  it('row 35: leaves a group of zombies, where nobody reaps them', async () => {
    const namespace = await openNamespace({ reaps: false });
    const run = await startRun(`processes: { leader: { command: 'sleep 300 & sleep 300 & echo "pid $$"; exec sleep 300' } }`, { namespace });
    await run.workerPids(1);
    await run.signal('SIGTERM');
    await expectEnd(run, { ...terminated, withinMs: 1000 });
    expect(namespace.processes.all().filter(({ state }) => state === 'Z').length).toBeGreaterThanOrEqual(2);
  });

  it('row 36: ignores SIGTERM', async () => {
    const run = await startRun(`
processes: { stubborn: { command: 'trap "" TERM; echo "pid $$"; while :; do sleep 0.02; done', stop: { grace_period: 1s } } }
`);
    await run.workerPids(1);
    await run.signal('SIGTERM');
    await expectEnd(run, { ...terminated, withinMs: 2000 });
    expect(stoppingMs(run, 'stubborn')).toBeGreaterThanOrEqual(atLeast(1000));
    expect(stoppingMs(run, 'stubborn')).toBeLessThan(1000 + withinLoad(200));
    expect(run.eventsOf('instance.ended')).toMatchObject([{ state: 'stopped', signal: 'SIGKILL', exitcode: -9 }]);
  });

  it('row 37: has descendants in a group, a session and a daemon of their own', async () => {
    const run = await startRun(`{ containment: marker, processes: { tree: { command: [${shapes}, pids] } } }`);
    await run.fileWith('pids', /^(?:T\d \d+\n){6}$/u);
    await run.event('instance.started');
    const pidOf = new Map(run.file('pids').trim().split('\n').map((line): [string, string] => [line.slice(0, 2), line.slice(3)]));
    await run.signal('SIGTERM');
    await expectEnd(run, { ...terminated, withinMs: 1500 });
    const listed = escapes(run).map((message) => /pid (?<pid>\d+)/u.exec(message)?.groups?.['pid'] ?? 'none');
    expect(new Set(listed)).toEqual(new Set(['T3', 'T4', 'T5'].map((shape) => pidOf.get(shape))));
    expect(listed).toHaveLength(3);
  });

  it('row 38: has left a daemon without an environment, which the level `marker` does not find', async () => {
    const run = await startRun(`{ containment: marker, processes: { leader: { command: 'env -i setsid sleep 4242 & echo "pid $$"; exec sleep 300' } } }`);
    await run.workerPids(1);
    const { processes } = run.namespace;
    const daemons = () => processes.living().filter(({ command }) => command === 'sleep 4242').map(({ pid }) => pid);
    await untilTrue(() => daemons().length === 1, 'the daemon');
    const [daemon = 0] = daemons();
    await run.signal('SIGTERM');
    await expectEnd(run, { ...terminated, withinMs: 1500, others: [daemon] });
    expect(processes.isAlive(daemon)).toBe(true);
  });

  it('row 39: has overwritten its environment by another name', async () => {
    const run = await startRun(`processes: { renamed: { command: [perl, -e, '$| = 1; $0 = "x" x 8000; print "pid $$\\n"; sleep 300'] } }`);
    const [pid = 0] = await run.workerPids(1);
    expect(run.namespace.processes.marked()).toEqual([]);
    expect(run.namespace.processes.isAlive(pid)).toBe(true);
    await run.signal('SIGTERM');
    await expectEnd(run, { ...terminated, withinMs: 1000 });
  });

  it.each([
    ['row 40: leaves a daemon every 5 ms', 'respawner.py'],
    ['row 41: is another process every 2 ms', 'hopper.py'],
  ])('%s', async (_, moving) => {
    const run = await startRun(`{ containment: marker, processes: { moving: { command: [python3, ${zoo(moving)}], stop: { grace_period: 100ms } } } }`);
    await run.workerPids(1);
    await untilTrue(() => run.namespace.processes.marked().length > 3 || run.file('hopping') !== '', 'some of them');
    await run.signal('SIGTERM');
    await expectEnd(run, { ...terminated, withinMs: 2000 });
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('row 43: has ended, and a stranger has its pid when mpctl gets %s', async (signal) => {
    const run = await startRun(`
processes:
  short: { command: 'echo "pid $$"' }
  again: { command: 'echo "pid $$"; exit 1', restart: on_failure, backoff: { initial: 60s, max: 60s } }
  long: { command: [sleep, '300'] }
`);
    const used = await run.workerPids(2);
    await run.event('instance.ended', ({ instance }) => instance === 'short');
    await run.event('instance.restarting');
    await run.event('instance.started', ({ instance }) => instance === 'long');
    await run.guardian();
    await untilTrue(() => used.every((pid) => run.namespace.processes.see(pid) === null), 'pids that are free again');
    const strangers: number[] = [];
    for (const wanted of used) {
      const note = `stranger-${String(wanted)}`;
      strangers.push(await run.namespace.start({ argv: ['python3', zoo('count-signals.py'), note, '0'], cwd: run.cwd, env: { PATH: process.env['PATH'] ?? '' }, wanted, stdout: path.join(run.cwd, `${note}-up`) }));
      await run.fileWith(`${note}-up`, /pid/u);
    }
    expect(strangers).toEqual(used);
    await run.signal(signal);
    await expectEnd(run, { status: { signal }, withinMs: 1500, outcome: signal === 'SIGKILL' ? 'killed' : 'cancelled', others: strangers });
    expect(strangers.filter((pid) => !run.namespace.processes.isAlive(pid))).toEqual([]);
    for (const pid of strangers) {
      // Had another one come before, it would stand before this one.
      await run.namespace.signal(pid, 'SIGUSR1');
      expect((await run.fileWith(`stranger-${String(pid)}`, /^.*\n/u))[0]).toBe('SIGUSR1\n');
    }
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('row 44: has a namesake in another run of the same spec, when the first gets %s', async (signal) => {
    const first = await startRun(`processes: { tree: { command: [${shapes}, "pids-\${{ env.WHICH }}"] } }`, { env: { WHICH: 'first' } });
    const second = await startRun('', { namespace: first.namespace, cwd: first.cwd, env: { WHICH: 'second' } });
    for (const run of [first, second]) {
      await run.event('instance.started');
      await run.fileWith(`pids-${run === first ? 'first' : 'second'}`, /^(?:T\d \d+\n){6}$/u);
      await run.guardian();
    }
    const others = [second.pid, await second.guardian(), ...second.namespace.processes.marked(second.found()?.record.id).map(({ pid }) => pid)];
    expect(others).toHaveLength(8);
    await first.signal(signal);
    await expectEnd(first, { status: { signal }, withinMs: 1500, others });
    expect(others.filter((pid) => !second.namespace.processes.isAlive(pid))).toEqual([]);
    await second.signal('SIGTERM');
    await expectEnd(second, { ...terminated, withinMs: 1500 });
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('row 45: is an mpctl with workers of its own, and the outer one gets %s', async (signal) => {
    const run = await startRun(`processes: { inner: { command: [${process.execPath}, ${program}, run, inner.yaml] } }`, {
      files: { 'inner.yaml': `processes: { tree: { command: [${shapes}, pids] } }` },
    });
    await run.fileWith('pids', /^(?:T\d \d+\n){6}$/u);
    await run.guardian();
    await run.event('instance.started');
    await run.signal(signal);
    await expectEnd(run, { status: { signal }, withinMs: 3000, outcome: signal === 'SIGKILL' ? 'killed' : 'cancelled' });
  });

  it('is restarted again and again while it stops, and there is never a second copy of it', async () => {
    const run = await startRun(`
processes:
  worker: { command: 'mkdir alive || touch twice; trap "sleep 0.2; rmdir alive; exit 0" TERM; echo "pid $$"; while :; do sleep 0.02; done' }
`);
    const restart = (): Promise<number> => run.namespace.start({ argv: [process.execPath, program, 'restart', 'worker'], cwd: run.cwd, env: { PATH: process.env['PATH'] ?? '', HOME: run.cwd } });
    await run.workerPids(1);
    const verbs = await Promise.all([restart(), restart(), restart()]);
    await run.workerPids(2);
    verbs.push(...(await Promise.all([restart(), restart(), restart()])));
    await run.event('instance.stopping', ({ at }) => at > (run.eventsOf('instance.restarting')[0]?.at ?? Infinity));
    await run.signal('SIGTERM');
    await untilTrue(() => verbs.every((pid) => run.namespace.endOf(pid) !== null), 'the end of the restarts');
    await expectEnd(run, { ...terminated, withinMs: 2000 });
    expect(readdirSync(run.cwd).filter((name) => ['alive', 'twice'].includes(name))).toEqual([]);
    expect(run.eventsOf('instance.ended')).toMatchObject([{ state: 'stopped' }]);
  });

  it('row 46: is one of three that stop one after the other; their common budget is in row 19', async () => {
    const worker = (name: string): string => `trap 'sleep 0.1; echo ${name} >> order; exit 0' TERM; echo "pid $$"; while :; do sleep 0.02; done`;
    const run = await startRun(`
daemons:
  a: { command: ${JSON.stringify(worker('a'))}, readiness_probe: { log_line: pid } }
  b: { command: ${JSON.stringify(worker('b'))}, readiness_probe: { log_line: pid }, depends_on: [a] }
processes:
  c: { command: ${JSON.stringify(worker('c'))}, depends_on: [b] }
`);
    await run.workerPids(3);
    await run.signal('SIGTERM');
    await expectEnd(run, { ...terminated, withinMs: 2000 });
    expect(run.file('order')).toBe('c\nb\na\n');
  });
});
