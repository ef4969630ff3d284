import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { until, untilTrue } from './harness/deadline.ts';
import { type FaultRun, startRun } from './harness/fault-run.ts';
import { adviceOn, hasCgroup, startAt } from './harness/levels.ts';
import { expectEnd } from './harness/oracles.ts';
import { shapes } from './harness/zoo.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');
const killed = { status: { signal: 'SIGKILL' }, withinMs: 1000, outcome: 'killed' } as const;
const lost = 'env -i setsid sleep 4242 &';
/** Every shape of a tree, and the daemon that has neither the group nor the mark of the run. */
const everyShape = `processes: { tree: { command: '${lost} exec ${shapes} pids' } }`;

/** Waits for the seven. */
async function untilTreeStands(run: FaultRun): Promise<void> {
  await run.fileWith('pids', /^(?:T\d \d+\n){6}$/u);
  await untilLost(run);
  await run.guardian();
}

/** Waits for daemons without an environment; gives their pids. */
async function untilLost(run: FaultRun, count = 1): Promise<readonly number[]> {
  const look = () => run.namespace.processes.living().filter(({ command }) => command === 'sleep 4242').map(({ pid }) => pid);
  const { value } = await until(() => (look().length === count ? look() : null), `${String(count)} daemons without an environment`);
  return value;
}

function escapes(run: FaultRun): readonly string[] {
  return run.eventsOf('warning').flatMap(({ code, message }) => (code === 'MP849' ? [message] : []));
}

describe('J: at a level of containment that loses nobody', () => {
  it('rows 1 and 38: the orchestrator is killed, with a tree of every shape and a daemon without an environment', async () => {
    const run = await startAt('cgroup', everyShape);
    if (run === null) return;
    await untilTreeStands(run);
    expect(hasCgroup(run)).toBe(true);
    await run.signal('SIGKILL');
    await expectEnd(run, killed);
    expect(hasCgroup(run)).toBe(false);
  });

  it('row 4: the orchestrator is killed, whose guardian was born in its cgroup', async () => {
    const run = await startAt('cgroup', everyShape);
    if (run === null) return;
    await untilTreeStands(run);
    const first = await run.guardian();
    await run.namespace.signal(first, 'SIGKILL');
    await until(() => run.guardians().find((pid) => pid !== first) ?? null, 'another guardian');
    await run.signal('SIGKILL');
    await expectEnd(run, killed);
    expect(hasCgroup(run)).toBe(false);
  });

  it('row 3: the orchestrator is killed, and its guardian too; the next run ends what is left', async () => {
    const run = await startAt('cgroup', `processes: { tree: { command: '${lost} exec sleep 300' }, once: { command: 'true' } }`);
    if (run === null) return;
    await untilLost(run);
    await run.signal('SIGSTOP');
    await run.namespace.signal(await run.guardian(), 'SIGKILL');
    await run.signal('SIGKILL');
    await run.ended();
    expect(hasCgroup(run)).toBe(true);
    const next = await startRun('', { namespace: run.namespace, cwd: run.cwd, flags: ['once', '--format', 'json'] });
    await expectEnd(next, { status: { exitCode: 0 }, withinMs: 3000, outcome: 'success' });
    expect(next.output('stderr')).toContain('was killed, and its guardian with it: ended 2 processes that it had left');
    expect(hasCgroup(run)).toBe(false);
    expect(hasCgroup(next)).toBe(false);
  });

  it.each([
    ['succeeds', 'true', { status: { exitCode: 0 }, outcome: 'success' }],
    ['fails', 'exit 3', { status: { exitCode: 1 }, outcome: 'failure' }],
  ] as const)('row 38: a run %s that has left a daemon without an environment', async (_, last, end) => {
    const run = await startAt('cgroup', `processes: { leader: { command: '${lost} until [ -e go ]; do sleep 0.02; done; ${last}' } }`);
    if (run === null) return;
    const [daemon = 0] = await untilLost(run);
    await run.namespace.start({ argv: ['touch', 'go'], cwd: run.cwd, env: {} });
    await expectEnd(run, { ...end, withinMs: 1500 });
    expect(escapes(run)).toEqual([`\`sleep 4242\` (pid ${String(daemon)}) had left its process group and was ended`]);
    expect(hasCgroup(run)).toBe(false);
  });

  it('row 38: a run is stopped by Ctrl-C that has a daemon without an environment, which ignores SIGTERM', async () => {
    const run = await startAt('cgroup', `processes: { leader: { command: 'env -i setsid sh -c "trap : TERM; while :; do sleep 4242; done" & exec sleep 300' } }`);
    if (run === null) return;
    await untilLost(run);
    await run.signal('SIGINT');
    await expectEnd(run, { status: { signal: 'SIGINT' }, withinMs: 2000, outcome: 'cancelled' });
    expect(hasCgroup(run)).toBe(false);
  });

  it('two runs at once: the end of one leaves the other alone', async () => {
    const one = await startAt('cgroup', everyShape);
    if (one === null) return;
    await untilTreeStands(one);
    const other = await startRun(`{ containment: cgroup, processes: { leader: { command: '${lost} exec sleep 300' } } }`, { namespace: one.namespace });
    await untilLost(one, 2);
    await one.signal('SIGKILL');
    await one.ended();
    await untilTrue(() => !hasCgroup(one), 'the end of the first run');
    const [daemon = 0] = await untilLost(one, 1);
    expect(hasCgroup(other)).toBe(true);
    await other.signal('SIGTERM');
    await expectEnd(other, { status: { signal: 'SIGTERM' }, withinMs: 1500, outcome: 'cancelled' });
    expect(escapes(other)).toEqual([`\`sleep 4242\` (pid ${String(daemon)}) had left its process group and was ended`]);
    expect(hasCgroup(other)).toBe(false);
  });

  it.each([
    ['the outer one is killed', 'SIGKILL', killed],
    ['the outer one is stopped', 'SIGTERM', { status: { signal: 'SIGTERM' }, withinMs: 2000, outcome: 'cancelled' }],
  ] as const)('a run within a run: %s', async (_, signal, end) => {
    const inner = `{ containment: cgroup, processes: { leader: { command: '${lost} echo "pid $$"; exec sleep 300' } } }`;
    const run = await startAt('cgroup', `processes: { inner: { command: [${process.execPath}, ${program}, run, inner.yaml] } }`, { files: { 'inner.yaml': inner } });
    if (run === null) return;
    await untilLost(run);
    const outer = run.found()?.record.cgroup ?? '';
    await run.signal(signal);
    await expectEnd(run, end);
    expect(escapes(run)).toEqual([]);
    expect(existsSync(outer)).toBe(false);
  });

  it('where there is no folder of cgroups: nothing is started, with the reason that `mpctl doctor` gives, and `auto` does with less', async () => {
    const prefix = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"', 'sh'];
    const run = await startRun(`{ containment: cgroup, processes: { a: { command: touch begun } } }`, { prefix });
    await expectEnd(run, { status: { exitCode: 4 }, withinMs: 2000 });
    const advice = await adviceOn('cgroup', run, { prefix });
    expect(advice).toMatch(/^`containment: cgroup` cannot be had: .*ENOENT/u);
    expect(run.output('stderr')).toContain(`error[MP829]: ${advice}`);
    expect(run.file('begun')).toBe('');
    const auto = await startRun(`processes: { a: { command: 'true' } }`, { prefix });
    await expectEnd(auto, { status: { exitCode: 0 }, withinMs: 2000 });
    expect(auto.eventsOf('run.started')).toMatchObject([{ containment: 'marker' }]);
    expect(auto.found()?.record.cgroup).toBeUndefined();
  });
});
