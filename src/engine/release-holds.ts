import type { PoolPlan } from '../plan/plan.ts';
import type { Demand } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { endCallsOf, holderGone } from './end-call.ts';
import { runSlots } from './engine-options.ts';
import { ownHolders } from './own-holders.ts';
import type { InstanceState } from './unit-state.ts';

/** What one attempt holds: its own, and what limits commands for one that is no daemon. */
export function demandsOf(context: Context, state: InstanceState): readonly Demand[] {
  const { kind, body, holds } = state.plan;
  return kind === 'daemon' || body.type !== 'command' ? holds : withCommandLimits(context, holds, null);
}

/** What a command demands: what it holds itself, a slot of `max_parallel` and a token of a jobserver, where there are these. */
export function withCommandLimits(context: Context, holds: readonly Demand[], pool: PoolPlan | null): readonly Demand[] {
  const tokens = context.jobservers.demandsOf(pool);
  const slots = context.plan.maxParallel === null ? [] : [{ name: runSlots, permits: 1 }];
  // Tokens last: whoever waits for more is told with what somebody of the run could give.
  return slots.length + tokens.length === 0 ? holds : [...slots, ...holds, ...tokens];
}

/** Gives back what an attempt held from its start, in order: nobody hears of a dead owner. */
export function releaseHolds(context: Context, state: InstanceState): void {
  releaseDemands(context, state.name, demandsOf(context, state));
}

/** The same of whoever held these. */
export function releaseDemands(context: Context, name: string, demands: readonly Demand[]): void {
  if (demands.length === 0) return;
  context.tell(name, { verb: 'release', demands, isOwed: true });
  context.holdings.released(name, demands);
}

/**
 * A command has ended whose lines are still on their way into a queue: everything that it holds goes, and
 * the lines are put all the same.
 *
 * @param areReleased what the attempt held from its start has been given back already
 */
export function releaseAllButLines(context: Context, name: string, demands: readonly Demand[], areReleased: boolean): void {
  if (!areReleased) context.holdings.released(name, demands);
  context.effect({ type: 'holder_ended', instance: name, holder: ownHolders.steps });
  for (const holder of context.holdings.holdersWithin(name)) holderGone(context, { instance: name, holder });
}

/** Everything that an instance still holds goes in one step (semantics 5). */
export function releaseEverything(context: Context, instance: string, final: boolean): void {
  endCallsOf(context, instance);
  context.holdings.ownerEnded(instance);
  context.hands.ended(instance);
  context.effect({ type: 'owner_ended', instance, final });
}
