import { closeSync, openSync, writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { isRecord } from '../../../src/base/json-type.ts';
import { createMemoryBroker } from '../../../src/broker/memory-broker.ts';
import { ClientFiles } from '../../../src/runtime/door/client-files.ts';
import { HandshakeFiles } from '../../../src/runtime/door/handshake-files.ts';
import { type MessageListener, ReceivesAhead } from '../../../src/runtime/receives-ahead.ts';
import type { PrimitiveDefinition } from '../../../src/sync/definition.ts';
import type { Operation, Outcome, Owner } from '../../../src/sync/operation.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

const definitions: readonly PrimitiveDefinition[] = [{ kind: 'pipe', name: 'link', capacity: null, ends: ['a', 'b'], duplex: true }];
const sender: Owner = { instance: 'a', holder: '1/1' };
const receiver: Owner = { instance: 'b', holder: '2/1' };

/** A pipe whose end at `b` has a receiver that is sent messages ahead. */
function setUp() {
  const files = new ClientFiles(tempFolder({}));
  const broker = new ReceivesAhead(createMemoryBroker(definitions), { definitions, handshakes: new HandshakeFiles(files), files, nowMs: () => 0 });
  const heard: Json[] = [];
  const listener: MessageListener = {
    isBehind: false,
    tellMessage: (_pipe, number, item) => void heard.push([number, item]),
    tellDirect: () => void heard.push('direct'),
    tellCalledOff: () => void heard.push('called off'),
  };
  const ask = (owner: Owner, operation: Operation): Outcome | null => broker.attempt({ id: 0, owner, operation, deadlineMs: 0 }, 0);
  const send = (item: Json): Outcome | null => ask(sender, { verb: 'send', name: 'link', item });
  const receive = (owner = receiver): Outcome | null => ask(owner, { verb: 'receive', name: 'link' });
  const begin = (): void => {
    broker.open(receiver, 'link');
    broker.begin(receiver, 'link', listener);
  };
  /** Sends by the file, as a client does. */
  const sendDirectly = (...items: Json[]): void => {
    const answer = broker.sendDirectly(sender, 'link');
    const file = openSync(isRecord(answer) && typeof answer['path'] === 'string' ? answer['path'] : '', 'r+');
    const text = items.map((item) => `${JSON.stringify(item)}\n`).join('');
    writeSync(file, text, 64);
    writeSync(file, Buffer.from([text.length]), 0, 1, 0);
    closeSync(file);
  };
  return { broker, heard, ask, send, receive, begin, sendDirectly };
}

describe('a file from one end of a pipe to the other', () => {
  it('is not to be had where nobody is sent messages ahead, where some wait, or somebody waits for one', () => {
    const { broker, send, begin } = setUp();
    expect(broker.sendDirectly(sender, 'link')).toBeNull();
    begin();
    // So many are sent ahead, and one more waits.
    for (let number = 1; number <= 257; number += 1) send(number);
    expect(broker.sendDirectly(sender, 'link')).toBeNull();

    const other = setUp();
    other.broker.request({ id: 1, owner: { instance: 'b', holder: '2/2' }, operation: { verb: 'receive', name: 'link' }, deadlineMs: null }, 0);
    other.begin();
    expect(other.broker.sendDirectly(sender, 'link')).toBeNull();
  });

  it('is told after the messages before it, and is had once', () => {
    const { broker, heard, send, begin } = setUp();
    begin();
    send('first');
    expect(broker.sendDirectly(sender, 'link')).not.toBeNull();
    expect(heard).toEqual([[1, 'first'], 'direct']);
    expect(broker.sendDirectly({ instance: 'a', holder: '1/2' }, 'link')).toBeNull();
  });

  it.each<[string, (pipe: ReturnType<typeof setUp>) => unknown]>([
    ['another receiver', ({ ask }) => ask({ instance: 'b', holder: '2/2' }, { verb: 'poll', name: 'link' })],
    ['a look', ({ broker }) => broker.look('link')],
    ['a snapshot', ({ broker }) => broker.snapshot()],
    ['the end of the sending thread', ({ broker }) => broker.holderEnded(sender, 0)],
    ['the end of the receiving thread', ({ broker }) => broker.holderEnded(receiver, 0)],
    ['the end of the sender', ({ broker }) => broker.ownerEnded('a', true, 0)],
    ['the end of an attempt of the receiver', ({ broker }) => broker.ownerEnded('b', false, 0)],
    ['the close of the sender', ({ ask }) => ask(sender, { verb: 'close_pipe', name: 'link' })],
  ])('is called off by %s, with all that was sent', (_, happen) => {
    const pipe = setUp();
    pipe.begin();
    pipe.send(1);
    pipe.sendDirectly(2, 3);
    happen(pipe);
    expect(pipe.heard).toEqual([[1, 1], 'direct', 'called off']);
    expect([1, 2, 3].map(() => pipe.receive({ instance: 'b', holder: '2/3' }))).toMatchObject([{ value: 1 }, { value: 2 }, { value: 3 }]);
  });

  it('is called off by a message through the run, which comes after what was sent', () => {
    const { send, begin, sendDirectly, receive } = setUp();
    begin();
    sendDirectly(1, 2);
    send(3);
    expect([1, 2, 3].map(() => receive())).toMatchObject([{ value: 1 }, { value: 2 }, { value: 3 }]);
  });

  it('is called off before the receiver closes: what was sent is lost with its end, and the next send is told', () => {
    const { ask, send, begin, sendDirectly, heard } = setUp();
    begin();
    sendDirectly(1);
    ask(receiver, { verb: 'close_pipe', name: 'link' });
    expect(heard).toEqual(['direct', 'called off']);
    expect(send(2)).toMatchObject({ status: 'failed', reason: 'broken' });
  });

  it('is left alone by whoever asks about the other direction', () => {
    const { ask, begin, sendDirectly, heard } = setUp();
    begin();
    sendDirectly(1);
    ask(receiver, { verb: 'send', name: 'link', item: 'back' });
    ask(sender, { verb: 'receive', name: 'link' });
    expect(heard).toEqual(['direct']);
  });
});
