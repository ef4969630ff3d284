/*
 * Calls that the primitives alone answer: what each of them asks the broker, and what its outcome means
 * for the caller and for what the engine knows of holders.
 */
import type { Json } from '../base/json.ts';
import { isList } from '../base/json-type.ts';
import { err, ok } from '../base/result.ts';
import type { Call } from '../protocol/call.ts';
import type { CallError } from '../protocol/error-kind.ts';
import type { Operation, Outcome } from '../sync/operation.ts';
import { failureOf, grantedResult } from './call-outcome.ts';
import type { Answer, Caller } from './caller.ts';
import type { Context } from './context.ts';
import { lockOf } from './step-execute.ts';
import { keepsInHand } from './task-slots.ts';

/** A call that the primitives answer. */
export type PrimitiveCall = Extract<Call, { type: 'operation' | 'put_all' | 'get_some' }>;

/** Whether the primitives alone answer it. */
export function isPrimitiveCall(call: Call): call is PrimitiveCall {
  return call.type === 'operation' || call.type === 'put_all' || call.type === 'get_some';
}

/**
 * Whether asking without time to wait is harmless: a barrier would break, and a condition's lock would be
 * given up.
 */
export function mayBeAttempted(call: Call): call is PrimitiveCall {
  if (call.type === 'put_all') return call.items.length > 0;
  return isPrimitiveCall(call) && !(call.type === 'operation' && ['wait_barrier', 'wait_condition'].includes(call.operation.verb));
}

/** What the broker is asked; `done` is how many items were put before. */
export function operationOf(context: Context, { instance }: Caller, call: PrimitiveCall, done: number): Operation {
  switch (call.type) {
    case 'operation':
      return call.operation;
    case 'put_all': {
      const items = done === 0 ? call.items : call.items.slice(done);
      return { verb: 'put_some', name: call.name, items, priority: call.priority };
    }
    case 'get_some': {
      const inHand = keepsInHand(context, instance, call.name);
      return { verb: 'get_some', name: call.name, inHand, max: call.max, taken: call.taken };
    }
  }
}

/** What a call is answered with that was granted; null where more of its items are to be put. */
export function answerTo(
  call: PrimitiveCall,
  operation: Operation,
  outcome: Extract<Outcome, { status: 'granted' }>,
  done: number,
): Answer | null {
  if (call.type === 'get_some') return ok({ items: outcome.value });
  if (call.type === 'operation') return ok(grantedResult(operation, outcome));
  const put = done + countOf(outcome.value);
  return put < call.items.length ? null : ok({ put });
}

/** What a call is answered with that was not granted: of several items, some may have been put. */
export function answerToMissed(
  call: PrimitiveCall,
  operation: Operation,
  outcome: Exclude<Outcome, { status: 'granted' }>,
  done: number,
): Answer {
  if (done > 0 && outcome.status === 'timed_out') return ok({ put: done });
  // As Python's `poll`: that nothing has come is its answer.
  if (operation.verb === 'poll' && outcome.status === 'timed_out') return ok(false);
  return err(afterPuts(failureOf(operation, outcome, call.timeoutMs), done));
}

/** The refusal of what is left, from which the caller sees what has been put all the same. */
export function afterPuts(error: CallError, done: number): CallError {
  return done > 0 ? { ...error, put: done } : error;
}

/** How many were put. */
export function countOf(value: Json): number {
  return typeof value === 'number' ? value : 0;
}

/** Keeps what is known of who holds what, and has what in hand, up with the broker. */
export function noteHolds(context: Context, { instance, holder }: Caller, operation: Operation, outcome: Outcome): void {
  if (outcome.status === 'granted' && operation.verb === 'get_some' && operation.inHand) {
    context.hands.took(instance, operation.name, isList(outcome.value) ? outcome.value.length : 0);
  } else if (outcome.status === 'granted' && operation.verb === 'task_done') {
    context.hands.took(instance, operation.name, -1);
  }
  if (operation.verb === 'wait_condition') {
    // Whatever came of it, its lock is held again.
    if (outcome.status !== 'cancelled') context.holdings.granted(instance, lockOf(context, operation.name), holder);
  } else if (outcome.status === 'granted' && operation.verb === 'release') {
    context.holdings.released(instance, operation.demands);
  } else if (outcome.status === 'granted' && operation.verb === 'acquire') {
    context.holdings.granted(instance, operation.demands, holder);
    const holds = operation.demands.map(({ name }) => name);
    const { ownerDied } = outcome;
    // Of those that end together, who has left what to whom is no news.
    if (ownerDied.length > 0 && !context.calls.isLeaving(instance)) context.report({ type: 'instance.granted', instance, holds, ownerDied });
  }
}
