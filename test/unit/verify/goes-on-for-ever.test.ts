import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { replay } from '../../property/verify/replay.ts';

const budget = { maxStates: 10_000, mayGoOn: () => true };

const fed = 'queues: { q: { capacity: 1 } }\ndaemons: { d: { steps: [{ repeat: forever, do: [{ sleep: 5ms }, { put: q, item: 1 }] }] } }';

/** Some of the run goes on for ever, so that nobody waits in a circle. */
describe('the schedule of a run that cannot end leads to no deadlock', () => {
  it.each([
    ['in which a daemon feeds a process', `${fed}\nprocesses: { p: { steps: [{ each: q, as: x, do: [{ print: x }] }] } }`],
    ['in which a daemon feeds a pool', `${fed}\npools: { p: { workers: 1, tasks: { queue: q }, steps: [{ print: x }] } }`],
    ['in which the tasks of a pool put into its queue', 'queues: { q: { items: [1, 2], capacity: 2 } }\npools: { p: { workers: 2, tasks: { queue: q }, steps: [{ sleep: 5ms }, { put: q, item: 1 }] } }'],
  ])('%s', (_, text) => {
    const plan = validPlan(`timeout: 1s\n${text}`);
    const { verdict } = judge(plan, budget);
    expect(verdict.type).toBe('counterexample');
    if (verdict.type !== 'counterexample') return;
    // A daemon that does something goes on with it.
    expect(verdict.schedule.endless).toEqual([]);
    expect(replay(plan, verdict.schedule)).toMatchObject({ exitCode: 124, cycle: [], departure: null });
  });
});

it('who waits before his start for one who goes on for ever is told behind him, who waits for nothing', () => {
  const plan = validPlan('on_failure: continue\nlocks: { l: }\nqueues: { q: { capacity: 1 } }\ndaemons: { d: { restart: always, steps: [{ sleep: 20ms }, { put: q, item: 1 }] } }\nprocesses:\n  p: { steps: [{ each: q, as: x, do: [{ with: l, do: [{ print: x }] }] }] }\n  w: { depends_on: [p], with: [l], command: ./w }');
  const [found] = deadlockFindings(plan, judge(plan, budget), () => ({ source: { name: '', text: '' }, start: 0, end: 0 }));
  expect([found?.severity, found?.certainty, found?.message, found?.related.map(({ message }) => message), found?.note]).toEqual([
    'warning',
    'possible',
    '`p` can come to where nothing leads to its end, though some of the run goes on',
    ['`w` waits here for `p`', '`d` may put into `q` here, which has no end until then'],
    '`d` is restarted for ever: only once it is given up, after `max_restarts`, does that end',
  ]);
});

it('of what is said not to end for what is put into its queue, those who put it have a part in it', () => {
  const told = (text: string): unknown => {
    const plan = validPlan(text);
    const [found] = deadlockFindings(plan, judge(plan, budget), () => ({ source: { name: '', text: '' }, start: 0, end: 0 }));
    return [found?.related.map(({ message }) => message), found?.note, found?.hint];
  };
  expect(told(`${fed}\nprocesses: { p: { steps: [{ each: q, as: x, do: [{ print: x }] }] }, beside: { command: ./x } }`)).toEqual([['`d` may put into `q` here, which has no end until then'], '`beside` has no part in it', null]);
  expect(told('queues: { q: { items: [1] } }\nprocesses: { p: { steps: [{ each: q, as: x, do: [{ put: q, item: 1 }] }] } }')).toEqual([[], null, 'let `p` put less into `q` than is taken from it, which is at its end only once it is empty and nobody who may put into it goes on']);
});
