import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { Json } from '../../base/json.ts';
import { isRecord } from '../../base/json-type.ts';
import { faultIn, parseJson } from '../../base/parse-json.ts';
import { describeFault } from './json-fault.ts';
import { err, ok } from '../../base/result.ts';
import type { Answer } from '../../engine/caller.ts';
import type { Owner } from '../../sync/operation.ts';
import type { SeenLoop, SeenWaiter } from '../../engine/seen-program.ts';
import { FrameSplitter } from '../../protocol/frame-splitter.ts';
import { errorLine, notificationLine, readRequest, resultLine, type RequestFrame, type RequestId } from '../../protocol/message.ts';
import type { Call } from '../../protocol/call.ts';
import { parseCall } from '../../protocol/parse-call.ts';
import { attemptIsOver, type CallDesk } from './call-desk.ts';
import type { KeyedAttempt } from './keys.ts';
import { LoopWord, type Sleep } from './loop-word.ts';
import { ClientSpools } from './client-spools.ts';
import { HandedCalls, isLock, waited } from './handed-calls.ts';
import type { Outbox } from './outbox.ts';
import { readBeforeDestroyed } from './read-before-destroyed.ts';

/** Answers that wait for a client that does not read; from here on nothing more is answered, and it is not read from either. */
const maxUnreadBytes = 1024 * 1024;

/** A read that is this large has probably left something behind. */
const fullReadBytes = 64 * 1024;

/** What an upgraded connection speaks for. */
interface StreamCaller {
  readonly attempt: KeyedAttempt;
  /** The process id that the client gave. */
  readonly process: string;
  /** It is heard in an event loop, and asked what else that hears. */
  readonly isLoop: boolean;
  /** Largest frame that is taken from it. */
  readonly maxFrameBytes: number;
}

/** One upgraded connection: JSON-RPC 2.0, a frame a line, answers as they are ready. */
export class Stream {
  readonly #socket: Socket;
  readonly #caller: StreamCaller;
  readonly #desk: CallDesk;
  readonly #outbox: Outbox;
  readonly #splitter: FrameSplitter;
  /** Frames that were read, and whose turn has not come. */
  readonly #unhandled: string[] = [];
  #isTooLarge = false;
  /** Calls under way, by the id that the client gave. */
  readonly #calls = new Map<RequestId, number>();
  /** The requests that call one of them off, by the same id. */
  readonly #cancels = new Map<RequestId, readonly RequestId[]>();
  /** Those of them whose threads do nothing until they have the answer, by the same id. */
  readonly #waiters = new Map<RequestId, SeenWaiter>();
  /** What its client has said of its event loop; null where it has none. */
  readonly #word: LoopWord | null;
  readonly #holders = new Set<string>();
  readonly #spools: ClientSpools;
  readonly #handed: HandedCalls;
  #unsent = '';
  #listens = false;
  readonly #watchedPipes = new Set<string>();
  #closed = false;

  constructor(socket: Socket, caller: StreamCaller, desk: CallDesk, outbox: Outbox) {
    this.#socket = socket;
    this.#caller = caller;
    this.#word = caller.isLoop ? new LoopWord() : null;
    this.#splitter = new FrameSplitter(caller.maxFrameBytes);
    this.#desk = desk;
    this.#spools = new ClientSpools({ instance: caller.attempt.instance, process: caller.process }, desk);
    this.#handed = new HandedCalls(caller.attempt, desk);
    this.#outbox = outbox;
    // A socket that spoke HTTP before keeps its bytes.
    const decoder = new StringDecoder('utf8');
    socket.on('data', (bytes: Buffer) => {
      outbox.read(bytes.length >= fullReadBytes, () => this.#take(decoder.write(bytes)));
    });
    readBeforeDestroyed(socket, (bytes) => outbox.read(true, () => this.#take(decoder.write(bytes))));
    socket.on('drain', () => {
      if (this.#closed) return;
      outbox.read(false, () => this.#handleAll());
      if (!this.#mustRead()) socket.resume();
    });
    socket.on('close', () => this.#end());
  }

  /** The process that the client has said it is. */
  get pid(): number {
    return Number(this.#caller.process);
  }

  /** Whether its client hears here what is wanted back of a loan. */
  get listens(): boolean {
    return this.#listens;
  }

  /** Whether nothing can be said to its client any more. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** The calls under way whose threads, or whose event loop, do nothing until they have the answer. */
  waiters(): readonly SeenWaiter[] {
    const { pid } = this;
    if (this.#word === null) return [...this.#waiters.values()];
    return [...this.#calls.values()].map((call) => ({ call, pid, thread: '', threads: 'loop' }));
  }

  /** Its event loop; null where threads ask. */
  get loop(): SeenLoop | null {
    return this.#word === null ? null : { pid: this.pid, isSaid: this.#word.isGiven };
  }

  /** Its program was seen to wait in all that it is, as far as the system tells: its client is asked for the rest. */
  sleeps(sleep: Sleep): void {
    if (this.#word?.isToBeAsked(sleep) === true) this.#write(notificationLine('wait.ask', {}));
  }

  #take(text: string): void {
    if (this.#closed || this.#isTooLarge) return;
    const { frames, isTooLarge } = this.#splitter.push(text);
    for (const frame of frames) this.#unhandled.push(frame);
    this.#isTooLarge = isTooLarge;
    this.#handleAll();
  }

  /** What one read brings may ask for many times as much: as far as the client reads the answers, and on at `drain`. */
  #handleAll(): void {
    while (!this.#mustRead()) {
      const frame = this.#unhandled.shift();
      if (frame === undefined) break;
      this.#handle(frame);
    }
    if (!this.#isTooLarge || this.#unhandled.length > 0 || this.#socket.writableEnded) return;
    this.#write(errorLine(null, { kind: 'too_large', message: `a frame holds at most ${this.#caller.maxFrameBytes} bytes` }));
    this.send();
    this.#socket.end();
  }

  /** Whether the client has to read before more is done for it. Of one that has gone nothing is kept. */
  #mustRead(): boolean {
    return !this.#socket.destroyed && this.#unsent.length + this.#socket.writableLength > maxUnreadBytes;
  }

  #handle(text: string): void {
    const frame = parseJson(text, Number.POSITIVE_INFINITY);
    if (!frame.ok) {
      this.#write(errorLine(null, { kind: 'parse_error', message: describeFault(frame.error, 'a frame') }));
      return;
    }
    const request = readRequest(frame.value);
    const fault = faultIn(text);
    if (fault !== null) {
      // Whoever asked waits for an answer to this very request.
      this.#write(errorLine(request?.id ?? null, { kind: 'parse_error', message: describeFault(fault, 'a frame') }));
    } else if (request === null) {
      this.#write(errorLine(null, { kind: 'invalid_request', message: 'a frame is an object with `method`, and `id` where its answer is wanted' }));
    } else if (request.method === 'cancel') {
      this.#cancel(request);
    } else if (request.method === 'wait.only') {
      this.#hearWord(request);
    } else {
      this.#begin(request);
    }
  }

  #begin({ id, method, params, thread, threads }: RequestFrame): void {
    if (id !== null && this.#calls.has(id)) {
      this.#write(errorLine(id, { kind: 'invalid_request', message: `request ${id} of this connection is under way` }));
      return;
    }
    const { attempt, process: pid } = this.#caller;
    const call = attempt.isOver ? err(attemptIsOver(attempt)) : parseCall(method, params);
    if (!call.ok) {
      if (id !== null) this.#write(errorLine(id, call.error));
      return;
    }
    // What was put on credit before comes before whatever comes of this.
    this.#spools.takeIn();
    if (call.value.type === 'watch_pipe') this.#watchedPipes.add(call.value.name);
    // Loans belong to the process: any of its threads takes from them, and recalls may come on another connection.
    const holder = `${pid}/${isAboutLoan(call.value) ? 'loans' : thread}`;
    const caller = { instance: attempt.instance, holder };
    const own = this.#answerOwn(caller, call.value);
    if (own !== null) {
      if (id !== null) this.#answer(id, own);
      return;
    }
    this.#holders.add(holder);
    const begun = (number: number): void => {
      if (id === null) return;
      this.#calls.set(id, number);
      if (threads !== null) this.#waiters.set(id, { call: number, pid: this.pid, thread, threads });
    };
    if (this.#isHanded(caller, call.value, id, begun)) return;
    const renewed = this.#spools.endCredit(call.value);
    let answered = false;
    let hasWaited = false;
    const ahead = call.value.type === 'receive_ahead' ? call.value.name : null;
    const direct = call.value.type === 'send_directly' ? call.value.name : null;
    const number = this.#desk.ask({ ...caller, connection: null, attempt }, alone(call.value), (answer) => {
      answered = true;
      const result = direct === null ? renewed : (): Json => this.#desk.sendDirectly(caller, direct);
      const told = result === null || !answer.ok ? answer : ok(result(answer.value));
      if (id !== null) this.#answer(id, hasWaited && isLock(call.value) ? waited(told) : told);
      if (ahead !== null && answer.ok) this.#desk.receiveAhead(caller, ahead, this);
    });
    if (answered) return;
    hasWaited = true;
    begun(number);
  }

  /** Whether it has to do with a lock that may be handed on to the caller without the run. */
  #isHanded(caller: Owner, call: Call, id: RequestId | null, begun: (call: number) => void): boolean {
    if (call.type === 'leave') {
      this.#handed.leave(caller, call.name);
      if (id !== null) this.#answer(id, ok(null));
      return true;
    }
    if (call.type === 'operation' && call.operation.verb === 'release') {
      this.#handed.released(caller, call.operation);
      return false;
    }
    if (id === null) return call.type === 'handoff' || call.type === 'claim';
    const frame = { answer: (answer: Answer) => this.#answer(id, answer), begun };
    if (call.type === 'claim') {
      this.#handed.claim(caller, call.name, frame);
      return true;
    }
    if (call.type !== 'handoff') return this.#handed.ask(caller, call, frame);
    this.#desk.openHandoff(caller, call.name, this.#handed, (answer) => {
      if (answer.ok) this.#handed.joined(caller, call.name);
      frame.answer(answer);
    });
    return true;
  }

  #cancel({ id, params }: RequestFrame): void {
    const target = isRecord(params) ? params['id'] : null;
    if (typeof target === 'string' || typeof target === 'number') {
      const number = this.#calls.get(target);
      if (number !== undefined) this.#desk.cancel(number);
      if (id !== null && this.#calls.has(target)) {
        this.#cancels.set(target, [...(this.#cancels.get(target) ?? []), id]);
        return;
      }
    }
    if (id !== null) this.#write(resultLine(id, null));
  }

  /** The answer to what has to do with this connection and its files, and with nobody else; null for all else. */
  #answerOwn(caller: Owner, call: Call): Answer | null {
    switch (call.type) {
      case 'spool':
        return this.#spools.open(call.name, (own) => this.#holders.add(own));
      case 'spooled':
        this.#spools.tell(call.name);
        return ok(null);
      case 'tally': {
        const answer = this.#desk.openTally(caller, call.name, this);
        this.#listens ||= answer.ok;
        return answer;
      }
      case 'delegate':
        return this.#desk.delegate(caller, call.name);
      case 'ahead':
        return this.#desk.openAhead(caller, call.name);
      case 'put_all':
        return this.#spools.hasCome(call) ? ok({ put: call.items.length }) : null;
      default:
        return null;
    }
  }

  #hearWord({ id, params }: RequestFrame): void {
    // What waits there waits here as well, unless its answer is on its way: so it is the same where it is as much.
    this.#word?.say(isRecord(params) && params['calls'] === this.#calls.size);
    if (id !== null) this.#write(resultLine(id, null));
  }

  /** Its program lives on without its attempt, with which all ended that it holds and waits for: whatever it still asks is refused. */
  attemptEnded(): void {
    if (this.#closed) return;
    this.#spools.close(null);
    this.#handed.close();
  }

  /** What was answered before is on its way before this; whoever closed the pipe has his answer after it. */
  tellPipeEnded(pipe: string): void {
    if (!this.#watchedPipes.has(pipe)) return;
    this.#write(notificationLine('pipe.ended', { name: pipe }));
    // At once: the answer is in the outbox already.
    this.send();
  }

  /** Whether more should wait until the client has read what there is. */
  get isBehind(): boolean {
    return this.#closed || this.#mustRead();
  }

  /** Sends a message of a pipe that the client did not ask for yet. */
  tellMessage(pipe: string, number: number, item: Json): void {
    this.#write(notificationLine('pipe.message', { name: pipe, number, item }));
  }

  /** Says that what comes next of a pipe is sent through a file. */
  tellDirect(pipe: string, path: string, bell: string): void {
    this.#write(notificationLine('pipe.direct', { name: pipe, path, bell }));
  }

  /** Says that nothing more comes through the file: who waits for it is woken. */
  tellCalledOff(pipe: string): void {
    this.#write(notificationLine('pipe.called_off', { name: pipe }));
  }

  /** Asks the client for what it has on loan of a queue. */
  recall(queue: string): void {
    this.#write(notificationLine('queue.recall', { name: queue }));
  }

  #answer(id: RequestId, answer: Answer): void {
    this.#calls.delete(id);
    this.#waiters.delete(id);
    this.#write(answer.ok ? resultLine(id, answer.value) : errorLine(id, answer.error));
    // Whoever called it off asks for the next item once he knows what came of this one.
    for (const cancel of this.#cancels.get(id) ?? []) this.#write(resultLine(cancel, null));
    this.#cancels.delete(id);
  }

  #write(line: string): void {
    if (this.#socket.destroyed) return;
    if (this.#unsent === '') this.#outbox.add(this);
    this.#unsent += line;
  }

  /** Writes what has been said so far. */
  send(): void {
    const text = this.#unsent;
    this.#unsent = '';
    if (text === '' || this.#closed) return;
    this.#socket.write(text);
    if (this.#socket.writableLength > maxUnreadBytes) this.#socket.pause();
  }

  #end(): void {
    this.#unsent = '';
    this.#handleAll();
    this.#closed = true;
    // All of it has ended with the attempt; by the same process id, another one may speak for the next.
    if (this.#caller.attempt.isOver) return;
    this.#spools.close(this.#caller.attempt);
    // All of its waits end before anything is released: one holder must not get what another one leaves.
    for (const call of this.#calls.values()) this.#desk.cancel(call);
    this.#handed.close();
    this.#calls.clear();
    this.#waiters.clear();
    // With its holders everything ends that the connection has asked and holds.
    for (const holder of this.#holders) this.#desk.holderGone(this.#caller.attempt.instance, holder);
  }
}

/** What comes or goes without asking begins with the answer: the wait for that is as any other. */
function alone(call: Call): Call {
  if (call.type === 'receive_ahead') return { type: 'operation', kind: 'pipe', operation: { verb: 'receive', name: call.name }, timeoutMs: call.timeoutMs };
  if (call.type !== 'send_directly') return call;
  return { type: 'operation', kind: 'pipe', operation: { verb: 'send', name: call.name, item: call.item }, timeoutMs: call.timeoutMs };
}

function isAboutLoan(call: Call): boolean {
  return (
    call.type === 'tally' ||
    (call.type === 'get_some' && call.taken !== null) ||
    (call.type === 'operation' && call.operation.verb === 'give_back')
  );
}
