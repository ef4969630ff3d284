import { expect, it } from 'vitest';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { judge } from '../../../src/verify/judge.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 20_000, mayGoOn: (): boolean => true };

/** Two that wait for each other once `y` has got an item that `x` has taken before. */
function behindItem(x: string, more = ''): string {
  return `
on_failure: continue
locks: { left: , right: }
queues: { work: { items: [1], on_consumer_death: redeliver } }
${more}
processes:
  x: ${x}
  y: { depends_on: { x: { condition: exit } }, steps: [{ get: work }] }
  a: { depends_on: [y], steps: [{ acquire: left }, { sleep: 2ms }, { acquire: right }] }
  b: { depends_on: [y], steps: [{ acquire: right }, { sleep: 2ms }, { acquire: left }] }
`;
}

const pool = 'pools: { k: { workers: 1, tasks: [1], steps: [{ each: work, as: i, do: [{ run: exit 1 }] }] } }';

it.each([
  ['an `each`', behindItem('{ steps: [{ each: work, as: i, do: [{ run: exit 1 }] }] }')],
  ['a `with` in an `each`', behindItem('{ steps: [{ each: work, as: i, do: [{ with: left, do: [{ run: exit 1 }] }] }] }')],
  ['an `each` of a task', behindItem('{ depends_on: { k: { condition: exit } }, steps: [{ sleep: 1ms }] }', pool)],
  ['an `each` of a task that halts its pool', behindItem('{ depends_on: { k: { condition: exit } }, steps: [{ sleep: 1ms }] }', pool.replace('tasks: [1],', 'tasks: [1], halt: { after: 1 },'))],
  ['an `each` that is tried again', behindItem('{ restart: on_failure, max_restarts: 1, backoff: { initial: 1ms, max: 1ms }, steps: [{ each: work, as: i, do: [{ run: exit 1 }] }] }')],
])('whoever fails within %s has not done its item, which comes back', (_, text) => {
  expect(judge(planOf(text), budget).verdict.type).toBe('counterexample');
  expect(play(text).of('run.deadlock')).toHaveLength(1);
});

it.each([
  ['ends by `exit`', '{ steps: [{ each: work, as: i, do: [{ exit: 1 }] }] }'],
  ['lets the failure pass', '{ steps: [{ each: work, as: i, do: [{ run: exit 1, allow_failure: true }] }] }'],
  ['lets the failure of the whole loop pass', '{ steps: [{ each: work, as: i, do: [{ run: exit 1 }], allow_failure: true }] }'],
])('whoever %s has done the item', (_, x) => {
  const text = behindItem(x);
  expect(judge(planOf(text), budget).verdict.type).toBe('proved');
  expect(play(text).of('run.deadlock')).toEqual([]);
});

it('a task that is killed within an `each` at the halt of its pool has not done its item, which comes back', () => {
  const text = behindItem('{ depends_on: { k: { condition: exit } }, steps: [{ sleep: 1ms }] }', `events: { go: , never: }
pools: { k: { workers: 2, tasks: [1, 2], halt: { after: 1 }, on_halt: kill, steps: [{ get: turn, block: false, on_timeout: [{ each: work, as: i, do: [{ set: go }, { wait: never }] }] }, { wait: go }, { exit: 1 }] } }`)
    .replace('steps: [{ get: work }]', 'steps: [{ wait: go, block: false }, { get: work }]')
    .replace('queues: {', 'queues: { turn: { items: [1] }, ')
    .replace('processes:', 'processes:\n  late: { depends_on: { k: { condition: exit } }, steps: [{ set: never }] }\n  idle: { autostart: false, steps: [{ put: turn, item: 1 }, { set: go }] }');
  expect(play(text).of('run.deadlock')).toHaveLength(1);
  expect(judge(planOf(text), budget).verdict.type).toBe('counterexample');
});

it.each(['exit: 1', 'exit: 0', 'run: exit 1', 'sleep: 1ms'])('a task is over with what it has in hand, and the next one may have that: %s', (step) => {
  const text = `
on_failure: continue
queues: { work: { items: [1], on_consumer_death: redeliver } }
pools: { k: { workers: 1, tasks: [1, 2], steps: [{ get: work }, { ${step} }, { get: work, block: false, on_timeout: [{ exit: 0 }] }, { task_done: work }] } }
processes: { x: { steps: [{ join: k }] }, idle: { autostart: false, steps: [{ put: work, item: 1 }] } }
`;
  expect(play(text).of('run.deadlock')).toEqual([]);
  expect(certainDeadlock(planOf(text), () => budget)).toBeNull();
  expect(judge(planOf(text), budget).verdict.type).toBe('proved');
});
