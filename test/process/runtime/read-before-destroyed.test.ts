import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readBeforeDestroyed } from '../../../src/runtime/door/read-before-destroyed.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

/** A socket of which nothing is read yet, whose other side has written `text` and is gone. */
async function leftBehind(text: string): Promise<Socket> {
  const file = path.join(tempFolder({}), 's');
  const server = createServer({ pauseOnConnect: true }).listen(file);
  await once(server, 'listening');
  const client = connect(file);
  const accepted: unknown[] = await once(server, 'connection');
  client.end(text);
  await once(client, 'finish');
  client.destroy();
  await once(client, 'close');
  server.close();
  const [socket] = accepted;
  if (socket instanceof Socket) return socket;
  throw new Error('a server has accepted no socket');
}

it('hands over all that a client has said that is found to be gone by a write to it', async () => {
  // More than one read takes, and less than the system keeps for a socket.
  const text = 'said before '.repeat(10_000);
  const socket = await leftBehind(text);
  const heard: Buffer[] = [];
  readBeforeDestroyed(socket, (bytes) => heard.push(bytes));
  const errors: unknown[] = [];
  socket.on('error', (error) => errors.push(error));
  // Not by `once`, which an error ends before.
  const closed = new Promise((resolve) => {
    socket.on('close', resolve);
  });
  socket.write('an answer');
  await closed;
  expect(errors).toMatchObject([{ code: 'EPIPE' }]);
  expect(Buffer.concat(heard).toString()).toBe(text);
});

it('reads nothing of a socket that is closed for another reason', async () => {
  const socket = await leftBehind('said before');
  const heard: Buffer[] = [];
  readBeforeDestroyed(socket, (bytes) => heard.push(bytes));
  socket.destroy();
  await once(socket, 'close');
  expect(heard).toEqual([]);
});
