import { describe, expect, it } from 'vitest';
import type { WaitReason } from '../../../src/engine/run-event.ts';
import { describeWaits } from '../../../src/report/describe-wait.ts';
import { play, type Played } from '../../rig/virtual-play.ts';

/** What is told of the waits of one instance or pool, each with its time, as people read it. */
function told(played: Played, name: string): readonly string[] {
  return played.events.flatMap((event) => {
    const waits: readonly WaitReason[] | null =
      (event.type === 'instance.waiting' && event.instance === name) || (event.type === 'pool.waiting' && event.pool === name) ? event.for : null;
    return waits === null || waits.length === 0 ? [] : [`${event.at}: ${describeWaits(waits).replace('waiting for ', '')}`];
  });
}

describe('the time of a wait', () => {
  it('a sleep says it as a spec would write it', () => {
    expect(told(play('processes: { a: { steps: [{ sleep: 1h30m }] } }'), 'a')).toEqual(['0: 1h30m to pass']);
  });

  it('at a barrier without a time of its own it is that of the barrier', () => {
    const played = play(`
on_failure: continue
barriers: { early: { parties: 2, timeout: 200ms }, late: { parties: 2, timeout: 300ms } }
processes:
  a: { wait_for: [early], command: sleep 1 }
  b: { steps: [{ wait: late }] }
  c: { steps: [{ sleep: 1s }, { wait: early }, { wait: late }] }
`);
    expect(played.ended('a')).toMatchObject({ at: 200, why: '`early` did not come within 200ms' });
    expect(played.ended('b')).toMatchObject({ at: 300, why: '`wait` timed out after 300ms' });
  });

  it('a barrier that will break by its own timeout is no deadlock', () => {
    const played = play(`
on_failure: continue
barriers: { meet: { parties: 2, timeout: 200ms } }
locks: { l: }
processes:
  a: { steps: [{ with: l, do: [{ wait: meet }] }] }
  b: { steps: [{ sleep: 10ms }, { with: l, do: [{ wait: meet }] }] }
`);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.ended('a')).toMatchObject({ at: 200, why: '`wait` timed out after 200ms' });
  });
});
