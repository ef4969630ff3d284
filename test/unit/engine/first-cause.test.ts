import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

const slow = 'trap SIGTERM 1000 0; forever';

describe('the first cause of an end is kept', () => {
  it.each([
    ['runs out of its time', `command: ${slow}, timeout: 200ms`],
    ['is not ready yet', `command: ${slow}, readiness_probe: { exec: up 100000, period: 100ms, failure_threshold: 3 }`],
    ['has not written its line yet', `command: ${slow}, readiness_probe: { log_line: up, period: 100ms, failure_threshold: 3 }`],
    ['does not answer its liveness probe any more', `command: ${slow}, liveness_probe: { exec: down 150, period: 50ms, failure_threshold: 2 }`],
    ['runs out of its time in steps', `steps: [{ run: ${slow} }], timeout: 200ms`],
    ['does not answer its liveness probe any more in steps', `steps: [{ run: ${slow} }], liveness_probe: { exec: down 150, period: 50ms, failure_threshold: 2 }`],
  ])('by what is being stopped and %s meanwhile', (_, keys) => {
    const played = play(`
processes:
  a: { ${keys} }
  b: { steps: [{ sleep: 100ms }, { terminate: a }] }
`);
    expect(played.ended('a')).toMatchObject({ state: 'stopped', reason: 'stopped', why: '`b` asked for it (`terminate`)' });
    expect(played.end.exitCode).toBe(0);
  });

  it('by a daemon that no longer answers while the run stops it', () => {
    const played = play(`
daemons: { d: { command: ${slow}, liveness_probe: { exec: down 150, period: 50ms, failure_threshold: 2 } } }
processes: { a: { command: sleep 100 } }
`);
    expect(played.ended('d')).toMatchObject({ at: 1100, state: 'stopped' });
    expect(played.end).toMatchObject({ exitCode: 0, outcome: 'success' });
  });

  it.each([
    ['timed_out', `command: ${slow}, timeout: 50ms`],
    ['unready', `command: ${slow}, liveness_probe: { exec: down 0, period: 10ms, failure_threshold: 2 }`],
  ])('by what has failed as `%s` and is stopped while it ends', (reason, keys) => {
    const played = play(`
processes:
  a: { ${keys} }
  b: { steps: [{ sleep: 100ms }, { terminate: a }] }
`);
    expect(played.ended('a')).toMatchObject({ state: 'failed', reason });
    expect(played.end.exitCode).toBe(1);
  });

  it.each([
    ['of what is probed', 'exec: up 100000', /^it was not ready after 3 probes: /u],
    ['of a line that does not come', 'log_line: up', /^no line matched `up` within 300ms$/u],
  ])('and is said in one sentence %s, which is not ready', (__, probe, why) => {
    const played = play(`processes: { a: { command: ${slow}, readiness_probe: { ${probe}, period: 100ms, failure_threshold: 3 } } }`);
    expect(played.of('instance.stopping').map((event) => event.why).join('|')).toMatch(why);
  });
});
