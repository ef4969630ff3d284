import type { Socket } from 'node:net';
import type { Json } from '../base/json.ts';
import { parseJson } from '../base/parse-json.ts';
import { isErrorKind } from '../protocol/error-kind.ts';
import { FrameSplitter } from '../protocol/frame-splitter.ts';
import { Disconnected, refusalOf, TooLarge, UnexpectedAnswer } from './errors.ts';
import { fieldOf } from './field-of.ts';
import type { MpctlError } from './mpctl-error.ts';
import { hearsOnlyAnswers } from './only-answers.ts';
import { toJson } from './to-json.ts';
import { writeRest } from './write-rest.ts';

/** Parameters of a call; what is undefined is left out. */
export type Params = Readonly<Record<string, Json | undefined>>;

/** Who asks for what. */
export interface Request {
  readonly method: string;
  /** As they are, or as JSON text. */
  readonly params: Params | string;
  /** Holder within this process. */
  readonly thread: string;
}

/** A request that has not been answered. */
interface Waiting {
  /** Which of the frames it was that were sent. */
  readonly frame: number;
  readonly resolve: (answer: Json) => void;
  readonly reject: (error: MpctlError) => void;
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
  readonly #waiting = new Map<number, Waiting>();
  /** What is told of recalls, by queue. */
  readonly #recalls = new Map<string, () => void>();
  /** Sends what was collected, before anything else goes out. */
  #collected: (() => void) | null = null;
  readonly #gone: Promise<void>;
  #lastId = 0;
  /** How many frames were sent, and how many of them the run has begun with for certain: it does so in order. */
  #frames = 0;
  #begunFrames = 0;
  #unsent = '';
  /** What was given to the socket last, until all of it is written: nothing else is given to it meanwhile. */
  #underWay: Buffer | null = null;
  #isFlushing = false;
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
    // What is put right before `process.exit` goes out all the same.
    const finish = (): void => this.#finish();
    process.on('exit', finish);
    socket.on('close', () => process.off('exit', finish));
    socket.unref();
    this.#read(rest);
  }

  /**
   * Asks, and gives the result.
   *
   * @throws MpctlError where the run refuses, the signal calls it off, or the connection is gone.
   */
  async call(request: Request, signal?: AbortSignal): Promise<Json> {
    const answer = await this.#answerTo(request, signal);
    const result = fieldOf(answer, 'result');
    // Made here and not where the socket is read, an error has whoever awaits the call on its stack.
    if (result === undefined) throw refusalIn(answer, request.method, signal);
    return result;
  }

  #answerTo(request: Request, signal: AbortSignal | undefined): Promise<Json> {
    return new Promise((resolve, reject) => {
      const { method, thread } = request;
      if (isAborted(signal)) throw cancelled(method, signal);
      this.#sendCollected();
      this.#lastId += 1;
      const id = this.#lastId;
      this.#send(request, id);
      const frame = this.#frames;
      if (this.#waiting.size === 0) this.#socket.ref();
      if (signal === undefined) {
        this.#waiting.set(id, { frame, resolve, reject });
        return;
      }
      const cancel = (): void => this.tell({ method: 'cancel', params: { id }, thread });
      const answered = (): void => signal.removeEventListener('abort', cancel);
      signal.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(id, {
        frame,
        resolve: (answer) => {
          answered();
          resolve(answer);
        },
        reject: (error) => {
          answered();
          reject(error);
        },
      });
    });
  }

  /**
   * Asks for something whose answer nobody needs, in order with the calls. Once the connection is gone
   * nothing is left to tell: its end has released and called off everything.
   */
  tell(request: Request): void {
    if (this.#whyGone !== null) return;
    this.#sendCollected();
    this.#send(request, null);
  }

  /** Whether the run is there, and everything asked of it so far has taken effect, or waits there. */
  get isSettled(): boolean {
    return this.#begunFrames === this.#frames && this.#collected === null && this.#whyGone === null;
  }

  /** Has `send` called once, before anything else goes out and at the latest at the end of this tick. */
  collect(send: () => void): void {
    this.#sendCollected();
    this.#collected = send;
    this.#flushSoon();
  }

  /** Has `hear` called whenever the run wants back what it has lent of a queue. */
  onRecall(queue: string, hear: () => void): void {
    this.#recalls.set(queue, hear);
  }

  /** Sends what is still to be sent and ends the connection, which releases all that it holds. */
  async close(): Promise<void> {
    this.flush();
    if (this.#unsent !== '' && this.#whyGone === null) this.#socket.write(this.#unsent);
    this.#unsent = '';
    this.#end('the connection was closed');
    this.#socket.ref().end();
    await this.#gone;
  }

  /** Hands what is still to be sent to the system. */
  flush(): void {
    this.#isFlushing = false;
    this.#sendCollected();
    this.#write();
  }

  #write(): void {
    if (this.#unsent === '' || this.#underWay !== null || this.#whyGone !== null) return;
    this.#underWay = Buffer.from(this.#unsent);
    this.#unsent = '';
    this.#socket.write(this.#underWay, () => {
      this.#underWay = null;
      this.#write();
    });
  }

  /** The program exits: what was asked before is to be in the hands of the system. */
  #finish(): void {
    if (this.#whyGone !== null) return;
    this.#sendCollected();
    writeRest(this.#socket, this.#underWay, this.#unsent);
    this.#unsent = '';
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    process.nextTick(() => this.flush());
  }

  #sendCollected(): void {
    const send = this.#collected;
    this.#collected = null;
    send?.();
  }

  #send({ method, params, thread }: Request, id: number | null): void {
    if (this.#whyGone !== null) throw this.#disconnected();
    const named = id === null ? '' : `"id":${String(id)},`;
    const text = typeof params === 'string' ? params : toJson(params);
    const line = `{"jsonrpc":"2.0",${named}"thread":"${thread}","method":"${method}","params":${text}}\n`;
    // The door would close the connection, and with it release every lock.
    const { maxFrameBytes } = this;
    if (line.length * 3 > maxFrameBytes && Buffer.byteLength(line) > maxFrameBytes) {
      throw new TooLarge('too_large', `\`${method}\` is larger than the ${String(maxFrameBytes)} bytes that one frame may have`);
    }
    this.#frames += 1;
    this.#unsent += line;
    this.#flushSoon();
  }

  #read(text: string): void {
    for (const line of this.#splitter.push(text).frames) {
      const frame = parseJson(line, Number.POSITIVE_INFINITY);
      if (!frame.ok) continue;
      const id = fieldOf(frame.value, 'id');
      const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
      if (typeof id !== 'number' || waiting === undefined) {
        this.#hear(frame.value);
        continue;
      }
      this.#waiting.delete(id);
      this.#begunFrames = Math.max(this.#begunFrames, waiting.frame);
      if (this.#waiting.size === 0) this.#socket.unref();
      waiting.resolve(frame.value);
    }
  }

  #hear(frame: Json): void {
    const method = fieldOf(frame, 'method');
    const name = fieldOf(fieldOf(frame, 'params'), 'name');
    if (method === 'queue.recall' && typeof name === 'string') this.#recalls.get(name)?.();
    else if (method === 'wait.ask') this.tell({ method: 'wait.only', params: { calls: hearsOnlyAnswers() ? this.#waiting.size : null }, thread: '0' });
  }

  #end(why: string): void {
    this.#whyGone ??= why;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(this.#disconnected());
  }

  #disconnected(): Disconnected {
    return new Disconnected('disconnected', this.#whyGone ?? 'the connection is gone');
  }
}

function refusalIn(answer: Json, method: string, signal: AbortSignal | undefined): MpctlError {
  const error = fieldOf(answer, 'error');
  const kind = fieldOf(fieldOf(error, 'data'), 'kind');
  const message = fieldOf(error, 'message');
  const put = fieldOf(fieldOf(error, 'data'), 'put');
  if (!isErrorKind(kind) || typeof message !== 'string') return new UnexpectedAnswer('unexpected_answer', `the run has answered ${JSON.stringify(answer)}`);
  const refusal = kind === 'cancelled' && isAborted(signal) ? cancelled(method, signal) : refusalOf(method, kind, message);
  refusal.put = typeof put === 'number' ? put : 0;
  return refusal;
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function cancelled(method: string, signal: AbortSignal | undefined): MpctlError {
  return refusalOf(method, 'cancelled', `\`${method}\` was called off`, { cause: signal?.reason });
}
