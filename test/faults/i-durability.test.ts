import { describe, expect, it } from 'vitest';
import { untilTrue } from './harness/deadline.ts';
import { startRun } from './harness/fault-run.ts';
import { expectEnd } from './harness/oracles.ts';
import { zoo } from './harness/zoo.ts';

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
});
