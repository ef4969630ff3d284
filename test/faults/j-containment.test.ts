import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { killedRuns } from '../../src/runtime/run-folder/running-runs.ts';
import { until, untilTrue } from './harness/deadline.ts';
import { type FaultRun, startRun } from './harness/fault-run.ts';
import { adviceOn, hasCgroup, startAt, type WholeLevel } from './harness/levels.ts';
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

/** As whoever is in its namespace knows it. */
function innermostPid(run: FaultRun, [pid = 0]: readonly number[]): string {
  return run.namespace.processes.field(pid, 'NSpid')?.split(/\s+/u).at(-1) ?? 'none';
}

/** Kills the orchestrator so that its guardian ends with it. */
async function killBoth(run: FaultRun, level: WholeLevel): Promise<void> {
  if (level === 'cgroup') {
    // Stopped, it starts no other one.
    await run.signal('SIGSTOP');
    await run.namespace.signal(await run.guardian(), 'SIGKILL');
    await run.signal('SIGKILL');
  } else {
    const { value } = await until(() => run.namespace.processes.living().find(({ command }) => command.startsWith('unshare --pid ')) ?? null, 'what has made the namespace');
    await run.namespace.signal(value.pid, 'SIGKILL');
  }
}

function escapes(run: FaultRun): readonly string[] {
  return run.eventsOf('warning').flatMap(({ code, message }) => (code === 'MP849' ? [message] : []));
}

describe.each(['cgroup', 'pidns'] as const)('J: at the level `%s`', (level) => {
  const isCgroup = level === 'cgroup';

  it('rows 1 and 38: the orchestrator is killed, with a tree of every shape and a daemon without an environment', async () => {
    const run = await startAt(level, everyShape);
    if (run === null) return;
    await untilTreeStands(run);
    expect(hasCgroup(run)).toBe(isCgroup);
    await run.signal('SIGKILL');
    await expectEnd(run, killed);
    expect(hasCgroup(run)).toBe(false);
  });

  it('row 4: the orchestrator is killed, whose guardian was born in its cgroup', async () => {
    const run = await startAt(level, everyShape);
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
    const run = await startAt(level, `processes: { tree: { command: '${lost} exec sleep 300' }, once: { command: 'true' } }`);
    if (run === null) return;
    await untilLost(run);
    await run.guardian();
    await killBoth(run, level);
    expect(await run.ended()).toMatchObject({ signal: 'SIGKILL' });
    await untilTrue(() => isCgroup || run.namespace.processes.living().length === 0, 'the end of the namespace');
    expect(run.found()?.record.end).toBeNull();
    expect(hasCgroup(run)).toBe(isCgroup);
    const next = await startRun('', { namespace: run.namespace, cwd: run.cwd, flags: ['once', '--format', 'json'] });
    await expectEnd(next, { status: { exitCode: 0 }, withinMs: 3000, outcome: 'success' });
    const said = 'was killed, and its guardian with it: ended 2 processes that it had left';
    expect(next.output('stderr').includes(said)).toBe(isCgroup);
    expect(killedRuns(run.inside('.mpctl/runs'))).toEqual([]);
    expect(hasCgroup(run)).toBe(false);
    expect(hasCgroup(next)).toBe(false);
  });

  it.each([
    ['succeeds', 'true', { status: { exitCode: 0 }, outcome: 'success' }],
    ['fails', 'exit 3', { status: { exitCode: 1 }, outcome: 'failure' }],
  ] as const)('row 38: a run %s that has left a daemon without an environment', async (_, last, end) => {
    const run = await startAt(level, `processes: { leader: { command: '${lost} until [ -e go ]; do sleep 0.02; done; ${last}' } }`);
    if (run === null) return;
    const daemon = innermostPid(run, await untilLost(run));
    await run.namespace.start({ argv: ['touch', 'go'], cwd: run.cwd, env: {} });
    await expectEnd(run, { ...end, withinMs: 1500 });
    expect(escapes(run)).toEqual([`\`sleep 4242\` (pid ${daemon}) had left its process group and was ended`]);
    expect(hasCgroup(run)).toBe(false);
  });

  it('row 38: a run is stopped by Ctrl-C that has a daemon without an environment, which ignores SIGTERM', async () => {
    const run = await startAt(level, `processes: { leader: { command: 'env -i setsid sh -c "trap : TERM; while :; do sleep 4242; done" & exec sleep 300' } }`);
    if (run === null) return;
    await untilLost(run);
    await run.signal('SIGINT');
    await expectEnd(run, { status: { signal: 'SIGINT' }, withinMs: 2000, outcome: 'cancelled' });
    expect(hasCgroup(run)).toBe(false);
  });

  it('two runs at once: the end of one leaves the other alone', async () => {
    const one = await startAt(level, everyShape);
    if (one === null) return;
    await untilTreeStands(one);
    const other = await startRun(`{ containment: ${level}, processes: { leader: { command: '${lost} exec sleep 300' } } }`, { namespace: one.namespace });
    await untilLost(one, 2);
    await one.signal('SIGKILL');
    await one.ended();
    await untilTrue(() => !hasCgroup(one), 'the end of the first run');
    const daemon = innermostPid(other, await untilLost(one, 1));
    expect(hasCgroup(other)).toBe(isCgroup);
    await other.signal('SIGTERM');
    await expectEnd(other, { status: { signal: 'SIGTERM' }, withinMs: 1500, outcome: 'cancelled' });
    expect(escapes(other)).toEqual([`\`sleep 4242\` (pid ${daemon}) had left its process group and was ended`]);
    expect(hasCgroup(other)).toBe(false);
  });

  it.each([
    ['the outer one is killed', 'SIGKILL', killed],
    ['the outer one is stopped', 'SIGTERM', { status: { signal: 'SIGTERM' }, withinMs: 2000, outcome: 'cancelled' }],
  ] as const)('a run within a run: %s', async (_, signal, end) => {
    const inner = `{ containment: ${level}, processes: { leader: { command: '${lost} echo "pid $$"; exec sleep 300' } } }`;
    const run = await startAt(level, `processes: { inner: { command: [${process.execPath}, ${program}, run, inner.yaml] } }`, { files: { 'inner.yaml': inner } });
    if (run === null) return;
    await untilLost(run);
    const outer = run.found()?.record.cgroup ?? '';
    await run.signal(signal);
    await expectEnd(run, end);
    expect(escapes(run)).toEqual([]);
    expect(existsSync(outer)).toBe(false);
  });

});

/** Daemons without an environment, ever more of them, which ignore SIGTERM. */
const multiplying = `processes: { leader: { command: 'env -i setsid sh -c "trap : TERM; while :; do setsid sleep 4242 & sleep 0.02; done" & echo "pid $$"; exec sleep 300', stop: { grace_period: 100ms } }, once: { command: 'true' } }`;

/** Has nobody write `cgroup.kill`, as before Linux 5.14, where there is none. */
async function withoutKill(run: FaultRun): Promise<void> {
  const file = path.join(run.found()?.record.cgroup ?? '', 'cgroup.kill');
  const mount = await run.namespace.start({ argv: ['mount', '--bind', '/dev/full', file], cwd: '/', env: {} });
  await untilTrue(() => run.namespace.endOf(mount) !== null, 'the mount');
  expect(run.namespace.endOf(mount)).toEqual({ exitCode: 0, signal: null });
}

/** Waits until there are some of them. */
async function untilMany(run: FaultRun): Promise<void> {
  await untilTrue(() => run.namespace.processes.living().filter(({ command }) => command === 'sleep 4242').length > 3, 'some of them');
}

describe('J: daemons without an environment that multiply', () => {
  it.each([
    ['are killed as one', () => Promise.resolve()],
    ['are frozen and killed one by one before Linux 5.14', withoutKill],
  ])('%s', async (_, prepare) => {
    const run = await startAt('cgroup', multiplying);
    if (run === null) return;
    await run.workerPids(1);
    await prepare(run);
    await untilMany(run);
    await run.guardian();
    await run.signal('SIGKILL');
    await expectEnd(run, { ...killed, withinMs: 2000 });
    expect(hasCgroup(run)).toBe(false);
  });

  it.each([
    ['are killed by the next run', () => Promise.resolve()],
    ['are frozen and killed one by one by the next run before Linux 5.14', withoutKill],
  ])('%s', async (_, prepare) => {
    const run = await startAt('cgroup', multiplying);
    if (run === null) return;
    await run.workerPids(1);
    await prepare(run);
    await untilMany(run);
    await killBoth(run, 'cgroup');
    await run.ended();
    const next = await startRun('', { namespace: run.namespace, cwd: run.cwd, flags: ['once', '--format', 'json'] });
    await expectEnd(next, { status: { exitCode: 0 }, withinMs: 5000, outcome: 'success' });
    expect(hasCgroup(run)).toBe(false);
  });

  it('are ended at the end of their own run', async () => {
    const run = await startAt('cgroup', multiplying);
    if (run === null) return;
    await untilMany(run);
    await run.signal('SIGTERM');
    await expectEnd(run, { status: { signal: 'SIGTERM' }, withinMs: 3000, outcome: 'cancelled' });
    expect(hasCgroup(run)).toBe(false);
  });
});

describe('J: a level that cannot be had', () => {
  it('where there is no folder of cgroups: nothing is started, with the reason that `mpctl doctor` gives, and `auto` does with less', async () => {
    const prefix = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"', 'sh'];
    const run = await startRun(`{ containment: cgroup, processes: { a: { command: touch begun } } }`, { prefix });
    await expectEnd(run, { status: { exitCode: 4 }, withinMs: 2000 });
    const advice = await adviceOn('cgroup', run, { prefix });
    expect(advice).toMatch(/^`containment: cgroup` cannot be had: .*ENOENT/u);
    expect(run.output('stderr')).toContain(`error[MP830]: ${advice}`);
    expect(run.file('begun')).toBe('');
    const auto = await startRun(`processes: { a: { command: 'true' } }`, { prefix });
    await expectEnd(auto, { status: { exitCode: 0 }, withinMs: 2000 });
    expect(auto.eventsOf('run.started')).toMatchObject([{ containment: 'marker' }]);
    expect(auto.found()?.record.cgroup).toBeUndefined();
  });

  it('where a cgroup can be made that cannot be entered: nothing is started and nothing left, and `auto` does with less', async () => {
    const looksLikeOne = 'top=$(findmnt -nt cgroup2 -o TARGET | head -n 1) own=$top$(sed -n s/^0:://p /proc/self/cgroup) && mount -t tmpfs none "$top" && mkdir -p "$own" && touch "$own/cgroup.procs" && exec "$@"';
    const prefix = ['unshare', '--mount', 'sh', '-c', looksLikeOne, 'sh'];
    const run = await startRun(`{ containment: cgroup, processes: { a: { command: touch begun } } }`, { prefix });
    await expectEnd(run, { status: { exitCode: 4 }, withinMs: 2000 });
    expect(run.output('stderr')).toMatch(/error\[MP830\]: `containment: cgroup` cannot be had: `.*\/mpctl-\S+` cannot be entered \(.*ENOENT.*\)/u);
    expect({ begun: run.file('begun'), found: run.found() }).toEqual({ begun: '', found: null });
    const auto = await startRun(`processes: { a: { command: 'true' } }`, { prefix });
    await expectEnd(auto, { status: { exitCode: 0 }, withinMs: 2000 });
    expect(auto.eventsOf('run.started')).toMatchObject([{ containment: 'marker' }]);
    expect(auto.found()?.record.cgroup).toBeUndefined();
  });

  it('where there is no `unshare`', async () => {
    const run = await startRun(`{ containment: pidns, processes: { a: { command: touch begun } } }`, { env: { PATH: '/nowhere' } });
    await expectEnd(run, { status: { exitCode: 4 }, withinMs: 2000 });
    const advice = await adviceOn('pidns', run, { env: { PATH: '/nowhere' } });
    expect(advice).toBe('`containment: pidns` cannot be had: there is no `unshare` (util-linux) in `PATH`');
    expect(run.output('stderr')).toContain(`error[MP830]: ${advice}`);
    expect(run.found()).toBeNull();
  });
});
