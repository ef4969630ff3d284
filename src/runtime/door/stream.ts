import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { Answer } from '../../engine/caller.ts';
import type { SeenWaiter } from '../../engine/seen-program.ts';
import { FrameSplitter } from '../../protocol/frame-splitter.ts';
import { errorLine, maxFrameBytes, readRequest, resultLine, type RequestFrame, type RequestId } from '../../protocol/message.ts';
import { parseCall } from '../../protocol/parse-call.ts';
import type { CallDesk } from './call-desk.ts';

/** Answers that wait for a client that does not read; from here on it is not read from either. */
const maxUnreadBytes = 1024 * 1024;

/** What an upgraded connection speaks for. */
interface StreamCaller {
  readonly instance: string;
  /** The process id that the client gave. */
  readonly process: string;
}

/** One upgraded connection: JSON-RPC 2.0, a frame a line, answers as they are ready. */
export class Stream {
  readonly #socket: Socket;
  readonly #caller: StreamCaller;
  readonly #desk: CallDesk;
  readonly #splitter = new FrameSplitter(maxFrameBytes);
  /** Calls under way, by the id that the client gave. */
  readonly #calls = new Map<RequestId, number>();
  /** Those of them whose threads do nothing until they have the answer, by the same id. */
  readonly #waiters = new Map<RequestId, SeenWaiter>();
  /** Calls under way whose answer nobody wants. */
  readonly #silent = new Set<number>();
  readonly #holders = new Set<string>();
  #unsent = '';
  #closed = false;

  constructor(socket: Socket, caller: StreamCaller, desk: CallDesk) {
    this.#socket = socket;
    this.#caller = caller;
    this.#desk = desk;
    // A socket that spoke HTTP before keeps its bytes.
    const decoder = new StringDecoder('utf8');
    socket.on('data', (bytes: Buffer) => this.#take(decoder.write(bytes)));
    socket.on('drain', () => {
      if (!this.#closed) socket.resume();
    });
    socket.on('close', () => this.#end());
  }

  /** The process that the client has said it is. */
  get pid(): number {
    return Number(this.#caller.process);
  }

  /** The calls under way whose threads do nothing until they have the answer. */
  waiters(): readonly SeenWaiter[] {
    return [...this.#waiters.values()];
  }

  #take(text: string): void {
    if (this.#closed) return;
    const { frames, isTooLarge } = this.#splitter.push(text);
    for (const frame of frames) this.#handle(frame);
    if (isTooLarge) this.#write(errorLine(null, { kind: 'too_large', message: `a frame holds at most ${maxFrameBytes} bytes` }));
    if (!isTooLarge) return;
    this.#send();
    this.#socket.end();
  }

  #handle(text: string): void {
    let frame: unknown;
    try {
      frame = JSON.parse(text);
    } catch {
      this.#write(errorLine(null, { kind: 'parse_error', message: 'a frame is no JSON' }));
      return;
    }
    const request = readRequest(frame);
    if (request === null) {
      this.#write(errorLine(null, { kind: 'invalid_request', message: 'a frame is an object with `method`, and `id` where its answer is wanted' }));
    } else if (request.method === 'cancel') {
      this.#cancel(request);
    } else {
      this.#begin(request);
    }
  }

  #begin({ id, method, params, thread, threads }: RequestFrame): void {
    if (id !== null && this.#calls.has(id)) {
      this.#write(errorLine(id, { kind: 'invalid_request', message: `request ${id} of this connection is under way` }));
      return;
    }
    const call = parseCall(method, params);
    if (!call.ok) {
      if (id !== null) this.#write(errorLine(id, call.error));
      return;
    }
    const holder = `${this.#caller.process}/${thread}`;
    this.#holders.add(holder);
    let answered = false;
    let number = 0;
    number = this.#desk.ask({ instance: this.#caller.instance, holder }, call.value, (answer) => {
      answered = true;
      if (id === null) this.#silent.delete(number);
      else this.#answer(id, answer);
    });
    if (answered) return;
    if (id === null) this.#silent.add(number);
    else this.#calls.set(id, number);
    if (id !== null && threads !== null) this.#waiters.set(id, { call: number, pid: this.pid, thread, threads });
  }

  #cancel({ id, params }: RequestFrame): void {
    const target = typeof params === 'object' && params !== null && 'id' in params ? params.id : null;
    const number = typeof target === 'string' || typeof target === 'number' ? this.#calls.get(target) : undefined;
    if (number !== undefined) this.#desk.cancel(number);
    if (id !== null) this.#write(resultLine(id, null));
  }

  #answer(id: RequestId, answer: Answer): void {
    this.#calls.delete(id);
    this.#waiters.delete(id);
    this.#write(answer.ok ? resultLine(id, answer.value) : errorLine(id, answer.error));
  }

  /**
   * What one turn has to say goes out together, after everything that has come was read: to write to a
   * client that has died closes its connection, and what it asked before it died still counts.
   */
  #write(line: string): void {
    if (this.#unsent === '') setImmediate(() => this.#send());
    this.#unsent += line;
  }

  #send(): void {
    const text = this.#unsent;
    this.#unsent = '';
    if (text === '' || this.#closed) return;
    this.#socket.write(text);
    if (this.#socket.writableLength > maxUnreadBytes) this.#socket.pause();
  }

  #end(): void {
    this.#closed = true;
    for (const call of [...this.#calls.values(), ...this.#silent]) this.#desk.cancel(call);
    this.#calls.clear();
    this.#waiters.clear();
    for (const holder of this.#holders) this.#desk.holderGone(this.#caller.instance, holder);
  }
}
