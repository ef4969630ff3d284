import { expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/invariant.ts';
import { SyncTable } from '../../../src/sync/sync-table.ts';
import { acquire, release, TablePlay } from './table-play.ts';

const file = { kind: 'lock', name: 'file', reentrant: false } as const;
const go = { kind: 'event', name: 'go', set: false } as const;

it('shows its primitives in the order of the definitions, and a condition may come before its lock', () => {
  const table = new SyncTable([go, { kind: 'condition', name: 'changed', lock: 'file' }, file]);
  expect(table.snapshot().primitives.map(({ name }) => name)).toEqual(['go', 'changed', 'file']);
});

it('lets go on, in the same call, whoever an expired wait stood before', () => {
  const play = new TablePlay({ kind: 'semaphore', name: 'slots', permits: 2, bounded: true, fair: true });
  play.ask('a', acquire('slots'));
  play.ask('b', acquire('slots*2'), 5);
  play.ask('c', acquire('slots'));
  expect(play.advance(5)).toEqual(['2 timed_out', '3 granted']);
});

it('leaves alone what it is asked to cancel and does not know', () => {
  const play = new TablePlay(go);
  play.ask('a', { verb: 'set', name: 'go' });
  expect(play.cancel(1)).toEqual([]);
  expect(play.cancel(99)).toEqual([]);
});

it('ends everything of an instance in one call', () => {
  const play = new TablePlay(file, go);
  play.ask('a', acquire('file'));
  play.ask('a/one', { verb: 'wait_event', name: 'go' });
  play.ask('b', acquire('file'));
  expect(play.end('a')).toEqual(['2 cancelled', '3 granted']);
  expect(play.end('a')).toEqual([]);
});

it('takes what only a bug can ask for as one', () => {
  const play = new TablePlay(file, go);
  expect(() => new SyncTable([file, file])).toThrow(InvariantError);
  expect(() => play.ask('a', { verb: 'set', name: 'file' })).toThrow(InvariantError);
  expect(() => play.ask('a', acquire('go'))).toThrow(InvariantError);
  expect(() => play.close({ type: 'break', name: 'file' })).toThrow(InvariantError);
});

it('serves a crowd of ten thousand waiters one after the other, each once', () => {
  const size = 10_000;
  const play = new TablePlay(file, { kind: 'semaphore', name: 'slots', permits: 8, bounded: true, fair: false });
  const granted: string[] = [];
  for (let at = 0; at < size; at += 1) granted.push(...play.ask(String(at), acquire('file', 'slots'), size + at));
  for (let at = 0; at < size / 2; at += 1) granted.push(...play.ask(String(at), release('file', 'slots')).slice(1));
  expect(granted).toEqual(Array.from({ length: size / 2 + 1 }, (_, at) => `${String(at + 1)} granted`));
  expect(play.advance(3 * size)).toHaveLength(size / 2 - 1);
  expect(play.table.nextDeadlineMs()).toBeNull();
});
