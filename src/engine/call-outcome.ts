import type { Json } from '../base/json.ts';
import type { TimeoutMs } from '../protocol/call.ts';
import type { CallError } from '../protocol/error-kind.ts';
import type { FailureReason, Operation, Outcome } from '../sync/operation.ts';
import { describeDuration } from './describe-duration.ts';

/** What a call that got what it asked for is answered with. */
export function grantedResult(operation: Operation, outcome: Extract<Outcome, { status: 'granted' }>): Json {
  switch (operation.verb) {
    case 'acquire':
      return { tokens: outcome.tokens, owner_died: outcome.ownerDied };
    case 'wait_event':
    case 'wait_condition':
    case 'join_queue':
    case 'poll':
      return true;
    case 'wait_barrier':
    case 'receive':
    case 'load':
    case 'add':
    case 'compare_and_set':
      return outcome.value;
    default:
      return null;
  }
}

/** Why a call did not get it; `timeoutMs` is how long it was ready to wait. */
export function failureOf(
  operation: Operation,
  outcome: Exclude<Outcome, { readonly status: 'granted' }>,
  timeoutMs: TimeoutMs,
): CallError {
  const name = operation.verb === 'acquire' || operation.verb === 'release' ? demandNames(operation) : `\`${operation.name}\``;
  switch (outcome.status) {
    case 'cancelled':
      return { kind: 'cancelled', message: `the wait for ${name} was called off` };
    case 'timed_out':
      return timeoutMs === 0 ? withoutWaiting(operation, name) : timedOut(operation, name, timeoutMs);
    case 'failed':
      return failed(operation, outcome.reason, name);
  }
}

function demandNames(operation: Extract<Operation, { verb: 'acquire' | 'release' }>): string {
  return operation.demands.map((demand) => `\`${demand.name}\``).join(', ');
}

/** What did not come; without a time of the call it is the barrier's own that has run out. */
function timedOut(operation: Operation, name: string, timeoutMs: TimeoutMs): CallError {
  const limit = timeoutMs === null ? 'in time' : `within ${describeDuration(timeoutMs)}`;
  return { kind: 'timed_out', message: `${missed(operation, name)} ${limit}` };
}

function missed(operation: Operation, name: string): string {
  switch (operation.verb) {
    case 'put_some':
    case 'send':
      return `${name} had no room`;
    case 'get_some':
    case 'receive':
      return `nothing came from ${name}`;
    case 'wait_event':
      return `${name} was not set`;
    case 'wait_condition':
      return `nobody has notified ${name}`;
    case 'wait_barrier':
      return `the other parties of the barrier ${name} did not come`;
    case 'join_queue':
      return `not every item of ${name} was done`;
    default:
      return `${name} could not be had`;
  }
}

function withoutWaiting(operation: Operation, name: string): CallError {
  switch (operation.verb) {
    case 'put_some':
    case 'send':
      return { kind: 'full', message: `${name} is full` };
    case 'get_some':
    case 'receive':
      return { kind: 'empty', message: `${name} is empty` };
    default:
      return { kind: 'would_block', message: `${name} could not be had without waiting` };
  }
}

function failed(operation: Operation, reason: FailureReason, name: string): CallError {
  switch (reason) {
    case 'end_of_stream':
      return { kind: 'end_of_stream', message: `${name} is at its end: nothing is left, and nobody can still ${operation.verb === 'receive' ? 'send' : 'put'}` };
    case 'broken':
      return {
        kind: 'broken',
        message: operation.verb === 'wait_barrier' ? `the barrier ${name} is broken` : `nobody can still take from ${name}`,
      };
    case 'impossible':
      return { kind: 'impossible', message: hopeless(operation, name) };
    case 'would_deadlock_on_itself':
      return { kind: 'deadlock', message: `the caller holds ${name} already, and would wait for itself for ever` };
    case 'not_owner':
      return { kind: 'not_owner', message: notOwned(operation, name) };
    case 'closed':
      return { kind: 'closed', message: `the caller has closed its end of ${name} before` };
    case 'demand_exceeds_permits':
      return { kind: 'refused', message: `${name} will never have so many permits` };
    case 'not_delegable':
      return { kind: 'refused', message: `${name} cannot be left to the caller: it does not hold it, others wait for it, or it is reentrant or a condition's` };
    case 'over_released':
      return { kind: 'refused', message: `${name} is bounded and has all of its permits already` };
    case 'nothing_in_hand':
      return { kind: 'refused', message: `no item of ${name} is in hand` };
    case 'wrong_type':
      return { kind: 'refused', message: `${name} is not a number` };
    case 'inexact':
      return { kind: 'refused', message: `with that, ${name} would be beyond 2**53 - 1, up to which whole numbers are exact: it stays as it is` };
  }
}

/** What nobody can do any more. */
function hopeless(operation: Operation, name: string): string {
  switch (operation.verb) {
    case 'wait_event':
      return `${name} is not set, and nobody who runs or starts by itself can still set it`;
    case 'wait_condition':
      return `nobody who runs or starts by itself can still notify ${name}`;
    case 'join_queue':
      return `not every item of ${name} is done, and nobody can still get the rest`;
    default:
      return `what is waited for at ${name} can no longer come`;
  }
}

function notOwned(operation: Operation, name: string): string {
  switch (operation.verb) {
    case 'send':
    case 'receive':
    case 'poll':
      return `the pipe ${name} has no end at which the caller may ${operation.verb === 'send' ? 'send' : 'receive'} (the spec says whose they are)`;
    case 'close_pipe':
    case 'take_back':
      return `the pipe ${name} has no end of the caller (the spec says whose they are)`;
    case 'wait_condition':
    case 'notify':
      return `the lock of ${name} is not held by the caller`;
    default:
      return `${name} is not held by the caller`;
  }
}
