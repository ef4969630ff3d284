import { describe, expect, it } from 'vitest';
import { play, type Played } from '../../rig/virtual-play.ts';

/** Whom each of the circle waits for, and for what. */
function circle(played: Played): readonly (readonly [string, string])[] {
  return (played.of('run.deadlock')[0]?.cycle ?? []).map(({ instance, waits }) => [instance, waits.name]);
}

describe('of several things that are asked for together', () => {
  it('one of which there is enough keeps nobody, whoever holds the rest of it', () => {
    const played = play(`
semaphores: { x: 2 }
locks: { y: }
processes:
  holder: { with: x, steps: [{ join: both }] }
  other: { steps: [{ acquire: y }, { sleep: 100ms }] }
  both: { steps: [{ sleep: 5ms }, { acquire: [x, y] }] }
`);
    expect([circle(played), played.end.exitCode]).toEqual([[], 0]);
  });

  it('the lock that one is inside of already keeps him not', () => {
    const played = play(`
semaphores: { x: 1 }
locks: { inside: { reentrant: true } }
processes:
  joins: { steps: [{ sleep: 5ms }, { join: both }] }
  other: { steps: [{ acquire: x }, { sleep: 100ms }] }
  both: { steps: [{ sleep: 5ms }, { acquire: inside }, { acquire: [x, inside] }] }
`);
    expect([circle(played), played.end.exitCode]).toEqual([[], 0]);
  });
});

describe('at a fair semaphore', () => {
  const helper = (first: string): string => `
semaphores: { x: { permits: 2, fair: true } }
locks: { y: }
processes:
  holder: { ${first} }
  large: { steps: [{ sleep: 5ms }, LARGE] }
  helper: { steps: [{ sleep: 7ms }, { acquire: x }] }
`;

  it('who waits behind one who gives up in time is in no deadlock', () => {
    const played = play(helper('with: x, steps: [{ sleep: 10ms }, { join: helper }]').replace('LARGE', '{ acquire: { name: x, permits: 2 }, timeout: 40ms, on_timeout: continue }'));
    expect([circle(played), played.end.exitCode]).toEqual([[], 0]);
  });

  it('who waits behind one who has to wait for a holder is in a deadlock with that', () => {
    const played = play(helper('with: x, steps: [{ sleep: 10ms }, { join: helper }]').replace('LARGE', '{ acquire: { name: x, permits: 2 } }'));
    expect([circle(played), played.end.exitCode]).toEqual([[['holder', 'helper'], ['helper', 'x'], ['large', 'x']], 5]);
  });

  it('also where there is enough for both, and the one before waits for something else', () => {
    const played = play(helper('with: y, steps: [{ sleep: 10ms }, { join: helper }]').replace('LARGE', '{ acquire: [x, y] }'));
    expect([circle(played), played.end.exitCode]).toEqual([[['holder', 'helper'], ['helper', 'x'], ['large', 'y']], 5]);
  });
});
