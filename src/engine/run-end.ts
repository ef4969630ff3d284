import { exitCodes } from '../base/exit-codes.ts';
import type { Context } from './context.ts';
import { describeSignal } from './describe-signal.ts';
import type { RunEnd } from './effect.ts';
import { finallyOutcome } from './spawn-order.ts';

/** How the run ended: the first cause decides, and nothing that went wrong ever gives 0. */
export function runEnd(context: Context): RunEnd {
  const { cause, firstFailure, signal, deadlock } = context.run;
  const outcome = finallyOutcome(context);
  if (signal !== null) {
    return {
      outcome: 'cancelled',
      exitCode: 128 + context.options.signalNumber(signal),
      signal,
      why: withDeadlock(context, cause?.type === 'failure' || (cause?.type === 'signal' && cause.signal === signal) ? cause.why : describeSignal(signal)),
    };
  }
  switch (cause?.type) {
    case 'deadlock':
      return { outcome, exitCode: exitCodes.deadlock, signal: null, why: cause.why };
    case 'timeout':
      return { outcome, exitCode: exitCodes.timeout, signal: null, why: withDeadlock(context, cause.why) };
    case 'shutdown': {
      if (cause.code !== 0) return { outcome, exitCode: cause.code, signal: null, why: withDeadlock(context, cause.why) };
      if (deadlock?.isFirst === true) return { outcome: 'failure', exitCode: exitCodes.deadlock, signal: null, why: deadlock.why };
      const failed = firstFailure !== null;
      return { outcome, exitCode: failed ? exitCodes.failure : exitCodes.success, signal: null, why: failed ? withDeadlock(context, firstFailure) : cause.why };
    }
    default:
      return firstFailure === null
        ? { outcome, exitCode: exitCodes.success, signal: null, why: 'everything succeeded' }
        : { outcome, exitCode: exitCodes.failure, signal: null, why: withDeadlock(context, firstFailure) };
  }
}

/** What decides how the run ended came first; that it deadlocked after that, in `finally`, is told as well. */
function withDeadlock({ run }: Context, why: string): string {
  return run.deadlock === null || run.cause?.type === 'deadlock' ? why : `${why}; then ${run.deadlock.why}`;
}
