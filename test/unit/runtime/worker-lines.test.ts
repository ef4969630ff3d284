import { expect, test } from 'vitest';
import { AnswerReader } from '../../../src/runtime/worker-lines.ts';

const answer = (task: number): string => `{"task":${task},"result":${task}}\n`;

test('a line in pieces is one answer', () => {
  const reader = new AnswerReader();
  expect(reader.read(Buffer.from(answer(0).slice(0, 5)))).toEqual([]);
  expect(reader.read(Buffer.from(answer(0).slice(5) + answer(1)))).toMatchObject([
    { type: 'result', task: 0 },
    { type: 'result', task: 1 },
  ]);
});

test('of a flood of lines that are no answers only the first is looked at', () => {
  const reader = new AnswerReader();
  const flood = 'no answer\n'.repeat(1000);
  expect(reader.read(Buffer.from(answer(0) + flood))).toMatchObject([
    { type: 'result', task: 0 },
    { type: 'stray', line: 'no answer' },
  ]);
  expect(reader.read(Buffer.from(`${flood}and a piece`))).toEqual([]);
  expect(reader.end()).toEqual([]);
});
