import { expect, test } from 'vitest';
import { appendRunId, makeRunId } from '../../../src/runtime/run-folder/run-id.ts';

test('run ids sort by time and are never equal', () => {
  const earlier = makeRunId(new Date('2026-01-02T03:04:05.006Z'));
  const later = makeRunId(new Date('2026-01-02T03:04:05.007Z'));
  expect(earlier).toMatch(/^20260102T030405006Z-[0-9a-f]{8}$/);
  expect([later, earlier].toSorted()).toEqual([earlier, later]);
  expect(makeRunId(new Date(0))).not.toBe(makeRunId(new Date(0)));
});

test('the run ids of a nested run begin with those of the outer one', () => {
  expect(appendRunId(undefined, 'b')).toBe('b');
  expect(appendRunId('', 'b')).toBe('b');
  expect(appendRunId('a', 'b')).toBe('a:b');
});
