import type { Json } from '../../base/json.ts';
import type { Answer } from '../../engine/caller.ts';
import type { Owner } from '../../sync/operation.ts';
import type { Result } from '../../base/result.ts';
import type { CallError } from '../../protocol/error-kind.ts';
import type { HandoffListener } from '../handoff-members.ts';
import type { MessageListener } from '../receives-ahead.ts';
import type { Borrower } from './loans.ts';
import type { CreditLine } from './credit-line.ts';
import type { KeyedAttempt } from './keys.ts';
import type { Spool } from './spool.ts';
import type { Call } from '../../protocol/call.ts';

/** Who asks. */
export interface DeskCaller {
  readonly instance: string;
  /** Within it the thread of a client that has a stream; null for whoever asks over HTTP. */
  readonly holder: string | null;
  /** The connection over HTTP that holds what it acquires; null where the instance itself does, and of a stream. */
  readonly connection: string | null;
  /** Of the instance; it may end before the turn of the call comes. Null for what was put before it ended, and is told now: it comes in at once. */
  readonly attempt: KeyedAttempt | null;
}

/** What whoever speaks for an attempt is told that has ended. */
export function attemptIsOver({ instance }: KeyedAttempt): CallError {
  return { kind: 'ended', message: `\`${instance}\`, or the attempt of it that asks, has ended` };
}

/** Where the door takes calls to. */
export interface CallDesk {
  /** Asks; `done` hears the answer once, possibly before this returns. Returns the number of the call. */
  ask(caller: DeskCaller, call: Call, done: (answer: Answer) => void): number;
  /** Nobody wants the answer any more; `done` may still hear that it was cancelled. */
  cancel(call: number): void;
  /** Makes a tally for a process that wants to borrow from a queue; `borrower` hears when others need its loan. */
  openTally(owner: Owner, queue: string, borrower: Borrower): Answer;
  /** Leaves a lock to the holder that has it. */
  delegate(owner: Owner, lock: string): Answer;
  /** Makes the bell by which others hand the lock on to the owner, whose connection is told when it waits with them. */
  openHandoff(owner: Owner, lock: string, listener: HandoffListener, done: (answer: Answer) => void): void;
  /** The run keeps a lock itself that is handed on without it. */
  endHandoff(lock: string): void;
  /** The same, and the owner, to whom it was handed on or was to be, neither holds it nor waits for it. */
  leaveHandoff(owner: Owner, lock: string): void;
  /** Makes the file in which a holder counts what it takes of the messages of a pipe that are sent ahead. */
  openAhead(owner: Owner, pipe: string): Answer;
  /** The owner has just received a message: what comes next is sent to `listener` ahead of its receipts. */
  receiveAhead(owner: Owner, pipe: string, listener: MessageListener): void;
  /** The owner has just sent a message: where it may send what comes next by itself; null where it may not. */
  sendDirectly(owner: Owner, pipe: string): Json;
  /** Makes a spool for what a connection of a process puts into a queue: into a bounded one, on credit. */
  openSpool(instance: string, process: string, queue: string): Result<Spool | CreditLine, CallError>;
  /** A connection over HTTP is closed: what it still holds is released; of a reentrant lock nothing, which the whole instance holds. */
  letGo(caller: DeskCaller): void;
  /** The connection of a holder is closed. */
  holderGone(instance: string, holder: string): void;
  /** Somebody without a right key was sent away. */
  refused(reason: string): void;
}
