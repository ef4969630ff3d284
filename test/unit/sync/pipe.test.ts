import { expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import type { Operation } from '../../../src/sync/operation.ts';
import { TablePlay } from './table-play.ts';

const duplex = { kind: 'pipe', name: 'link', capacity: 1, ends: ['left', 'right'], duplex: true } as const;
const simplex = { ...duplex, duplex: false } as const;
const receive: Operation = { verb: 'receive', name: 'link' };
const poll: Operation = { verb: 'poll', name: 'link' };
const close: Operation = { verb: 'close_pipe', name: 'link' };

function send(item: Json): Operation {
  return { verb: 'send', name: 'link', item };
}

it('carries messages in order, in both directions', () => {
  const play = new TablePlay({ ...duplex, capacity: null });
  play.ask('left', send(1));
  play.ask('left', send(null));
  play.ask('right', send('back'));
  expect(play.ask('right', receive)).toEqual(['4 granted 1']);
  expect(play.ask('right', receive)).toEqual(['5 granted']);
  expect(play.ask('left', receive)).toEqual(['6 granted "back"']);
});

it('hands a message to a waiting receive, and freed room to a waiting send', () => {
  const play = new TablePlay(duplex);
  play.ask('right', receive);
  expect(play.ask('left', send(1))).toEqual(['2 granted', '1 granted 1']);
  play.ask('left', send(2));
  expect(play.ask('left', send(3))).toEqual([]);
  expect(play.ask('right', receive)).toEqual(['5 granted 2', '4 granted']);
});

it('belongs to its two ends, and a simplex one has a direction', () => {
  const play = new TablePlay(simplex);
  expect(play.ask('right', send(1))).toEqual(['1 not_owner']);
  expect(play.ask('left', receive)).toEqual(['2 not_owner']);
  expect(play.ask('other', send(1))).toEqual(['3 not_owner']);
  expect(play.ask('other', close)).toEqual(['4 not_owner']);
  expect(play.ask('left', send(1))).toEqual(['5 granted']);
});

it('semantics 3: delivers what is under way before the end of stream', () => {
  const play = new TablePlay(duplex);
  play.ask('left', send(1));
  expect(play.ask('left', close)).toEqual(['2 granted', 'link of right has ended']);
  expect(play.ask('right', receive)).toEqual(['3 granted 1']);
  expect(play.ask('right', receive)).toEqual(['4 end_of_stream']);
  expect(play.ask('right', send(2))).toEqual(['5 broken']);
});

it('semantics 3: ends the waits of the peer when an end closes', () => {
  const play = new TablePlay(duplex);
  play.ask('right', receive);
  expect(play.ask('left', close)).toEqual(['2 granted', '1 end_of_stream', 'link of right has ended']);
  const full = new TablePlay(duplex);
  full.ask('left', send(1));
  full.ask('left', send(2));
  expect(full.end('right')).toEqual(['2 broken', 'link of left has ended']);
});

it('is closed for its own end, which may close again', () => {
  const play = new TablePlay(duplex);
  play.ask('left', close);
  expect(play.ask('left', send(1))).toEqual(['2 closed']);
  expect(play.ask('left', receive)).toEqual(['3 closed']);
  expect(play.ask('left', close)).toEqual(['4 granted']);
});

it('fails what other threads of the instance wait for when it closes', () => {
  const play = new TablePlay(duplex);
  play.ask('left', send(1));
  play.ask('left/one', send(2));
  play.ask('left/two', receive);
  expect(play.ask('left', close)).toEqual(['4 granted', '2 closed', '3 closed', 'link of right has ended']);
});

it('semantics 6: stays open between two attempts of an instance', () => {
  const play = new TablePlay(duplex);
  play.ask('left', send(1));
  play.ask('right', receive);
  play.end('right', false);
  play.end('left', false);
  expect(play.ask('left', send(2))).toEqual(['3 granted']);
  expect(play.ask('right', receive)).toEqual(['4 granted 2']);
  play.end('left', true);
  expect(play.ask('right', receive)).toEqual(['5 end_of_stream']);
});

it('does not wait where no time is left', () => {
  const play = new TablePlay(duplex);
  expect(play.ask('right', receive, 0)).toEqual(['1 timed_out']);
  play.ask('left', send(1));
  expect(play.ask('left', send(2), 0)).toEqual(['3 timed_out']);
});

it('polls for a message without taking it', () => {
  const play = new TablePlay(duplex);
  expect(play.ask('right', poll, 0)).toEqual(['1 timed_out']);
  expect(play.ask('right/one', poll)).toEqual([]);
  expect(play.ask('right/two', poll)).toEqual([]);
  expect(play.ask('left', send(1))).toEqual(['4 granted', '2 granted', '3 granted']);
  expect(play.ask('right', poll)).toEqual(['5 granted']);
  expect(play.ask('right', receive)).toEqual(['6 granted 1']);
});

it('polls for what no waiting receive takes', () => {
  const play = new TablePlay(duplex);
  play.ask('right/poller', poll);
  play.ask('right/receiver', receive);
  expect(play.ask('left', send(1))).toEqual(['3 granted', '2 granted 1']);
  expect(play.ask('left', send(2))).toEqual(['4 granted', '1 granted']);
});

it('polls for the end of stream, and no longer than it may', () => {
  const play = new TablePlay(duplex);
  play.ask('right', poll);
  play.ask('left', poll, 10);
  expect(play.advance(10)).toEqual(['2 timed_out']);
  play.ask('left', poll);
  expect(play.ask('left', close)).toEqual(['4 granted', '3 closed', '1 granted', 'link of right has ended']);
  expect(play.ask('right', poll)).toEqual(['5 granted']);
});

it('polls at an end that receives', () => {
  const play = new TablePlay(simplex);
  expect(play.ask('left', poll)).toEqual(['1 not_owner']);
  expect(play.ask('other', poll)).toEqual(['2 not_owner']);
});
