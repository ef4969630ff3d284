import type { BackoffPlan, InstancePlan } from '../plan/plan.ts';
import { describeDuration } from './describe-duration.ts';

/** Delay before the attempt after `failures` failed ones, in ms. */
export function backoffMs(backoff: BackoffPlan, failures: number, random: () => number): number {
  const plain = Math.min(backoff.maxMs, backoff.initialMs * backoff.factor ** Math.max(0, failures - 1));
  return Math.max(0, Math.round(plain * (1 + backoff.jitter * (2 * random() - 1))));
}

/** Whether there is to be another attempt, or why not. */
export type RestartVerdict =
  | { readonly type: 'restart'; readonly delayMs: number; readonly recentMs: readonly number[] }
  | { readonly type: 'end' }
  | { readonly type: 'give_up'; readonly why: string };

/**
 * The restart policy: which ends it is for, and the intensity limit of so many restarts within a
 * window, as in Erlang/OTP's supervisors.
 */
export function restartVerdict(
  plan: InstancePlan,
  outcome: 'success' | 'failure',
  restartTimesMs: readonly number[],
  nowMs: number,
  random: () => number,
): RestartVerdict {
  if (plan.restart === 'no' || (plan.restart === 'on_failure' && outcome === 'success')) return { type: 'end' };
  const { count, withinMs } = plan.maxRestarts;
  const recentMs = restartTimesMs.filter((atMs) => withinMs === null || nowMs - atMs < withinMs);
  if (recentMs.length >= count) {
    const window = withinMs === null ? '' : ` within ${describeDuration(withinMs)}`;
    return { type: 'give_up', why: `restarted ${count === 1 ? 'once' : `${count} times`}${window} already` };
  }
  return {
    type: 'restart',
    delayMs: backoffMs(plan.backoff, recentMs.length + 1, random),
    recentMs: [...recentMs, nowMs],
  };
}
