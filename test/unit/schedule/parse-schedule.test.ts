import { expect, it } from 'vitest';
import { parseSchedule } from '../../../src/schedule/parse-schedule.ts';

const operations = [{ instance: 'a', op: 'acquire', on: ['db'] }];
const parsed = { operations: [{ instance: 'a', op: 'acquire', on: ['db'], outcome: 'done' }], waiting: [], endless: [], isWhole: false };

it.each([
  ['a list of operations', { operations }],
  ['within a document', { schedule: { operations } }],
  ['what a check says of a deadlock', { specs: [{ deadlock: { type: 'proved' } }, { deadlock: null }, { deadlock: { schedule: { operations } } }] }],
])('takes %s', (_, document) => {
  expect(parseSchedule(document)).toEqual({ ok: true, value: parsed });
});

it('takes what is waited for in the end, and what is endless', () => {
  const document = { operations, waiting: [{ instance: 'b', op: 'wait', on: ['go'] }], endless: ['server'], isWhole: true, stuck: ['b'] };
  expect(parseSchedule(document)).toEqual({ ok: true, value: { ...parsed, waiting: [{ instance: 'b', op: 'wait', on: ['go'] }], endless: ['server'], isWhole: true, stuck: ['b'] } });
});

it.each([
  [[], 'it has no list `operations`'],
  [{ operations: [{}] }, 'of `operations`, number 1 has no `instance`'],
  [{ operations: [{ instance: 'a', op: 'acquire', on: 'db' }] }, 'of `operations`, number 1 has an `on` that is no list of names'],
  [{ operations: [{ instance: 'a', op: 'acquire', outcome: 'well' }] }, 'of `operations`, number 1 has an `outcome` that is none of done, waits, ends, acts, fails'],
  [{ operations, waiting: 3 }, 'it has no list `waiting`'],
  [{ operations, endless: [3] }, '`endless` is no list of instances'],
  [{ operations, stuck: 'a' }, '`stuck` is no list of instances'],
  [{ specs: [{ deadlock: { schedule: { operations } } }, { deadlock: { schedule: { operations } } }] }, 'it is a check that has found deadlocks of several specs: check one of them alone'],
])('refuses %j', (document, error) => {
  expect(parseSchedule(document)).toEqual({ ok: false, error });
});
