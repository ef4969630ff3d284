// oxlint-disable max-classes-per-file -- one table of names: each class is a kind of refusal and nothing else
import type { ErrorKind } from '../protocol/error-kind.ts';
import { MpctlError } from './mpctl-error.ts';

/** The call itself is wrong: parameters of a wrong type, or a method that this run does not have. */
export class InvalidCall extends MpctlError {
  override readonly name = 'InvalidCall';
}

/** The item is larger than one frame may be. */
export class TooLarge extends MpctlError {
  override readonly name = 'TooLarge';
}

/** No key, a wrong one, or one of another run. */
export class AuthenticationError extends MpctlError {
  override readonly name = 'AuthenticationError';
}

/** The spec has nothing of that name and kind. */
export class NotFound extends MpctlError {
  override readonly name = 'NotFound';
}

/** The spec does not say that this instance does that; the message has the line to add. */
export class NotDeclared extends MpctlError {
  override readonly name = 'NotDeclared';
}

/** A call that may not wait, `timeoutMs: 0`, would have to. */
export class WouldBlock extends MpctlError {
  override readonly name = 'WouldBlock';
}

/** The queue or pipe is full, and the call may not wait. */
export class Full extends MpctlError {
  override readonly name = 'Full';
}

/** The queue or pipe is empty, and the call may not wait. */
export class Empty extends MpctlError {
  override readonly name = 'Empty';
}

/** The time of the wait is over. */
export class TimedOut extends MpctlError {
  override readonly name = 'TimedOut';
}

/** End of stream: nothing is left, and nobody can still put or send. */
export class Closed extends MpctlError {
  override readonly name = 'Closed';
}

/** Nobody can still get or receive what would be put or sent. */
export class Broken extends MpctlError {
  override readonly name: string = 'Broken';
}

/** The barrier is broken: by a timeout, an abort, or because it can no longer be filled. */
export class BrokenBarrier extends Broken {
  override readonly name = 'BrokenBarrier';
}

/** What is waited for can no longer come true. */
export class Impossible extends MpctlError {
  override readonly name = 'Impossible';
}

/** What is released or notified is not held by the caller. */
export class NotOwner extends MpctlError {
  override readonly name = 'NotOwner';
}

/** This instance has closed its own end before. */
export class AlreadyClosed extends MpctlError {
  override readonly name = 'AlreadyClosed';
}

/** What was asked cannot be done in this state; the message says why. */
export class Refused extends MpctlError {
  override readonly name = 'Refused';
}

/** The wait was called off: by its `signal`, whose reason is the `cause`, or because the instance ends. */
export class Cancelled extends MpctlError {
  override readonly name = 'Cancelled';
}

/** The caller would wait for itself for ever. */
export class Deadlock extends MpctlError {
  override readonly name = 'Deadlock';
}

/** The instance of the caller, or the run, has ended. */
export class Ended extends MpctlError {
  override readonly name = 'Ended';
}

/** The program was not started by mpctl. */
export class NotInRun extends MpctlError {
  override readonly name = 'NotInRun';
}

/** The connection is gone, or could not be made: the run has ended, or the program has closed it. */
export class Disconnected extends MpctlError {
  override readonly name = 'Disconnected';
}

/** The other side of the socket does not speak version 1 of the protocol. */
export class UnexpectedAnswer extends MpctlError {
  override readonly name = 'UnexpectedAnswer';
}

type Refusal = new (kind: ErrorKind, message: string, options?: ErrorOptions) => MpctlError;

const refusals: Readonly<Record<ErrorKind, Refusal>> = {
  parse_error: InvalidCall,
  invalid_request: InvalidCall,
  unknown_method: InvalidCall,
  wrong_verb: InvalidCall,
  invalid_params: InvalidCall,
  too_large: TooLarge,
  unauthorized: AuthenticationError,
  not_found: NotFound,
  not_declared: NotDeclared,
  would_block: WouldBlock,
  full: Full,
  empty: Empty,
  timed_out: TimedOut,
  end_of_stream: Closed,
  broken: Broken,
  impossible: Impossible,
  not_owner: NotOwner,
  closed: AlreadyClosed,
  refused: Refused,
  cancelled: Cancelled,
  deadlock: Deadlock,
  ended: Ended,
};

/** The error that a refusal of this method is thrown as. */
export function refusalOf(method: string, kind: ErrorKind, message: string, options?: ErrorOptions): MpctlError {
  const Class = kind === 'broken' && method.startsWith('barrier.') ? BrokenBarrier : refusals[kind];
  return new Class(kind, message, options);
}
