import type { Socket } from 'node:net';
import type { Json } from '../base/json.ts';
import { parseJson } from '../base/parse-json.ts';
import { isErrorKind } from '../protocol/error-kind.ts';
import { FrameSplitter } from '../protocol/frame-splitter.ts';
import { textOf } from './answer.ts';
import { Disconnected, refusalOf, TooLarge, UnexpectedAnswer } from './errors.ts';
import { fieldOf } from './field-of.ts';
import type { MpctlError } from './mpctl-error.ts';

/** Parameters of a call; what is undefined is left out. */
export type Params = Readonly<Record<string, Json | undefined>>;

/** Who asks for what. */
export interface Request {
  readonly method: string;
  readonly params: Params;
  /** Holder within this process. */
  readonly thread: string;
}

/**
 * One stream to the run: requests are numbered and written together at the end of each tick, answers
 * come in any order. It keeps the program alive only while an answer is awaited.
 */
export class Connection {
  /** The largest frame that the run takes. */
  readonly maxFrameBytes: number;
  readonly #socket: Socket;
  readonly #splitter = new FrameSplitter(Infinity);
  readonly #waiting = new Map<number, (answer: Json | undefined) => void>();
  readonly #gone: Promise<void>;
  #lastId = 0;
  #unsent = '';
  #whyGone: string | null = null;

  /** Takes over an upgraded socket whose encoding is UTF-8; `rest` is what came behind the upgrade. */
  constructor(socket: Socket, rest: string, maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes;
    this.#socket = socket;
    this.#gone = new Promise((resolve) => {
      socket.on('close', () => {
        this.#end('the run has closed the connection');
        resolve();
      });
    });
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (error) => this.#end(`the connection to the run has failed: ${error.message}`));
    socket.unref();
    this.#read(rest);
  }

  /**
   * Asks, and gives the result.
   *
   * @throws MpctlError where the run refuses, the signal calls it off, or the connection is gone.
   */
  async call(request: Request, signal?: AbortSignal): Promise<Json> {
    const { method } = request;
    if (isAborted(signal)) throw cancelled(method, signal);
    this.#lastId += 1;
    const id = this.#lastId;
    this.#send(request, id);
    const cancel = (): void => this.tell({ method: 'cancel', params: { id }, thread: request.thread });
    signal?.addEventListener('abort', cancel, { once: true });
    const answer = await this.#answerTo(id);
    signal?.removeEventListener('abort', cancel);
    if (answer === undefined) throw this.#disconnected();
    const result = fieldOf(answer, 'result');
    if (result !== undefined) return result;
    const error = fieldOf(answer, 'error');
    const kind = fieldOf(fieldOf(error, 'data'), 'kind');
    if (!isErrorKind(kind)) throw new UnexpectedAnswer('unexpected_answer', `the run has answered ${JSON.stringify(answer)}`);
    if (kind === 'cancelled' && isAborted(signal)) throw cancelled(method, signal);
    throw refusalOf(method, kind, textOf(fieldOf(error, 'message')));
  }

  /**
   * Asks for something whose answer nobody needs, in order with the calls. Once the connection is gone
   * nothing is left to tell: its end has released and called off everything.
   */
  tell(request: Request): void {
    if (this.#whyGone === null) this.#send(request, null);
  }

  /** Sends what is still to be sent and ends the connection, which releases all that it holds. */
  async close(): Promise<void> {
    this.#flush();
    this.#end('the connection was closed');
    this.#socket.ref().end();
    await this.#gone;
  }

  /** undefined where the connection is gone before it. */
  async #answerTo(id: number): Promise<Json | undefined> {
    if (this.#waiting.size === 0) this.#socket.ref();
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
    });
  }

  #send({ method, params, thread }: Request, id: number | null): void {
    if (this.#whyGone !== null) throw this.#disconnected();
    const named = id === null ? '' : `"id":${String(id)},`;
    const line = `{"jsonrpc":"2.0",${named}"thread":"${thread}","method":"${method}","params":${JSON.stringify(params)}}\n`;
    // The door would close the connection, and with it release every lock.
    const { maxFrameBytes } = this;
    if (line.length * 3 > maxFrameBytes && Buffer.byteLength(line) > maxFrameBytes) {
      throw new TooLarge('too_large', `\`${method}\` is larger than the ${String(maxFrameBytes)} bytes that one frame may have`);
    }
    if (this.#unsent === '') process.nextTick(() => this.#flush());
    this.#unsent += line;
  }

  #flush(): void {
    if (this.#unsent === '' || this.#whyGone !== null) return;
    this.#socket.write(this.#unsent);
    this.#unsent = '';
  }

  #read(text: string): void {
    for (const line of this.#splitter.push(text).frames) {
      const frame = parseJson(line);
      const id = frame.ok ? fieldOf(frame.value, 'id') : undefined;
      const resolve = typeof id === 'number' ? this.#waiting.get(id) : undefined;
      if (!frame.ok || typeof id !== 'number' || resolve === undefined) continue;
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#socket.unref();
      resolve(frame.value);
    }
  }

  #end(why: string): void {
    this.#whyGone ??= why;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const resolve of waiting) resolve(undefined);
  }

  #disconnected(): Disconnected {
    return new Disconnected('disconnected', this.#whyGone ?? 'the connection is gone');
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function cancelled(method: string, signal: AbortSignal | undefined): MpctlError {
  return refusalOf(method, 'cancelled', `\`${method}\` was called off`, { cause: signal?.reason });
}
