import { describe, expect, it } from 'vitest';
import type { Schedule, ScheduledOperation } from '../../../src/schedule/schedule.ts';
import { type Replay, replay } from '../../property/verify/replay.ts';
import { planOf } from '../../rig/virtual-plan.ts';

function step(instance: string, op: ScheduledOperation['op'], ...on: readonly string[]): ScheduledOperation {
  return { instance, op, on, outcome: 'done' };
}

function along(text: string, operations: readonly ScheduledOperation[], isWhole = true): Replay {
  const schedule: Schedule = { operations, waiting: [], endless: [], isWhole };
  return replay(planOf(text), schedule);
}

const submits = `
locks: { left: }
processes:
  a: { steps: [{ submit: crew, item: 1, as: task }, { result: task }] }
  b: { steps: [{ acquire: left }] }
`;
const ofCrew = 'with: [left], do: [{ sleep: 5ms }]';
const task = (slot: string): readonly ScheduledOperation[] => [step(slot, 'take', 'crew'), step(slot, 'acquire', 'left'), step(slot, 'release', 'left')];

describe('the tasks of a pool along a schedule', () => {
  it('are submitted when it says so, and go to the slots that it names', () => {
    const text = `${submits}pools: { crew: { workers: 2, steps: [{ ${ofCrew} }] } }`;
    const { departure, exitCode } = along(text, [step('b', 'acquire', 'left'), step('b', 'end'), step('a', 'submit', 'crew'), ...task('crew-2'), step('a', 'result', 'crew'), step('a', 'end')]);
    expect([departure, exitCode]).toEqual([null, 0]);
  });

  it('are taken after those that were submitted, where the pool has yet to begin with its own', () => {
    const text = `${submits}pools: { crew: { workers: 1, tasks: [1], steps: [{ ${ofCrew} }] } }`;
    const ofA = [step('a', 'submit', 'crew'), ...task('crew-1'), step('a', 'result', 'crew'), step('a', 'end')];
    expect(along(text, [...ofA, step('b', 'acquire', 'left'), step('b', 'end'), ...task('crew-1')]).departure).toBe(null);
    expect(along(text, [...task('crew-1'), ...ofA, step('b', 'acquire', 'left'), step('b', 'end')]).departure).toBe(null);
  });

  it('come when they come where it is no whole one, and says nothing of them', () => {
    const text = `${submits}pools: { crew: { workers: 1, tasks: [1], steps: [{ ${ofCrew} }] } }`;
    expect(along(text, [step('b', 'acquire', 'left')], false)).toMatchObject({ departure: null, exitCode: 0 });
  });

  it('leave it where it has a slot take one more than there are', () => {
    const text = `${submits}pools: { crew: { workers: 1, steps: [{ ${ofCrew} }] } }`;
    const { departure, exitCode } = along(text, [step('a', 'submit', 'crew'), ...task('crew-1'), step('crew-1', 'take', 'crew'), step('b', 'acquire', 'left')]);
    expect([departure?.position, departure?.operation.op, exitCode]).toEqual([4, 'take', 0]);
  });

  it('are got from a queue by the pool', () => {
    const text = `
queues: { work: { items: [1] } }
processes: { b: { steps: [{ put: work, item: 2 }] } }
pools: { crew: { workers: 2, tasks: { queue: work }, steps: [{ sleep: 5ms }] } }`;
    const operations = [step('crew', 'get', 'work'), step('crew-2', 'take', 'crew'), step('b', 'put', 'work'), step('b', 'end'), step('crew', 'get', 'work'), step('crew-1', 'take', 'crew')];
    expect(along(text, operations)).toMatchObject({ departure: null, exitCode: 0 });
  });
});
