import { describe, expect, it } from 'vitest';
import { ask } from '../../rig/virtual-ask.ts';
import { play } from '../../rig/virtual-play.ts';

const server = 'trap SIGTERM 20 0; forever';

describe('what does not start by itself in finally', () => {
  it('starts where a step starts it, knows the outcome, and is joined there', () => {
    const played = play(`
processes: { p: { command: sleep 10 } }
finally:
  i: { autostart: false, command: print $MPCTL_OUTCOME }
  j: { steps: [{ sleep: 5ms }, { start: i }, { join: i }, { print: joined }] }
`);
    expect(played.starts('i')).toEqual([15]);
    expect(played.lines('i')).toEqual(['success']);
    expect(played.lines('j')).toEqual(['joined']);
    expect(played.end).toMatchObject({ outcome: 'success', exitCode: 0 });
  });

  it.each([
    ['alone', ''],
    ['beside others that end', ', k: { command: sleep 5 }'],
    ['with one that never comes to its step to start it', ', k: { steps: [{ sleep: 5ms }, { exit: 0 }, { start: i }] }'],
  ])('is skipped when all else has ended and nobody has started it: %s', (_, others) => {
    const played = play(`
daemons: { d: { command: ${server} } }
processes: { p: { command: sleep 10 } }
finally: { i: { autostart: false, command: print here }${others} }
`);
    expect(played.starts('i')).toEqual([]);
    expect(played.ended('i')).toMatchObject({ state: 'skipped', why: 'nobody started it' });
    expect(played.endedAt('d')).toBeGreaterThanOrEqual(played.endedAt('i'));
    expect(played.end).toMatchObject({ outcome: 'success', exitCode: 0 });
  });

  it.each([
    ['depends on it', '{ command: print on, depends_on: [i] }', 'skipped'],
    ['joins it', '{ steps: [{ join: i }] }', 'failed'],
    ['waits for an event that it sets', '{ steps: [{ wait: over }] }', 'failed'],
  ])('keeps nobody waiting once nobody can start it any more: who %s', (_, waiter, state) => {
    const played = play(`
events: { over: }
processes: { p: { command: sleep 10 } }
finally:
  i: { autostart: false, command: print here, sets: { exit: over } }
  starter: { steps: [{ run: sleep 5; exit 1 }, { start: i }] }
  w: ${waiter}
`);
    expect(played.ended('w')).toMatchObject({ state, at: 15 });
    expect(played.ended('i')).toMatchObject({ state: 'skipped', why: 'nobody started it' });
  });

  it('lets what depends on it go on when it was started', () => {
    const played = play(`
processes: { p: { command: sleep 10 } }
finally:
  i: { autostart: false, command: sleep 3 }
  starter: { steps: [{ sleep: 5ms }, { start: i }] }
  w: { command: print on, depends_on: [i] }
`);
    expect(played.lines('w')).toEqual(['on']);
    expect(played.endedAt('w')).toBe(18);
    expect(played.end.exitCode).toBe(0);
  });

  it('does not keep a daemon whose end is all that is waited for', () => {
    const played = play(`
daemons: { d: { command: ${server} } }
processes: { p: { command: sleep 10 } }
finally:
  i: { autostart: false, command: print here }
  bye: { command: print bye, depends_on: { d: { condition: exit } } }
`);
    expect(played.ended('d')).toMatchObject({ why: '`bye` of `finally` waits for its end' });
    expect(played.lines('bye')).toEqual(['bye']);
    expect(played.end.exitCode).toBe(0);
  });

  it('is started at another terminal while others of finally run', () => {
    const played = ask(
      'processes: { p: { command: sleep 10 } }\nfinally: { i: { autostart: false, command: sleep 5 }, k: { command: sleep 100 } }',
      [50, '@operator', 'process.start', { name: 'i' }],
    );
    expect(played.starts('i')).toEqual([50]);
    expect(played.ended('i').state).toBe('succeeded');
  });
});
