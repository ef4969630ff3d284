import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

const turns = 'on_failure: continue\nqueues: { turn: { items: [1] } }\nevents: { go: }';
const failsOutOfTurn = 'steps: [{ get: turn, block: false, on_timeout: [{ exit: 1 }] }, { wait: go }]';

const waits = {
  'whoever waits for results waits for the tasks before the one that has failed': `${turns}
pools: { p: { workers: 2, ${failsOutOfTurn} } }
processes: { m: { steps: [{ submit: p, items: [1, 2], as: r }, { result: r, allow_failure: true }, { set: go }] } }`,
  'whoever waits for results waits for the tasks before one that is cancelled': `${turns}
pools: { p: { workers: 2, halt: { after: 1 }, ${failsOutOfTurn} } }
processes: { m: { steps: [{ repeat: 1, do: [{ submit: p, items: [1, 2, 3], as: r }] }, { result: r, allow_failure: true }, { set: go }] } }`,
  'what the steps of a task have taken comes back when its pool is ended, but for its own item': `
on_failure: continue
locks: { left: , right: }
queues: { work: { items: [1, 2], on_consumer_death: redeliver } }
events: { begun: , go: }
pools: { p: { workers: 1, tasks: { queue: work }, steps: [{ each: work, as: i, do: [{ set: begun }, { wait: go }] }] } }
processes:
  m: { steps: [{ wait: begun }, { terminate: p }] }
  n: { depends_on: { y: { condition: exit } }, steps: [{ set: go }] }
  y: { depends_on: { p: { condition: exit } }, steps: [{ get: work }] }
  a: { depends_on: [y], steps: [{ acquire: left }, { sleep: 2ms }, { acquire: right }] }
  b: { depends_on: [y], steps: [{ acquire: right }, { sleep: 2ms }, { acquire: left }] }`,
};

it.each(Object.entries(waits))('%s', (_, text) => {
  expect(play(text).end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it('a pool has at its first start what programs have submitted before', () => {
  const text = `
locks: { l: , k: }
pools: { p: { autostart: false, workers: 1, steps: [{ acquire: k }, { sleep: 20ms }, { acquire: l }] } }
processes:
  w: { command: x, uses: { p: submit } }
  m: { depends_on: [w], steps: [{ acquire: l }, { start: p }, { sleep: 20ms }, { acquire: k }] }`;
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});
