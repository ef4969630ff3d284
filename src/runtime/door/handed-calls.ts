import { isRecord } from '../../base/json-type.ts';
import type { Json } from '../../base/json.ts';
import { ok } from '../../base/result.ts';
import type { Answer } from '../../engine/caller.ts';
import type { Call, TimeoutMs } from '../../protocol/call.ts';
import type { Operation, Owner } from '../../sync/operation.ts';
import type { CallDesk } from './call-desk.ts';
import type { KeyedAttempt } from './keys.ts';

/** What one thread has asked of a lock. */
interface HandedCall {
  readonly lock: string;
  readonly caller: Owner;
  /** Of the desk; null until it has said so. */
  number: number | null;
  /** What is to be answered; null while its client waits with the others, without the run. */
  frame: LockFrame | null;
  isLeft: boolean;
  /** Whether the desk has answered. */
  isOver: boolean;
  /** What it has granted, and nobody has claimed yet. */
  answer: Answer | null;
}

/** One frame of the connection. */
export interface LockFrame {
  readonly answer: (answer: Answer) => void;
  /** It is under way, as this call of the desk. */
  readonly begun: (call: number) => void;
}

/**
 * What the threads of one connection ask of locks that may be handed on to them without the run. Such a question
 * is answered with the place in line; it stands at the run all the same, which answers it when it has the
 * lock back, to whoever claims that by then.
 */
export class HandedCalls {
  readonly #attempt: KeyedAttempt;
  readonly #desk: CallDesk;
  /** Locks and the threads that can wait for them so. */
  readonly #joined = new Set<string>();
  readonly #calls = new Map<string, HandedCall>();
  #isClosed = false;

  constructor(attempt: KeyedAttempt, desk: CallDesk) {
    this.#attempt = attempt;
    this.#desk = desk;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The thread of the caller can wait for the lock without the run. */
  joined({ holder }: Owner, lock: string): void {
    this.#joined.add(keyOf(holder, lock));
  }

  /** Asks for a lock where the answer may be the place in line; false, and nothing is asked, for every other call. */
  ask(caller: Owner, call: Call, frame: LockFrame): boolean {
    const lock = soleLock(call);
    if (lock === null || !this.#joined.has(keyOf(caller.holder, lock))) return false;
    const handed: HandedCall = { lock, caller, number: null, frame, isLeft: false, isOver: false, answer: null };
    this.#calls.set(keyOf(caller.holder, lock), handed);
    handed.number = this.#desk.ask({ ...caller, connection: null, attempt: this.#attempt }, call, (answer) => this.#settled(handed, answer));
    if (handed.frame !== null && !handed.isOver) frame.begun(handed.number);
    return true;
  }

  /** Whether the thread waits here for an answer about the lock. */
  isWaiting({ holder }: Owner, lock: string): boolean {
    const handed = this.#calls.get(keyOf(holder, lock));
    return handed !== undefined && handed.frame !== null;
  }

  /** The thread waits with the others from now on: that is the answer to what it has asked. */
  handOff({ holder }: Owner, lock: string, place: Readonly<Record<string, Json>>): void {
    const handed = this.#calls.get(keyOf(holder, lock));
    const frame = handed?.frame ?? null;
    if (handed === undefined || frame === null) return;
    handed.frame = null;
    frame.answer(ok({ handoff: place }));
  }

  /** The thread wants to know what has come of its wait; asks for the lock where nothing stands at the run. */
  claim(caller: Owner, lock: string, frame: LockFrame): void {
    this.#desk.endHandoff(lock);
    const key = keyOf(caller.holder, lock);
    const handed = this.#calls.get(key);
    if (handed === undefined || handed.frame !== null) {
      this.#joined.add(key);
      this.ask(caller, onLock({ verb: 'acquire', demands: [{ name: lock, permits: 1 }] }, null), frame);
    } else if (handed.answer !== null) {
      this.#calls.delete(key);
      frame.answer(waited(handed.answer));
    } else {
      handed.frame = frame;
      if (handed.number !== null) frame.begun(handed.number);
    }
  }

  /** The thread does not wait any more, and wants nothing of what has come of it. */
  leave(caller: Owner, lock: string): void {
    const key = keyOf(caller.holder, lock);
    const handed = this.#calls.get(key);
    if (handed === undefined || handed.frame !== null) {
      this.#desk.endHandoff(lock);
      return;
    }
    handed.isLeft = true;
    this.#calls.delete(key);
    this.#desk.leaveHandoff(caller, lock);
    if (handed.number !== null && !handed.isOver) this.#desk.cancel(handed.number);
  }

  /** The thread releases what it asks for here: whatever its wait for that has come to, or still comes to, is over. */
  released({ holder }: Owner, { demands }: Extract<Operation, { verb: 'release' }>): void {
    for (const { name } of demands) {
      const key = keyOf(holder, name);
      const handed = this.#calls.get(key);
      if (handed === undefined || handed.frame !== null) continue;
      handed.isLeft = true;
      this.#calls.delete(key);
    }
  }

  /** The thread did not stand in line when the run took the lock back: there is nothing for it to claim. */
  standsNoMore({ holder }: Owner, lock: string): void {
    const key = keyOf(holder, lock);
    if (this.#calls.get(key)?.frame === null) this.#calls.delete(key);
  }

  /** The connection is closed: nobody claims what stands at the run. */
  close(): void {
    this.#isClosed = true;
    for (const { frame, number, isOver } of this.#calls.values()) if (frame === null && number !== null && !isOver) this.#desk.cancel(number);
    this.#calls.clear();
  }

  /** Gives back what this answer has granted, and nothing else that the thread may have by now. */
  #release({ lock, caller }: HandedCall, answer: Answer): void {
    const demands = [{ name: lock, permits: 1 }];
    const token = tokenOf(answer, lock);
    this.#desk.ask({ ...caller, connection: null, attempt: this.#attempt }, onLock(token === null ? { verb: 'release', demands } : { verb: 'release', demands, token }, 0), () => {});
  }

  #settled(handed: HandedCall, answer: Answer): void {
    handed.isOver = true;
    const { lock, caller, frame } = handed;
    const key = keyOf(caller.holder, lock);
    const isCurrent = this.#calls.get(key) === handed;
    if (handed.isLeft && answer.ok) {
      this.#release(handed, answer);
    } else if (frame === null && answer.ok) {
      handed.answer = answer;
    } else {
      if (isCurrent) this.#calls.delete(key);
      // The desk has no number for it yet where it answers at once.
      frame?.answer(handed.number === null ? answer : waited(answer));
    }
  }
}

/** Whether it asks for one lock, and waits for it without any limit. */
export function isLock(call: Call): boolean {
  return soleLock(call) !== null;
}

/** The answer to whoever had to wait for others: whoever is told so often may have it handed on. */
export function waited(answer: Answer): Answer {
  return answer.ok && isRecord(answer.value) ? ok({ ...answer.value, waited: true }) : answer;
}

/** The one lock that is waited for without any limit. */
function soleLock(call: Call): string | null {
  if (call.type !== 'operation' || call.kind !== 'lock' || call.timeoutMs !== null || call.operation.verb !== 'acquire') return null;
  const [demand] = call.operation.demands;
  return call.operation.demands.length === 1 && demand?.permits === 1 ? demand.name : null;
}

function onLock(operation: Operation, timeoutMs: TimeoutMs): Call {
  return { type: 'operation', kind: 'lock', operation, timeoutMs };
}

/** The number of the grant; null where none was granted. */
function tokenOf(answer: Answer, lock: string): number | null {
  const tokens = answer.ok && isRecord(answer.value) ? answer.value['tokens'] : null;
  const token = isRecord(tokens) ? tokens[lock] : null;
  return typeof token === 'number' ? token : null;
}

function keyOf(holder: string, lock: string): string {
  return JSON.stringify([holder, lock]);
}
