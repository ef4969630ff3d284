import { expect, test } from 'vitest';
import { OptimizeInTime } from '../../../cmd/optimize-in-time.ts';
import { event } from '../../rig/events.ts';

const ended = { type: 'task.ended', pool: 'p', item: 'x', fate: 'succeeded', value: null, exitcode: 0, signal: null, attempts: 1, worker: 1, durationMs: 5, why: '', hint: null } as const;
const ofForks = ['--interrupt-budget=600000'];
const ofTasks = ['--interrupt-budget=20000', '--ticks-before-optimization=1'];

function times(count: number, ms: number): readonly number[] {
  return Array.from({ length: count }, () => ms);
}

interface Commands {
  readonly processes?: number;
  /** How long after the one before each task ends, in ms. */
  readonly tasksMs?: readonly number[];
  readonly v8?: string;
}

/** What a V8 of this version is told in a run that has so many of both. */
function flagsIn({ processes = 0, tasksMs = [], v8 = '11.3.244.8-node.36' }: Commands): readonly string[] {
  const flags: string[] = [];
  const optimizing = new OptimizeInTime((flag) => flags.push(flag), v8);
  for (let number = 0; number < processes; number += 1) optimizing.handle(event(number, { type: 'instance.started', instance: `a-${number}`, attempt: 1, pid: number }));
  let at = 0;
  for (const [task, ms] of tasksMs.entries()) {
    at += ms;
    optimizing.handle(event(at, { ...ended, task }));
  }
  return flags;
}

test('V8 is told once of what a run of many processes or of many short tasks needs', () => {
  expect(flagsIn({ processes: 15, tasksMs: times(15, 1) })).toEqual([]);
  expect(flagsIn({ processes: 100 })).toEqual(ofForks);
  expect(flagsIn({ tasksMs: times(100, 1) })).toEqual(ofTasks);
});

test('tasks that take longer leave the cores to themselves, until they are short', () => {
  expect(flagsIn({ tasksMs: times(100, 25) })).toEqual(ofForks);
  expect(flagsIn({ tasksMs: [...times(100, 25), ...times(100, 1)] })).toEqual([...ofForks, ...ofTasks]);
  expect(flagsIn({ tasksMs: [...times(100, 1), ...times(100, 25)] })).toEqual(ofTasks);
});

test.each(['12.4.254.21-node.57', '13.6.233.17-node.63'])('that of Node 22 and 24 (%s) is told nothing: it would say on standard error that it knows no such flag', (v8) => {
  expect(flagsIn({ processes: 100, tasksMs: times(100, 1), v8 })).toEqual([]);
});
