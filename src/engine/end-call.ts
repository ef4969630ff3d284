import { err } from '../base/result.ts';
import type { ErrorKind } from '../protocol/error-kind.ts';
import type { Answer, Caller } from './caller.ts';
import type { Context } from './context.ts';
import type { PendingCall } from './pending-call.ts';

/** Answers a call and forgets it; what it still waits for is called off. */
export function endCall(context: Context, pending: PendingCall, result: Answer): void {
  if (!context.calls.remove(pending)) return;
  // As long as it had a limit, or was to be answered, its program was none that waits for something else for ever.
  context.waitsChanged = true;
  if (pending.timer !== null) pending.timer.armed = false;
  if (pending.requestId !== null) context.effect({ type: 'cancel_request', requestId: pending.requestId });
  answer(context, pending.id, result);
}

/**
 * Whoever asked does not want the answer any more. Where the broker was asked, what comes of that is the
 * answer still: what it has granted meanwhile, an item of a queue for example, would be lost otherwise.
 */
export function cancelCall(context: Context, id: number): void {
  const pending = context.calls.get(id);
  if (pending === undefined) return;
  pending.isCalledOff = true;
  if (pending.requestId === null) endCall(context, pending, refusal('cancelled', 'the call was called off'));
  else context.withdrawRequest(pending.requestId);
}

/** An attempt of the instance has ended: the broker has called off its waits, the others end here. */
export function endCallsOf(context: Context, instance: string): void {
  for (const pending of context.calls.of(instance)) {
    endCall(context, pending, refusal('cancelled', `\`${instance}\` has ended`));
  }
}

/** A connection is gone: its calls are called off, and what its holder holds is released. */
export function holderGone(context: Context, { instance, holder }: Caller): void {
  for (const pending of context.calls.of(instance)) {
    if (pending.caller.holder === holder) endCall(context, pending, refusal('cancelled', 'the connection is gone'));
  }
  context.holdings.holderEnded(instance, holder);
  context.effect({ type: 'holder_ended', instance, holder });
}

/** Tells the door what becomes of a call. */
export function answer(context: Context, call: number, result: Answer): void {
  context.effect({ type: 'answer', call, answer: result });
}

/** A call that comes back without a result. */
export function refusal(kind: ErrorKind, message: string): Answer {
  return err({ kind, message });
}
