import { expect, it } from 'vitest';
import type { ScheduledOperation } from '../../../src/schedule/schedule.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { replay } from '../../property/verify/replay.ts';

function operation(instance: string, op: ScheduledOperation['op'], on: readonly string[], outcome: ScheduledOperation['outcome']): ScheduledOperation {
  return { instance, op, on, outcome };
}

it.each([
  ['sets an event', 'wait_for: [go], steps: [{ print: x }]', 'wait', 'set: go', 'skipped'],
  ['takes from a queue', 'steps: [{ put: go, item: 1 }, { join: go }]', 'join', 'get: go', 'failed'],
])('whoever has failed, and whose end is still to have its turn, no longer %s behind that', (_, waits, op, step, end) => {
  const isQueue = op === 'join';
  const plan = validPlan(`
on_failure: continue
locks: { l: }
${isQueue ? 'queues: { more: , go: }' : 'queues: { more: }\nevents: { go: }'}
processes:
  idle: { autostart: false, steps: [{ put: more, item: 1 }] }
  b: { ${waits} }
  c: { steps: [{ with: l, do: [{ get: more }] }, { repeat: 2, do: [{ ${step} }] }] }
`);
  const operations = [
    ...(isQueue ? [operation('b', 'put', ['go'], 'done')] : []),
    operation('c', 'acquire', ['l'], 'done'),
    operation('c', 'get', ['more'], 'ends'),
    operation('b', op === 'join' ? 'join' : 'wait', ['go'], 'ends'),
    operation('b', 'end', [], 'done'),
    operation('c', 'end', [], 'done'),
  ];
  const { departure, ends } = replay(plan, { operations, waiting: [], endless: [], isWhole: true });
  expect({ departure, ends: Object.fromEntries(ends) }).toEqual({ departure: null, ends: { b: end, c: 'failed', idle: 'skipped' } });
});
