import { describe, expect, it } from 'vitest';
import { haltExitCode, parseHalt, type Halt } from '../../../src/jobs/halt.ts';

function halt(written: string): Halt | null {
  const read = parseHalt(written);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

describe('the rule of a halt', () => {
  it.each([
    ['never', null],
    ['0', null],
    ['now,fail=1', { when: 'now', on: 'fail', limit: 1, isPercent: false }],
    ['soon,done=20%', { when: 'soon', on: 'done', limit: 20, isPercent: true }],
    ['1', { when: 'soon', on: 'fail', limit: 1, isPercent: false }],
    ['2', { when: 'now', on: 'fail', limit: 1, isPercent: false }],
    ['-1', { when: 'soon', on: 'success', limit: 1, isPercent: false }],
    ['-2', { when: 'now', on: 'success', limit: 1, isPercent: false }],
    ['30%', { when: 'soon', on: 'fail', limit: 30, isPercent: true }],
  ])('%s', (written, expected) => {
    expect(halt(written)).toEqual(expected);
  });

  it.each([
    ['now,fail=1', { done: 1, failed: 1, total: null }, 7, 7],
    ['now,fail=2', { done: 1, failed: 1, total: null }, 7, null],
    ['now,fail=2', { done: 4, failed: 2, total: null }, 7, 2],
    ['now,fail=200', { done: 400, failed: 200, total: null }, 7, 101],
    ['now,fail=1', { done: 5, failed: 1, total: null }, 0, null],
    ['now,success=1', { done: 3, failed: 2, total: null }, 0, 0],
    ['now,success=2', { done: 3, failed: 2, total: null }, 0, null],
    ['now,success=1', { done: 3, failed: 2, total: null }, 4, null],
    ['soon,done=2', { done: 2, failed: 1, total: null }, 0, 1],
    ['soon,done=1', { done: 1, failed: 0, total: null }, 0, 0],
    ['soon,fail=20%', { done: 3, failed: 2, total: 10 }, 9, 20],
    ['soon,fail=20%', { done: 3, failed: 2, total: 11 }, 9, null],
    ['soon,fail=30%', { done: 3, failed: 2, total: 6 }, 9, 34],
    ['soon,fail=10%', { done: 3, failed: 1, total: 10 }, 9, 9],
    ['soon,fail=10%', { done: 3, failed: 3, total: null }, 9, null],
  ])('%s with %j after a job that ended with %i', (written, counts, code, expected) => {
    const rule = halt(written);
    expect(rule === null ? 'none' : haltExitCode(rule, counts, code)).toBe(expected);
  });
});
