import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { untilTrue } from './harness/deadline.ts';
import { startRun } from './harness/fault-run.ts';
import { expectEnd } from './harness/oracles.ts';
import { zoo } from './harness/zoo.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

describe('I: durability', () => {
  it.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('row 88: the wall clock jumps an hour %s', async (_, jumpMs) => {
    const run = await startRun(
      `
on_failure: continue
locks: { file: }
processes:
  holder: { command: 'echo "pid $$"; while [ ! -e go ]; do sleep 0.01; done', with: [file] }
  waiter: { steps: [{ acquire: file, timeout: 60s }, { print: got it }] }
  patient: { steps: [{ sleep: 1500ms }] }
  timed: { command: [sleep, '300'], timeout: 1500ms }
  again: { command: 'test -e failed || { touch failed; exit 1; }', restart: on_failure, backoff: { initial: 1500ms, jitter: 0 } }
`,
      { nodeFlags: ['--require', zoo('shift-clock.cjs')], env: { FAULT_MS: String(jumpMs) } },
    );
    await run.workerPids(1);
    await run.event('instance.restarting');
    await run.event('instance.waiting', ({ instance }) => instance === 'waiter');
    await run.signal('SIGUSR2');
    await untilTrue(() => run.output('stderr').includes('jumped'), 'the jump');
    const endOf = async (name: string) => run.event('instance.ended', ({ instance }) => instance === name);
    for (const [name, state] of [
      ['patient', 'succeeded'],
      ['timed', 'failed'],
      ['again', 'succeeded'],
    ] as const) {
      const { durationMs, state: ended } = await endOf(name);
      expect([name, ended]).toEqual([name, state]);
      expect(durationMs).toBeGreaterThanOrEqual(1500);
      expect(durationMs).toBeLessThan(7500);
    }
    await run.namespace.start({ argv: ['touch', 'go'], cwd: run.cwd, env: { PATH: process.env['PATH'] ?? '' } });
    await expectEnd(run, { status: { exitCode: 1 }, withinMs: 1500, outcome: 'failure' });
    expect(await endOf('waiter')).toMatchObject({ state: 'succeeded' });
    const ats = run.events().map(({ at }) => at);
    expect(ats.toSorted((a, b) => a - b)).toEqual(ats);
  });

  it('row 80: two of a spec are started at once, again and again, beside the socket that a killed one has left', async () => {
    const spec = `
locks: { file: }
processes:
  stays: { command: 'echo "pid $$"; exec sleep 300' }
  once: { command: '"${process.execPath}" "${program}" lock run file -- echo "mine: $MPCTL_RUN_ID"' }
`;
    const killed = await startRun(spec);
    await killed.workerPids(1);
    await killed.signal('SIGSTOP');
    await killed.namespace.signal(await killed.guardian(), 'SIGKILL');
    await killed.signal('SIGKILL');
    await killed.ended();
    const cleaned: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const both = await Promise.all([1, 2].map(async () => startRun('', { namespace: killed.namespace, cwd: killed.cwd, flags: ['once', '--format', 'json'] })));
      for (const run of both) {
        const { run: id } = await run.event('run.started');
        await run.event('run.ended', ({ exitCode }) => exitCode === 0);
        await run.ended();
        expect(run.eventsOf('output').map(({ line }) => line)).toEqual([`mine: ${id}`]);
        expect(run.eventsOf('warning')).toEqual([]);
        if (/was killed, and its guardian with it: ended /u.test(run.output('stderr'))) cleaned.push(round);
      }
    }
    // One of the first two has ended what was left, or both where they have come upon it at the same time; none did so later.
    expect(new Set(cleaned)).toEqual(new Set([0]));
    await untilTrue(() => killed.namespace.processes.marked().length === 0, 'the end of everything');
  });
});
