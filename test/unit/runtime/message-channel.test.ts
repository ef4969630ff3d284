import { closeSync, existsSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { MessageChannel } from '../../../src/runtime/door/message-channel.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

/** A client's view of the file, which it keeps when the name is gone. */
function open(channel: MessageChannel) {
  const file = openSync(channel.path, 'r+');
  const word = Buffer.alloc(8);
  return {
    write: (place: number, value: number): void => {
      word.writeBigUInt64LE(BigInt(value));
      writeSync(file, word, 0, 8, place);
    },
    send: (text: string): void => void writeSync(file, text, 64),
    words: (): readonly number[] =>
      [0, 8, 16, 24, 32, 40].map((place) => {
        readSync(file, word, 0, 8, place);
        return Number(word.readBigUInt64LE());
      }),
    close: (): void => closeSync(file),
  };
}

it('has all of its bytes before anybody uses it: a disk that is full is known by then', () => {
  const channel = new MessageChannel(path.join(tempFolder({}), 'channel'));
  expect(statSync(channel.path).size).toBe(64 + 256 * 1024);
  expect(channel.callOff()).toEqual([]);
});

it('is called off with what was sent and not taken, and says by how much of both counts the run goes', () => {
  const channel = new MessageChannel(path.join(tempFolder({}), 'channel'));
  const client = open(channel);
  client.send('"one"\n2\n[3]\n4\n');
  client.write(0, 12);
  client.write(8, 6);
  expect(channel.callOff()).toEqual([2, [3]]);
  expect(existsSync(channel.path)).toBe(false);
  // What its clients write from now on changes nothing of that.
  client.write(0, 14);
  client.write(8, 8);
  expect(client.words()).toEqual([14, 8, 0, 2, 12, 6]);
  client.close();
});
