import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { renderVerdictPage } from '../../../src/verify/html/verdict-page.ts';
import { judge } from '../../../src/verify/judge.ts';
import { findMends } from '../../../src/verify/mend/find-mend.ts';
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

describe('of somebody who holds a lock for ever and goes on it is told that he does', () => {
  const told = (text: string): unknown => {
    const plan = validPlan(text);
    const judgement = judge(plan, budget);
    const [found] = deadlockFindings(plan, judgement, () => ({ source: { name: '', text: '' }, start: 0, end: 0 }), findMends(plan, judgement.verdict, budget).map((mend) => ({ mend })));
    return [found?.severity, found?.message, found?.related.map(({ message }) => message), found?.note, found?.hint];
  };

  it.each([
    ['a process', 'processes:\n  spin: { steps: [{ acquire: l }, { repeat: forever, do: [{ sleep: 1s }] }] }\n'],
    ['a daemon', 'daemons: { spin: { with: [l], steps: [{ repeat: forever, do: [{ sleep: 1s }] }] } }\nprocesses:\n'],
  ])('%s', (_, text) => {
    expect(told(`locks: { l: }\n${text}  job: { steps: [{ sleep: 1ms }, { acquire: l }] }\n  after: { depends_on: [job], command: ./x }\n  beside: { command: ./y }`)).toEqual([
      'error',
      '`job` and `after` can come to wait for ever: `job` waits here for `l`, held by `spin`',
      ['1. `spin` acquires l', '`after` waits here for `job`', '`spin` goes on here for ever, and never gives `l` back'],
      '`beside` has no part in it',
      'let `spin` take `l` in each round of its loop, and not around it',
    ]);
  });

  it('and who may come to wait for whoever waits for it has a part in that', () => {
    expect(told('locks: { l: }\ndaemons: { spin: { with: [l], steps: [{ repeat: forever, do: [{ sleep: 1s }] }] } }\nprocesses:\n  a: { steps: [{ sleep: 1ms }, { join: b }] }\n  b: { steps: [{ acquire: l }] }\n  c: { command: ./x }')).toEqual([
      'error',
      '`b` can come to wait for ever: `b` waits here for `l`, held by `spin`',
      ['1. `spin` acquires l', '`spin` goes on here for ever, and never gives `l` back'],
      '`a` may come to wait for them; `c` has no part in it',
      'let `spin` take `l` in each round of its loop, and not around it',
    ]);
  });

  it('who has to end, and never does', () => {
    expect(told('locks: { l: }\nqueues: { q: { capacity: 1 } }\nprocesses:\n  ping: { with: [l], steps: [{ repeat: forever, do: [{ put: q, item: 1 }, { get: q }] }] }\n  job: { steps: [{ acquire: l }] }\n  beside: { command: ./y }')).toEqual([
      'warning',
      '`ping` can come to where nothing leads to its end, though some of the run goes on',
      ['1. `ping` acquires l', '`job` waits here for `l`, held by `ping`'],
      '`beside` has no part in it',
      'let `ping` put less into `q` than is taken from it, which is at its end only once it is empty and nobody who may put into it goes on',
    ]);
  });

  it('who takes what others feed him in place', () => {
    expect(told(`locks: { l: }\n${fed}\nprocesses:\n  p: { with: [l], steps: [{ each: q, as: x, do: [{ print: x }] }] }\n  w: { with: [l], command: ./w }`)).toEqual([
      'warning',
      '`p` can come to where nothing leads to its end, though some of the run goes on',
      ['1. `p` acquires l', '`w` waits here for `l`, held by `p`', '`d` may put into `q` here, which has no end until then'],
      null,
      'let the loop of `d` end, as with `repeat: 100`: `q` is at an end then',
    ]);
  });

  it('a run is led to it', () => {
    const plan = validPlan('timeout: 1m\nlocks: { l: }\nprocesses:\n  spin: { with: [l], steps: [{ repeat: forever, do: [{ sleep: 1s }] }] }\n  job: { steps: [{ acquire: l }] }');
    const { verdict } = judge(plan, budget);
    expect(verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : null).toMatchObject({ exitCode: 5, cycle: [{ instance: 'job' }], departure: null });
  });

  it('in the diagram as well, which says of nobody that he waits who goes on', () => {
    const page = (text: string): string => renderVerdictPage([{ name: 'x', judgement: judge(validPlan(text), budget), lineOf: () => null }]);
    const waits = page('locks: { l: }\nprocesses:\n  spin: { with: [l], steps: [{ repeat: forever, do: [{ sleep: 1s }] }] }\n  job: { steps: [{ acquire: l }] }');
    expect(waits).toContain('>keeps</text>');
    expect(waits).toContain('<td>spin</td><td>goes on for ever, and never gives l back</td>');
    expect(waits).toContain('<td>job</td><td>waits for l, held by spin</td>');
    const goesOn = page(`${fed}\nprocesses: { p: { steps: [{ each: q, as: x, do: [{ print: x }] }] } }`);
    expect(goesOn).toContain('>never ends</text>');
    expect(goesOn).not.toContain('>waits</text>');
    expect(goesOn).toContain('How p come to where nothing leads to their end');
    expect(goesOn).toContain('<td>p</td><td>goes on, and never ends</td>');
    expect(goesOn).toContain('the run goes on until it is stopped');
  });
});

it('of a daemon whose program holds what is waited for it is told that a run does not know that it goes on', () => {
  const told = (text: string): unknown => {
    const plan = validPlan(text);
    return deadlockFindings(plan, judge(plan, budget), () => ({ source: { name: '', text: '' }, start: 0, end: 0 })).map(({ message, note }) => [message, note]);
  };
  expect(told('locks: { l: }\ndaemons: { d: { with: [l], command: ./d } }\nprocesses: { p: { steps: [{ acquire: l }] } }')).toEqual([
    ['`p` can come to wait for ever: `p` waits here for `l`, held by `d`', '`d` is taken to run until it is stopped: a run, in which its program may end at any time, only waits'],
  ]);
  expect(told('semaphores: { s: 2 }\ndaemons: { d: { with: [s], command: ./d }, e: { with: [s], command: ./d } }\nprocesses: { p: { steps: [{ acquire: s }] }, q: { command: ./q } }')).toEqual([
    ['`p` can come to wait for ever: `p` waits here for `s`, held by `d` and `e`', '`d` and `e` are taken to run until they are stopped: a run, in which their programs may end at any time, only waits; `q` has no part in it'],
  ]);
});
