import type { Socket } from 'node:net';
import { streamPath, type HttpAnswer } from '../../protocol/message.ts';
import { answerCall, type HttpCaller, readPid } from './answer-call.ts';
import type { CallDesk } from './call-desk.ts';
import { ConnectionHolder } from './connection-holder.ts';
import { plainBody, type PlainRequest, readPlainRequest } from './plain-request.ts';

/** The door as its connections see it. */
export interface PlainDoor {
  readonly desk: CallDesk;
  /** Largest body that is taken, and most that is kept of who asks on without having been answered. */
  readonly maxFrameBytes: number;
  /** Who calls; the refusal, where it is nobody. */
  authenticate(request: PlainRequest): HttpCaller | HttpAnswer;
  /** The connection is to become a stream. */
  openStream(request: PlainRequest): void;
  /** From now on the connection is the HTTP server's; `unread` is what was read of it and not answered. */
  leaveToServer(unread: Buffer): void;
}

/**
 * A connection whose requests come whole in one piece, as curl and the clients send them, and need no HTTP
 * server: Node's takes longer to be loaded, and to be set up for a connection, than a call. At the first
 * request that is not so plain, the connection is left to that one.
 */
export class PlainConnection {
  readonly #socket: Socket;
  readonly #door: PlainDoor;
  readonly #onData = (chunk: Buffer): void => this.#read(chunk);
  /** It waits for an answer. */
  #isWaiting = false;
  #giveUp: (() => void) | null = null;
  /** What came while it waited. */
  readonly #unread: Buffer[] = [];
  #unreadBytes = 0;

  private constructor(socket: Socket, door: PlainDoor) {
    this.#socket = socket;
    this.#door = door;
  }

  /** From now on it reads the socket. */
  static serve(socket: Socket, door: PlainDoor): void {
    const connection = new PlainConnection(socket, door);
    socket.on('data', connection.#onData);
    socket.once('close', () => connection.#giveUp?.());
  }

  #read(chunk: Buffer): void {
    if (this.#isWaiting) this.#keep(chunk);
    else this.#take(chunk);
  }

  #keep(chunk: Buffer): void {
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes > this.#door.maxFrameBytes) this.#socket.pause();
  }

  #take(chunk: Buffer): void {
    // Whoever does not read his answers is held up by the server.
    const request = this.#socket.writableLength > 0 ? null : readPlainRequest(chunk);
    if (request !== null && wantsStream(request)) {
      this.#socket.off('data', this.#onData);
      this.#door.openStream(request);
      return;
    }
    const body = request === null ? null : plainBody(request);
    if (request === null || body === null || request.rest.length > this.#door.maxFrameBytes) this.#leave(chunk);
    else this.#call(request, body);
  }

  #call(request: PlainRequest, body: string): void {
    const caller = this.#door.authenticate(request);
    if ('status' in caller) {
      this.#reply(caller);
      return;
    }
    this.#isWaiting = true;
    const { method, path, headers } = request;
    const call = { method, path, body, pid: readPid(headers.get('mpctl-pid')), holder: ConnectionHolder.of(this.#socket, headers.get('mpctl-hold')) };
    const giveUp = answerCall(call, caller, this.#door.desk, (answer) => this.#reply(answer));
    if (this.#isWaiting) this.#giveUp = giveUp;
  }

  #reply({ status, headers, body }: HttpAnswer): void {
    this.#isWaiting = false;
    this.#giveUp = null;
    if (!this.#socket.writable) return;
    const allow = headers['Allow'] === undefined ? '' : `Allow: ${headers['Allow']}\r\n`;
    const head = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nDate: ${new Date().toUTCString()}\r\n${allow}`;
    this.#socket.write(`HTTP/1.1 ${status} ${status === 200 ? 'OK' : 'Refused'}\r\n${head}\r\n${body}`);
    if (this.#unread.length > 0) this.#leave(Buffer.concat(this.#unread));
  }

  #leave(unread: Buffer): void {
    this.#socket.off('data', this.#onData).pause();
    this.#door.leaveToServer(unread);
  }
}

function wantsStream({ method, path, headers }: PlainRequest): boolean {
  const isUpgrade = headers.get('upgrade') === 'mpctl' && headers.get('connection')?.toLowerCase() === 'upgrade';
  return isUpgrade && method === 'GET' && path === streamPath && readPid(headers.get('mpctl-pid')) !== null && !headers.has('content-length');
}
