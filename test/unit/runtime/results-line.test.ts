import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskRecord } from '../../../src/engine/effect.ts';
import { taskResult } from '../../../src/engine/task-result.ts';
import { resultsLine } from '../../../src/runtime/results-line.ts';
import { anyJson } from '../../rig/any-json.ts';

const record: fc.Arbitrary<TaskRecord> = fc.record({
  task: fc.nat(),
  item: anyJson,
  fate: fc.constantFrom('succeeded', 'failed', 'signalled', 'timed_out', 'lost', 'cancelled'),
  value: anyJson,
  outputFile: fc.option(fc.string()),
  exitcode: fc.option(fc.integer({ min: -64, max: 255 })),
  signal: fc.option(fc.constantFrom('SIGKILL', 'SIGRTMIN+3')),
  attempts: fc.nat(),
  worker: fc.option(fc.nat()),
  startedMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
  durationMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  lastAttempt: fc.constant({ startedMs: null, durationMs: 0, stdoutBytes: 0 }),
  command: fc.string(),
});

test('a line of results is what a queue of results gets, as JSON', () => {
  fc.assert(fc.property(record, (one) => {
    expect(resultsLine(one)).toBe(`${JSON.stringify(taskResult(one))}\n`);
  }));
});
