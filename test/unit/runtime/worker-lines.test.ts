import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerReader } from '../../../src/runtime/worker-lines.ts';
import { anyJson } from '../../rig/any-json.ts';

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

test.each([
  ['a value of its own', '{"task":7,"result":[1,{"a":"}"}]}', { type: 'result', task: 7, value: [1, { a: '}' }] }],
  ['a string in which everything stands for itself', '{"task":7,"result":"ä ü"}', { type: 'result', task: 7, value: 'ä ü' }],
  ['a string with an escape', '{"task":7,"result":"a\\n\\"b"}', { type: 'result', task: 7, value: 'a\n"b' }],
  ['a string that never ends', '{"task":7,"result":"a}', { type: 'stray' }],
  ['two strings', '{"task":7,"result":"a" "b"}', { type: 'stray' }],
  ['spaces around it', '{"task":7,"result": "ä" }', { type: 'result', task: 7, value: 'ä' }],
  ['the keys the other way round', '{"result":1,"task":7}', { type: 'result', task: 7, value: 1 }],
  ['an error', '{"task":7,"error":"no"}', { type: 'error', task: 7, error: 'no' }],
  ['two values', '{"task":7,"result":1,"result":2}', { type: 'result', task: 7, value: 2 }],
  ['a result and an error', '{"task":7,"result":1,"error":"no"}', { type: 'stray' }],
  ['a task twice', '{"task":7,"result":1,"task":8}', { type: 'result', task: 8, value: 1 }],
  ['a number that is none in JSON', '{"task":07,"result":1}', { type: 'stray' }],
  ['nothing for a result', '{"task":7,"result":}', { type: 'stray' }],
  ['a comma too many', '{"task":7,"result":1,}', { type: 'stray' }],
  ['a number that would be lost', '{"task":7,"result":12345678901234567}', { type: 'stray', why: '12345678901234567 is beyond 2**53 - 1 and would not survive JSON: pass it as a string' }],
  ['something behind it', '{"task":7,"result":1} {}', { type: 'stray' }],
])('reads an answer with %s as JSON has it', (_, line, answered) => {
  expect(new AnswerReader().read(Buffer.from(`${line}\n`))).toMatchObject([answered]);
});

test('reads of any answer what JSON says, and how long its line is', () => {
  fc.assert(
    fc.property(fc.nat(), anyJson, fc.nat(3), (task, value, spaces) => {
      const line = `{"task":${task},"result":${JSON.stringify(value, null, spaces).replaceAll('\n', '')}}`;
      const bytes = Buffer.byteLength(line) + 1;
      expect(new AnswerReader().read(Buffer.from(`${line}\n`))).toEqual([{ type: 'result', task, value, line, bytes }]);
    }),
  );
});
