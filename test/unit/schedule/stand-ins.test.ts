import { expect, it } from 'vitest';
import type { ScheduledOperation } from '../../../src/schedule/schedule.ts';
import { StandIns } from '../../../src/schedule/stand-ins.ts';

function operation(instance: string, op: ScheduledOperation['op'], outcome: ScheduledOperation['outcome'] = 'done', ...on: readonly string[]): ScheduledOperation {
  return { instance, op, on, outcome };
}

it('does what a program does in the schedule, and ends as it does', () => {
  const taken = operation('a', 'acquire', 'done', 'lock');
  const standIns = new StandIns({
    operations: [operation('a', 'program', 'ends'), operation('a', 'put', 'done', 'of its steps'), operation('a', 'program', 'acts'), operation('b', 'program', 'fails'), taken, operation('a', 'program', 'acts'), operation('a', 'program', 'fails')],
    waiting: [],
    endless: [], isWhole: false,
  }, () => true);
  expect(standIns.next('a')).toEqual({ deeds: [], end: 'succeeds' });
  expect(standIns.next('a')).toEqual({ deeds: [taken], end: 'fails' });
  expect(standIns.next('b')).toEqual({ deeds: [], end: 'fails' });
  expect(standIns.next('b')).toEqual({ deeds: [], end: 'succeeds' });
});

it('waits in the end for what the program waits for', () => {
  const standIns = new StandIns({ operations: [operation('a', 'acquire', 'done', 'held'), operation('a', 'program', 'acts')], waiting: [{ instance: 'a', op: 'acquire', on: ['other'] }], endless: [], isWhole: false }, () => true);
  expect(standIns.next('a')).toEqual({ deeds: [operation('a', 'acquire', 'done', 'other')], end: 'succeeds' });
});

it('goes on as long as the program does', () => {
  expect(new StandIns({ operations: [], waiting: [], endless: ['server'], isWhole: false }, () => true).next('server')).toEqual({ deeds: [], end: 'never' });
});

it('goes on until its time is over, where the program does', () => {
  const standIns = new StandIns({ operations: [operation('a', 'program', 'waits'), operation('a', 'program', 'ends')], waiting: [], endless: [], isWhole: false }, () => true);
  expect(standIns.next('a')).toEqual({ deeds: [], end: 'never' });
  expect(standIns.next('a')).toEqual({ deeds: [], end: 'succeeds' });
});

it('does what a program does in the life that it is of, whatever ran before was ended', () => {
  const standIns = new StandIns({ operations: [operation('a', 'program', 'fails'), operation('b', 'start', 'done', 'a'), operation('a', 'program', 'fails'), operation('a', 'end'), operation('b', 'start', 'ends', 'a')], waiting: [], endless: [], isWhole: true }, () => true);
  expect(standIns.next('a')).toEqual({ deeds: [], end: 'fails' });
  expect(standIns.next('a')).toEqual({ deeds: [], end: 'succeeds' });
  standIns.started('a');
  expect(standIns.next('a')).toEqual({ deeds: [], end: 'fails' });
  expect(standIns.next('a')).toEqual({ deeds: [], end: 'succeeds' });
});

it('is done at once, where no time would end it', () => {
  expect(new StandIns({ operations: [operation('a', 'program', 'waits')], waiting: [], endless: [], isWhole: false }, () => false).next('a')).toEqual({ deeds: [], end: 'succeeds' });
});
