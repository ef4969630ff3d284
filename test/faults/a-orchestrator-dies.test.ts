import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { untilTrue } from './harness/deadline.ts';
import { type FaultRun, startRun } from './harness/fault-run.ts';
import { openNamespace } from './harness/namespace.ts';
import { expectEnd } from './harness/oracles.ts';
import { shapes, zoo } from './harness/zoo.ts';

/** At the level that asks nothing of the machine; `j-containment.test.ts` has the others. */
const level = 'containment: marker\n';
const everyShape = `${level}processes: { tree: { command: [${shapes}, pids] } }`;
const onOrder = ['--require', zoo('on-order.cjs')];
const killed = { status: { signal: 'SIGKILL' }, withinMs: 1000, outcome: 'killed' } as const;

/** Waits for all six shapes of the tree, and for the guardian. */
async function untilTreeStands(run: FaultRun): Promise<void> {
  await run.fileWith('pids', /^(?:T\d \d+\n){6}$/u);
  await run.guardian();
  await run.event('instance.started');
}

describe('A: the orchestrator dies', () => {
  it('row 1: by SIGKILL, with a tree of every shape', async () => {
    const run = await startRun(everyShape);
    await untilTreeStands(run);
    await run.signal('SIGKILL');
    await expectEnd(run, killed);
  });

  it('row 1: by SIGKILL, with what has the sockets for sd_notify', async () => {
    const run = await startRun(`daemons: { server: { command: 'echo "pid $$ $NOTIFY_SOCKET"; exec sleep 300', readiness_probe: { notify: true } } }`);
    await run.line(/pid \d+ \/.+\.notify\/1/u);
    await run.guardian();
    await run.signal('SIGKILL');
    await expectEnd(run, killed);
  });

  it('row 1: by SIGKILL, with a worker that writes its log directly to its own end', async () => {
    const run = await startRun(`processes: { talking: { command: 'trap "echo bye; exit" TERM; echo up; while :; do sleep 0.01; done', log: direct } }`);
    await run.event('instance.started');
    await run.guardian();
    const log = `${run.runFolder}/talking.log`;
    await run.fileWith(log, /^up\n$/u);
    await run.signal('SIGKILL');
    await expectEnd(run, killed);
    // The shell says of the sleep that the signal to its group ends it, where there is one at that moment.
    expect(run.file(log).replace('Terminated\n', '')).toBe('up\nbye\n');
  });

  it('row 2: by SIGKILL, with 50 workers of 5 descendants each', async () => {
    const run = await startRun(`processes: { many: { replicas: 50, command: 'for i in 1 2 3 4 5; do sleep 300 & done; echo "pid $$"; wait' } }`);
    await run.workerPids(50);
    await run.guardian();
    expect(run.namespace.processes.living().length).toBeGreaterThan(300);
    await run.signal('SIGKILL');
    await expectEnd(run, { ...killed, withinMs: 2000 });
  });

  it('row 3: by SIGKILL, and its guardian too; the next run ends what is left before it starts anything', async () => {
    const spec = `${level}processes: { tree: { command: [${shapes}, pids] }, once: { command: [echo, once] } }`;
    const run = await startRun(spec);
    await untilTreeStands(run);
    // Stopped, it starts no other guardian.
    await run.signal('SIGSTOP');
    await run.namespace.signal(await run.guardian(), 'SIGKILL');
    await run.signal('SIGKILL');
    await run.ended();
    expect(run.namespace.processes.marked()).toHaveLength(6);
    const next = await startRun('', { namespace: run.namespace, cwd: run.cwd, flags: ['once', '--format', 'json'] });
    await expectEnd(next, { status: { exitCode: 0 }, withinMs: 3000, outcome: 'success' });
    expect(next.output('stderr')).toContain('was killed, and its guardian with it: ended 6 processes that it had left');
  });

  it('row 4: by SIGKILL, after its guardian was killed and another one has come', async () => {
    const run = await startRun(everyShape);
    await untilTreeStands(run);
    const first = await run.guardian();
    await run.namespace.signal(first, 'SIGKILL');
    await untilTrue(() => !run.namespace.processes.isAlive(first), 'the end of the guardian');
    let second = first;
    await untilTrue(() => {
      second = run.guardians()[0] ?? first;
      return second !== first;
    }, 'another guardian', 1000);
    await run.signal('SIGKILL');
    await expectEnd(run, killed);
  });

  it('row 5: by SIGKILL, after its guardian was sent INT, TERM, HUP and QUIT', async () => {
    const run = await startRun(everyShape);
    await untilTreeStands(run);
    const guardian = await run.guardian();
    await run.namespace.signal(guardian, ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'], 3);
    // Had one of them ended it, another one would be about to come.
    const other = await run.namespace.start({ argv: ['true'], cwd: '/', env: {} });
    await untilTrue(() => run.namespace.endOf(other) !== null, 'the end of something that was started after that');
    expect(run.guardians()).toEqual([guardian]);
    await run.signal('SIGKILL');
    await expectEnd(run, killed);
  });

  it('row 6: because V8 has no more memory', async () => {
    const run = await startRun(everyShape, { nodeFlags: ['--max-old-space-size=40', ...onOrder], env: { FAULT: 'out of memory' } });
    await untilTreeStands(run);
    await run.signal('SIGUSR2');
    await expectEnd(run, { ...killed, status: { signal: 'SIGABRT' }, withinMs: 4000 });
  });

  it.each(['SIGABRT', 'SIGSEGV'] as const)('row 7: by %s', async (signal) => {
    const run = await startRun(everyShape);
    await untilTreeStands(run);
    await run.signal(signal);
    await expectEnd(run, { ...killed, status: { signal } });
  });

  it.each(['uncaught exception', 'unhandled rejection'])('row 8: of an %s', async (fault) => {
    const run = await startRun(everyShape, { nodeFlags: onOrder, env: { FAULT: fault } });
    await untilTreeStands(run);
    await run.signal('SIGUSR2');
    await expectEnd(run, { ...killed, status: { exitCode: 70 } });
    expect(run.output('stderr')).toContain('MP001');
    expect(run.output('stderr')).toContain('a fault that was injected');
  });

  it('row 9: does not, and only its event loop is blocked for 5 s', async () => {
    const run = await startRun(
      `
locks: { file: }
processes:
  holder: { command: 'trap "echo stopped >> end; exit 0" TERM; echo "pid $$"; while :; do sleep 0.02; done', with: [file] }
  waiter: { command: touch stolen, with: [file] }
`,
      { nodeFlags: onOrder, env: { FAULT: 'blocked loop', FAULT_MS: '5000' } },
    );
    const [holder = 0] = await run.workerPids(1);
    await run.event('instance.waiting', ({ instance }) => instance === 'waiter');
    await run.signal('SIGUSR2');
    await untilTrue(() => run.output('stderr').includes('blocked'), 'the blocked loop');
    await run.signal('SIGTERM');
    // In the middle of it nothing has happened to whoever holds the lock.
    await delay(1000);
    expect(run.namespace.processes.isAlive(holder)).toBe(true);
    expect(run.file('end')).toBe('');
    await expectEnd(run, { status: { signal: 'SIGTERM' }, withinMs: 6000, outcome: 'cancelled' });
    expect(run.file('end')).toBe('stopped\n');
    expect(run.eventsOf('instance.ended').map(({ instance, state, exitcode }) => [instance, state, exitcode])).toEqual([
      ['waiter', 'skipped', null],
      ['holder', 'stopped', 0],
    ]);
  });

  it('row 11: by SIGKILL, between the start of a worker and its registration', async () => {
    const run = await startRun(`processes: { unknown: { command: [sleep, '4242'] } }`, { nodeFlags: ['--require', zoo('hang-after-spawn.cjs')], env: { FAULT_WORD: '4242' } });
    await untilTrue(() => /started \d+/u.test(run.output('stderr')), 'a worker that nobody has heard of');
    await run.guardian();
    await run.signal('SIGKILL');
    await expectEnd(run, killed);
  });

  it('row 12: by SIGKILL in the middle of its own shutdown, at 20 moments', async () => {
    const namespace = await openNamespace();
    const spec = `${level}
daemons: { base: { command: 'trap "exit 0" TERM; echo "pid $$"; while :; do sleep 0.02; done' } }
processes:
  top: { command: 'setsid sleep 300 & trap "sleep 0.05; exit 0" TERM; echo "pid $$"; while :; do sleep 0.02; done', depends_on: [base] }
`;
    for (let afterMs = 0; afterMs < 200; afterMs += 10) {
      const run = await startRun(spec, { namespace });
      await run.workerPids(2);
      await run.guardian();
      await run.signal('SIGTERM');
      await delay(afterMs);
      await namespace.signal(run.pid, 'SIGKILL');
      // The last of them come too late.
      await expectEnd(run, { status: { exitCode: null }, withinMs: 1500 });
      expect(['killed', 'cancelled']).toContain(run.found()?.record.end?.outcome);
    }
  }, 120_000);
});
