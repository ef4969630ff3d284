import { expect, it } from 'vitest';
import { acquire, release, releaseOwed, TablePlay } from './table-play.ts';

const plain = { kind: 'lock', name: 'file', reentrant: false } as const;
const tree = { kind: 'lock', name: 'tree', reentrant: true } as const;

it('goes to the waiters in order of arrival, in the call that frees it', () => {
  const play = new TablePlay(plain);
  expect(play.ask('a', acquire('file'))).toEqual(['1 granted']);
  expect(play.ask('b', acquire('file'))).toEqual([]);
  expect(play.ask('c', acquire('file'))).toEqual([]);
  expect(play.ask('a', release('file'))).toEqual(['4 granted', '2 granted']);
  expect(play.ask('a', acquire('file'))).toEqual([]);
  expect(play.ask('b', release('file'))).toEqual(['6 granted', '3 granted']);
  expect(play.ask('c', release('file'))).toEqual(['7 granted', '5 granted']);
});

it('may be released by any holder of the instance, and by no other instance', () => {
  const play = new TablePlay(plain);
  play.ask('a/main', acquire('file'));
  expect(play.ask('b', release('file'))).toEqual(['2 not_owner']);
  expect(play.ask('a/child', release('file'))).toEqual(['3 granted']);
  expect(play.ask('a/child', release('file'))).toEqual(['4 not_owner']);
});

it('refuses a holder that would wait for itself without limit', () => {
  const play = new TablePlay(plain);
  play.ask('a', acquire('file'));
  expect(play.ask('a', acquire('file'))).toEqual(['2 would_deadlock_on_itself']);
  expect(play.ask('a/thread', acquire('file'))).toEqual(['3 would_deadlock_on_itself']);
  expect(play.ask('a', acquire('file'), 5)).toEqual([]);
  expect(play.advance(5)).toEqual(['4 timed_out']);
});

it('lets one thread of a program wait for another', () => {
  const play = new TablePlay(plain);
  play.ask('a/one', acquire('file'));
  expect(play.ask('a/two', acquire('file'))).toEqual([]);
  expect(play.ask('a/one', release('file'))).toEqual(['3 granted', '2 granted']);
});

it('is entered again by the holder of a reentrant lock, and left with its last release', () => {
  const play = new TablePlay(tree);
  play.ask('a/one', acquire('tree'));
  expect(play.ask('a/one', acquire('tree'))).toEqual(['2 granted']);
  expect(play.ask('a/two', acquire('tree'))).toEqual([]);
  expect(play.ask('a/two', release('tree'))).toEqual(['4 not_owner']);
  expect(play.ask('a/one', release('tree'))).toEqual(['5 granted']);
  expect(play.ask('a/one', release('tree'))).toEqual(['6 granted', '3 granted']);
});

it('comes back at the end of a `with` as far as it was not released before, and from nobody else', () => {
  const play = new TablePlay(plain, tree);
  play.ask('a', acquire('tree'));
  play.ask('a', acquire('tree', 'file'));
  play.ask('a', release('file'));
  play.ask('b', acquire('file'));
  expect(play.ask('c', acquire('file'))).toEqual([]);
  expect(play.ask('d', acquire('tree'))).toEqual([]);
  expect(play.ask('a', releaseOwed('tree', 'file'))).toEqual(['7 granted']);
  expect(play.ask('a', releaseOwed('tree*2'))).toEqual(['8 granted', '6 granted']);
  expect(play.ask('a', releaseOwed('tree'))).toEqual(['9 granted']);
});

it('lets in what else its new holder waits for', () => {
  const play = new TablePlay(tree);
  play.ask('a', acquire('tree'));
  play.ask('b', acquire('tree'));
  play.ask('c', acquire('tree'));
  play.ask('b', acquire('tree'));
  expect(play.ask('a', release('tree'))).toEqual(['5 granted', '2 granted', '4 granted']);
});

it('lets in what its holder waits for since it was inside before', () => {
  const play = new TablePlay(plain, tree, { kind: 'lock', name: 'other', reentrant: false });
  play.ask('a', acquire('file', 'other'));
  play.ask('c', acquire('file', 'tree'));
  play.ask('c', acquire('tree'));
  play.ask('c', acquire('other', 'tree'));
  play.ask('c', release('tree'));
  play.ask('b', acquire('tree'));
  expect(play.ask('a', release('file', 'other'))).toEqual(['7 granted']);
  expect(play.ask('b', release('tree'))).toEqual(['8 granted', '2 granted', '4 granted']);
});

it('gives fencing numbers that rise with every holder, and the same for a second entry', () => {
  const play = new TablePlay(tree);
  const tokens = ['a', 'a', 'b'].map((instance) => {
    const [event] = play.askRaw(instance, acquire('tree'), 0);
    return event?.type === 'settled' && event.outcome.status === 'granted' ? event.outcome.tokens : event;
  });
  expect(tokens.slice(0, 2)).toEqual([{ tree: 1 }, { tree: 1 }]);
  play.end('a');
  expect(play.askRaw('b', acquire('tree'))).toMatchObject([{ outcome: { tokens: { tree: 2 }, ownerDied: ['tree'] } }]);
});

it('semantics 5: is released when its owner ends, and the next holder alone hears that it died', () => {
  const play = new TablePlay(plain);
  play.ask('a', acquire('file'));
  play.ask('b', acquire('file'));
  play.ask('c', acquire('file'));
  expect(play.table.ownerEnded('a', false)).toMatchObject([{ requestId: 2, outcome: { ownerDied: ['file'] } }]);
  expect(play.askRaw('b', release('file'))).toMatchObject([{ requestId: 4 }, { requestId: 3, outcome: { ownerDied: [] } }]);
});

it('semantics 5: cancels the waits of an ended owner before it hands over', () => {
  const play = new TablePlay(plain);
  play.ask('a/one', acquire('file'));
  play.ask('a/two', acquire('file'));
  play.ask('b', acquire('file'));
  expect(play.end('a')).toEqual(['2 cancelled', '3 granted']);
});

it('never has two permits', () => {
  const play = new TablePlay(plain);
  expect(play.ask('a', acquire('file*2'))).toEqual(['1 demand_exceeds_permits']);
  expect(play.ask('a', acquire('file', 'file'))).toEqual(['2 demand_exceeds_permits']);
});

it('is left only to the holder that has it, alone and plain', () => {
  const delegate = { verb: 'delegate', name: 'file' } as const;
  const play = new TablePlay(plain);
  expect(play.ask('a', delegate)).toEqual(['1 not_delegable']);
  play.ask('a/one', acquire('file'));
  expect(play.ask('b', delegate)).toEqual(['3 not_delegable']);
  expect(play.ask('a/two', delegate)).toEqual(['4 not_delegable']);
  play.ask('b', acquire('file'));
  expect(play.ask('a/one', delegate)).toEqual(['6 not_delegable']);
  play.cancel(5);
  expect(play.ask('a/one', delegate)).toEqual(['7 granted 1']);
});

it('is left to nobody where it is reentrant, or a condition gives it to others by itself', () => {
  const reentrant = new TablePlay(tree);
  reentrant.ask('a', acquire('tree'));
  expect(reentrant.ask('a', { verb: 'delegate', name: 'tree' })).toEqual(['2 not_delegable']);
  const guarded = new TablePlay({ kind: 'condition', name: 'changed', lock: 'file' }, plain);
  guarded.ask('a', acquire('file'));
  expect(guarded.ask('a', { verb: 'delegate', name: 'file' })).toEqual(['2 not_delegable']);
});

it('comes back as its holder has left it, and goes on counting grants from there', () => {
  const play = new TablePlay(plain);
  const tokens = (): unknown => play.table.snapshot().primitives[0];
  play.ask('a', acquire('file'));
  play.ask('a', { verb: 'delegate', name: 'file' });
  expect(play.ask('a', { verb: 'reclaim', name: 'file', token: 5, isHeld: true })).toEqual(['3 granted']);
  expect(tokens()).toMatchObject({ free: 0, holdings: [{ token: 5 }], nextToken: 6, isDelegated: false });
  play.ask('a', { verb: 'delegate', name: 'file' });
  expect(play.ask('a', { verb: 'reclaim', name: 'file', token: 9, isHeld: false })).toEqual(['a had released file', '5 granted']);
  expect(tokens()).toMatchObject({ free: 1, holdings: [], nextToken: 11 });
  expect(play.ask('a', { verb: 'reclaim', name: 'file', token: 11, isHeld: true })).toEqual(['6 not_owner']);
});

it('comes back from whoever it was handed on to, or from nobody', () => {
  const play = new TablePlay(plain);
  const state = (): unknown => play.table.snapshot().primitives[0];
  play.ask('a', acquire('file'));
  expect(play.ask('a', { verb: 'hand_back', name: 'file', token: 4, holder: null })).toEqual(['2 not_owner']);
  play.ask('a', { verb: 'delegate', name: 'file' });
  expect(play.ask('a', { verb: 'hand_back', name: 'file', token: 4, holder: { instance: 'b', holder: 'steps' } })).toEqual(['4 granted']);
  expect(state()).toMatchObject({ free: 0, holdings: [{ owner: { instance: 'b' }, token: 4 }], nextToken: 5, isDelegated: false });
  play.ask('c', acquire('file'));
  expect(play.end('a')).toEqual([]);
  expect(play.end('b')).toEqual(['5 granted']);
  expect(state()).toMatchObject({ holdings: [{ owner: { instance: 'c' }, token: 5 }], nextToken: 6 });
  play.ask('c', { verb: 'delegate', name: 'file' });
  expect(play.ask('c', { verb: 'hand_back', name: 'file', token: 7, holder: null })).toEqual(['7 granted']);
  expect(state()).toMatchObject({ free: 1, holdings: [], nextToken: 8 });
});

it('is released by the grant that is named, and by no other', () => {
  const play = new TablePlay(plain);
  play.ask('a', acquire('file'));
  expect(play.ask('a', { verb: 'release', demands: [{ name: 'file', permits: 1 }], token: 2 })).toEqual(['2 not_owner']);
  expect(play.ask('a', { verb: 'release', demands: [{ name: 'file', permits: 1 }], token: 1 })).toEqual(['3 granted']);
});
