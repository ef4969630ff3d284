import { expect, it } from 'vitest';
import { present } from '../../../src/base/invariant.ts';
import type { ScheduledOperation } from '../../../src/schedule/schedule.ts';
import { replay } from '../../property/verify/replay.ts';
import { planText } from '../../rig/plan-of-text.ts';

/** Where a run of the spec leaves the schedule: written as `a acquire left`, and `a wait meet waits` where it is not done. */
function leaves(spec: string, schedule: string): number | undefined {
  const { plan } = planText(spec);
  const operations = schedule.split(',').map((text): ScheduledOperation => {
    const [instance = '', op = '', name = '', outcome = 'done'] = text.trim().split(' ');
    if (op !== 'acquire' && op !== 'release' && op !== 'wait' && op !== 'notify' && op !== 'abort') throw new Error(op);
    if (outcome !== 'done' && outcome !== 'waits') throw new Error(outcome);
    return { instance, op, on: [name], outcome };
  });
  return replay(present(plan, 'a spec without errors'), { operations, waiting: [], endless: [], isWhole: false }).departure?.position;
}

it.each([
  ['a lock is given back at the end of a `with`', '{ with: left, do: [{ print: hello }] }', 'a abort meet, b acquire left, a abort meet, b release left'],
  ['a lock is released', '{ acquire: left }, { release: left }', 'a abort meet, b acquire left, a abort meet, b release left'],
  ['the condition is notified', '{ acquire: left }, { notify: changed }', 'a abort meet, b acquire left, a abort meet, b notify changed'],
])('a run leaves its schedule where whoever is next ended long before, and another is held back when %s', (_, step, schedule) => {
  const spec = `
locks: { left: }
conditions: { changed: { lock: left } }
barriers: { meet: { parties: 2 } }
processes:
  a: { steps: [{ abort: meet }] }
  b: { steps: [{ sleep: 5ms }, ${step}] }
`;
  expect(leaves(spec, schedule)).toBe(2);
});

it('a run leaves its schedule where a barrier is to let the first of its parties go on, and the other is held back', () => {
  const spec = `
barriers: { meet: { parties: 2 } }
processes:
  a: { steps: [{ wait: meet }] }
  b: { steps: [{ wait: meet }] }
`;
  expect(leaves(spec, 'a wait meet, b wait meet')).toBe(0);
  expect(leaves(spec, 'a wait meet waits, b wait meet')).toBe(undefined);
});

it('a run leaves its schedule where the lock that is next is kept by one whose wait at a condition is held back', () => {
  const spec = `
locks: { left: }
semaphores: { slots: 2 }
conditions: { changed: { lock: left } }
processes:
  a: { steps: [{ acquire: slots }] }
  b: { steps: [{ acquire: left }, { acquire: slots }] }
  c: { steps: [{ with: left, do: [{ wait: changed }] }, { with: left, do: [{ notify: changed }] }] }
`;
  expect(leaves(spec, 'c acquire left, b acquire left, c acquire left, b acquire slots')).toBe(1);
});

it('a run along the schedule of a deadlock goes on with those who are not in it where those who were to be have ended', () => {
  const { plan } = planText('locks: { left: }\npools: { w: { workers: 1, tasks: [1], steps: [{ sleep: 5ms }] } }\nprocesses: { a: { steps: [{ acquire: left }] }, b: { steps: [{ acquire: left }] } }');
  const operations: readonly ScheduledOperation[] = [
    { instance: 'w-1', op: 'take', on: ['w'], outcome: 'done' },
    { instance: 'a', op: 'acquire', on: ['left'], outcome: 'done' },
  ];
  const replayed = replay(present(plan, 'a spec without errors'), { operations, waiting: [], endless: [], isWhole: true, stuck: ['a', 'w', 'w-1'] });
  expect([replayed.exitCode, replayed.ends.get('b')]).toEqual([0, 'succeeded']);
});

it('a run along the schedule of a deadlock comes to it, though a process has ended whose name theirs begin with', () => {
  const steps = (first: string, second: string): string => `steps: [{ acquire: ${first} }, { acquire: ${second} }]`;
  const { plan } = planText(`locks: { free: , x: , y: }\nprocesses: { a: { steps: [{ print: a }] }, z: { steps: [{ acquire: free }, { exit: 3 }] }, a-2: { ${steps('x', 'y')} }, a-3: { ${steps('y', 'x')} } }`);
  const operations: readonly ScheduledOperation[] = [
    { instance: 'a', op: 'end', on: [], outcome: 'done' },
    { instance: 'a-2', op: 'acquire', on: ['x'], outcome: 'done' },
    { instance: 'a-3', op: 'acquire', on: ['y'], outcome: 'done' },
  ];
  const replayed = replay(present(plan, 'a spec without errors'), { operations, waiting: [], endless: [], isWhole: true, stuck: ['a-2', 'a-3'] });
  expect([replayed.exitCode, replayed.cycle.map(({ instance }) => instance).toSorted()]).toEqual([5, ['a-2', 'a-3']]);
});

it('a wait at a condition that has a time is over behind the end of a schedule', () => {
  const { plan } = planText('locks: { left: }\nconditions: { changed: { lock: left } }\nevents: { go: }\nprocesses: { a: { steps: [{ with: left, do: [{ wait: changed, timeout: 20ms, on_timeout: continue }] }, { set: go }] }, n: { wait_for: [go], steps: [{ with: left, do: [{ notify: changed }] }] } }');
  const operations: readonly ScheduledOperation[] = [
    { instance: 'a', op: 'acquire', on: ['left'], outcome: 'done' },
    { instance: 'a', op: 'wait', on: ['changed'], outcome: 'waits' },
  ];
  const replayed = replay(present(plan, 'a spec without errors'), { operations, waiting: [], endless: [], isWhole: true });
  expect([replayed.exitCode, replayed.departure, replayed.ends.get('n')]).toEqual([0, null, 'succeeded']);
});

it('a run leaves the schedule of a deadlock that the spec has no more: whoever is next does something else before', () => {
  const mended = 'locks: { x: , y: }\nprocesses: { a: { steps: [{ acquire: x }, { acquire: y }] }, b: { steps: [{ acquire: x }, { acquire: y }] } }';
  const { plan } = planText(mended);
  const operations: readonly ScheduledOperation[] = [
    { instance: 'a', op: 'acquire', on: ['x'], outcome: 'done' },
    { instance: 'b', op: 'acquire', on: ['y'], outcome: 'done' },
  ];
  const replayed = replay(present(plan, 'a spec without errors'), { operations, waiting: [], endless: [], isWhole: true, stuck: ['a', 'b'] });
  expect([replayed.exitCode, replayed.departure?.position, replayed.departure?.why]).toEqual([0, 1, 'nobody lets it come to that']);
});
