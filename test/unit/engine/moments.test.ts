import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

/** Three instances: one lasts 10 ms, one 20, one 30 and ends with the code given. */
const several = (code: number, more = ''): string => `
on_failure: continue
processes:
  many: { matrix: { ms: [10, 20, 30] }, command: "sleep 5; print half; sleep $MATRIX_MS; exit ${code} | sleep 5; exit ${code}"${more} }
`;

describe('a moment of several instances in depends_on', () => {
  it.each([
    ['start', 0, 0, 'succeeded'],
    ['ready', 0, 0, 'succeeded'],
    ['success', 0, 35, 'succeeded'],
    ['exit', 0, 35, 'succeeded'],
    ['exit', 3, 35, 'succeeded'],
    ['failure', 3, 35, 'succeeded'],
    ['failure', 0, 35, 'skipped'],
    ['success', 3, 15, 'skipped'],
  ])('`%s` where they end with %i comes at %i ms: what waits has %s', (condition, code, atMs, state) => {
    const played = play(`${several(code)}  after: { command: sleep 1, depends_on: { many: { condition: ${condition} } } }\n`);
    expect(played.ended('after').state).toBe(state);
    expect(state === 'skipped' ? played.endedAt('after') : played.starts('after')[0]).toBe(atMs);
  });

  it('`failure` means that all have ended and one has failed', () => {
    const played = play(`
on_failure: continue
processes:
  many: { matrix: { include: [{ ms: 0, code: 1 }, { ms: 50, code: 0 }] }, command: sleep $MATRIX_MS; exit $MATRIX_CODE }
  after: { command: sleep 1, depends_on: { many: { condition: failure } } }
`);
    expect(played.starts('after')).toEqual([50]);
  });

  it('one instance may be meant alone', () => {
    const played = play(`${several(0)}  after: { command: sleep 1, depends_on: { many-20: { condition: success } } }\n`);
    expect(played.starts('after')).toEqual([25]);
  });

  it('what was stopped is neither a success nor a failure, but has come to its exit', () => {
    const after = ['success', 'failure', 'exit'].map((moment) => `  ${moment}: { command: sleep 1, depends_on: { p: { condition: ${moment} } } }`);
    const played = play(`
processes:
  p: { command: forever }
  t: { steps: [{ sleep: 10ms }, { terminate: p }] }
${after.join('\n')}
`);
    expect(['success', 'failure', 'exit'].map((name) => played.ended(name).state)).toEqual(['skipped', 'skipped', 'succeeded']);
    expect(played.starts('exit')).toEqual([10]);
    expect(played.end.exitCode).toBe(0);
  });

  it.each([
    ['start', 0, 0],
    ['ready', 0, 0],
    ['success', 0, 20],
    ['exit', 0, 20],
    ['failure', 1, 20],
    ['exit', 1, 20],
  ])('`%s` of a pool', (condition, code, atMs) => {
    const played = play(`
on_failure: continue
pools: { p: { workers: 1, command: "sleep 10; exit ${code}", tasks: [a, b] } }
processes: { after: { command: sleep 1, depends_on: { p: { condition: ${condition} } } } }
`);
    expect(played.starts('after')).toEqual([atMs]);
  });
});

describe('a moment in sets', () => {
  it.each([
    ['start', 0, 0],
    ['ready', 0, 0],
    ['success', 0, 35],
    ['exit', 0, 35],
    ['exit', 3, 35],
    ['failure', 3, 35],
  ])('`%s` of several, which end with %i, sets its events at %i ms', (moment, code, atMs) => {
    const played = play(`
events: { e: , f: }
${several(code, `, sets: { ${moment}: [e, f] }`)}  after: { command: sleep 1, wait_for: [e, f] }
`);
    expect(played.starts('after')).toEqual([atMs]);
  });

  it('of a pool', () => {
    const played = play(`
events: { up: , done: }
pools: { p: { workers: 1, command: sleep 10, tasks: [a, b], sets: { start: up, success: done } } }
processes:
  one: { command: sleep 1, wait_for: [up] }
  two: { command: sleep 1, wait_for: [done] }
`);
    expect(played.starts('one')).toEqual([0]);
    expect(played.starts('two')).toEqual([20]);
  });

  it('`exit` comes to what was skipped, too', () => {
    const played = play(`
on_failure: continue
events: { over: }
processes:
  bad: { command: sleep 10; exit 1 }
  never: { command: sleep 1, depends_on: [bad], sets: { exit: over } }
  after: { command: sleep 1, wait_for: [over] }
`);
    expect(played.starts('after')).toEqual([10]);
  });
});

describe('readiness', () => {
  const probe = (exec: string, more: string): string => `
daemons: { d: { command: forever, readiness_probe: { exec: ${exec}, period: 100ms${more} } } }
processes: { a: { command: sleep 1, depends_on: [d] } }
`;

  it('lets dependents start at the first yes', () => {
    const played = play(probe('up 250', ', failure_threshold: 5'));
    expect(played.of('instance.ready').map(({ instance }) => instance)).toEqual(['d']);
    expect(played.starts('a')[0]).toBeGreaterThanOrEqual(250);
    expect(played.starts('a')[0]).toBeLessThan(400);
  });

  it.each([1, 3])('fails and stops it after %i times no', (threshold) => {
    const played = play(probe('up 10000', `, failure_threshold: ${threshold}`));
    expect(played.ended('d')).toMatchObject({ state: 'failed', reason: 'unready' });
    expect(played.ended('d').why).toContain(`after ${threshold === 1 ? 'one probe' : `${threshold} probes`}`);
    expect(played.effects.filter(({ type }) => type === 'probe')).toHaveLength(threshold);
    expect(played.ended('a').state).toBe('skipped');
    expect(played.end.exitCode).toBe(1);
  });

  it('is first asked for after the initial delay', () => {
    const played = play(probe('up 0', ', initial_delay: 500ms'));
    expect(played.starts('a')[0]).toBeGreaterThanOrEqual(500);
  });

  it.each([
    ['a command', '{ command: sleep 20; print server is up; forever', '20'],
    ['steps', '{ steps: [{ sleep: 20ms }, { print: server is up }, { sleep: 1h }]', '20'],
    ['a command of steps', '{ steps: [{ sleep: 20ms }, { run: print server is up; forever }]', '20'],
  ])('by a line that %s prints', (_, body, atMs) => {
    const played = play(`
daemons: { d: ${body}, readiness_probe: { log_line: "is up$", period: 100ms, failure_threshold: 3 } } }
processes: { a: { command: sleep 1, depends_on: [d] } }
`);
    expect(played.starts('a')).toEqual([Number(atMs)]);
    expect(played.end.exitCode).toBe(0);
  });

  it('by a line that does not come in time is a failure', () => {
    const played = play(`
daemons: { d: { steps: [{ print: not yet }, { sleep: 1h }], readiness_probe: { log_line: is up, period: 100ms, failure_threshold: 3 } } }
processes: { a: { command: sleep 1, depends_on: [d] } }
`);
    expect(played.ended('d')).toMatchObject({ at: 300, state: 'failed', reason: 'unready' });
  });

  it('once had stays for dependents, whatever liveness then says', () => {
    const played = play(`
daemons: { d: { command: forever, readiness_probe: { exec: up 0, period: 10ms }, liveness_probe: { exec: down 500, period: 100ms, failure_threshold: 3 }, restart: on_failure, backoff: { initial: 1s } } }
processes:
  slow: { command: sleep 1000 }
  a: { command: sleep 1, depends_on: [d, slow] }
`);
    expect(played.starts('a')).toEqual([1000]);
  });
});

describe('liveness', () => {
  it('is asked slowly, once readiness, asked quickly, has come', () => {
    const played = play(`
daemons: { d: { command: forever, readiness_probe: { exec: up 250 }, liveness_probe: { exec: up 0 } } }
processes: { a: { command: sleep 25000, depends_on: [d] } }
`);
    const probes = played.effects.flatMap((effect) => (effect.type === 'probe' ? [effect.plan.periodMs] : []));
    // At 0, 101, 202 and 303 ms, and then at once and every 10 s.
    expect(probes).toEqual([100, 100, 100, 100, 10_000, 10_000, 10_000]);
  });

  it('counts as a crash after its failures in a row', () => {
    const played = play(`
daemons: { d: { command: forever, liveness_probe: { exec: down 350, period: 100ms, failure_threshold: 3 }, restart: on_failure, backoff: { initial: 50ms } } }
processes: { a: { command: sleep 1500 } }
`);
    const [first] = played.of('instance.restarting');
    expect(first?.why).toContain('after 3 probes');
    expect(first?.at).toBeGreaterThanOrEqual(550);
    expect(first?.at).toBeLessThan(750);
    expect(played.starts('d').length).toBeGreaterThan(1);
    expect(played.end.exitCode).toBe(0);
  });

  it('fails the run without a restart', () => {
    const played = play(`
daemons: { d: { command: ignore SIGTERM; forever, stop: { grace_period: 200ms }, liveness_probe: { exec: down 0, period: 100ms, failure_threshold: 2 } } }
processes: { a: { command: forever } }
`);
    expect(played.ended('d')).toMatchObject({ state: 'failed', reason: 'unready', exitcode: -9 });
    expect(played.end.exitCode).toBe(1);
  });
});
