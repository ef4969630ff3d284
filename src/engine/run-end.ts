import { exitCodes } from '../base/exit-codes.ts';
import type { Context } from './context.ts';
import { describeSignal } from './describe-signal.ts';
import type { RunEnd } from './effect.ts';
import { finallyOutcome } from './spawn-order.ts';

/** How the run ended: the first cause decides, and no failure that counts ever gives 0. */
export function runEnd(context: Context): RunEnd {
  const { cause, firstFailure, signal } = context.run;
  const outcome = finallyOutcome(context);
  if (signal !== null) {
    return {
      outcome: 'cancelled',
      exitCode: 128 + context.options.signalNumber(signal),
      signal,
      why: cause?.type === 'failure' || (cause?.type === 'signal' && cause.signal === signal) ? cause.why : describeSignal(signal),
    };
  }
  switch (cause?.type) {
    case 'deadlock':
      return { outcome, exitCode: exitCodes.deadlock, signal: null, why: cause.why };
    case 'timeout':
      return { outcome, exitCode: exitCodes.timeout, signal: null, why: cause.why };
    case 'shutdown': {
      const failed = cause.code === 0 && firstFailure !== null;
      return {
        outcome,
        exitCode: failed ? exitCodes.failure : cause.code,
        signal: null,
        why: failed ? firstFailure : cause.why,
      };
    }
    default:
      return firstFailure === null
        ? { outcome, exitCode: exitCodes.success, signal: null, why: 'everything succeeded' }
        : { outcome, exitCode: exitCodes.failure, signal: null, why: firstFailure };
  }
}
