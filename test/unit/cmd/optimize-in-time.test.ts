import { expect, test } from 'vitest';
import { OptimizeInTime } from '../../../cmd/optimize-in-time.ts';
import { event } from '../../rig/events.ts';

/** What a V8 of this version is told in a run that starts so many of both. */
function flagsIn({ processes = 0, tasks = 0, v8 = '11.3.244.8-node.36' }: { readonly processes?: number; readonly tasks?: number; readonly v8?: string }): readonly string[] {
  const flags: string[] = [];
  const optimizing = new OptimizeInTime((flag) => flags.push(flag), v8);
  for (let number = 0; number < processes; number += 1) optimizing.handle(event(number, { type: 'instance.started', instance: `a-${number}`, attempt: 1, pid: number }));
  for (let task = 0; task < tasks; task += 1) optimizing.handle(event(task, { type: 'task.started', pool: 'p', task, worker: 1, attempt: 1 }));
  return flags;
}

test('V8 is told once of what a run of many processes or of many tasks needs', () => {
  expect(flagsIn({ processes: 15, tasks: 15 })).toEqual([]);
  expect(flagsIn({ processes: 100 })).toEqual(['--interrupt-budget=600000']);
  expect(flagsIn({ tasks: 100 })).toEqual(['--interrupt-budget=20000', '--ticks-before-optimization=1']);
});

test.each(['12.4.254.21-node.57', '13.6.233.17-node.63'])('that of Node 22 and 24 (%s) is told nothing: it would say on standard error that it knows no such flag', (v8) => {
  expect(flagsIn({ processes: 100, tasks: 100, v8 })).toEqual([]);
});
