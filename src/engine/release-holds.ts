import type { Demand } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { endCallsOf, holderGone } from './end-call.ts';
import { runSlots } from './engine-options.ts';
import { ownHolders } from './own-holders.ts';
import type { InstanceState } from './unit-state.ts';

/** What one attempt holds: its own, and a slot of `max_parallel` for a command that is no daemon. */
export function demandsOf(context: Context, state: InstanceState): readonly Demand[] {
  const takesSlot =
    context.plan.maxParallel !== null && state.plan.kind !== 'daemon' && state.plan.body.type === 'command';
  return takesSlot ? [{ name: runSlots, permits: 1 }, ...state.plan.holds] : state.plan.holds;
}

/** Gives back what an attempt held from its start, in order: nobody hears of a dead owner. */
export function releaseHolds(context: Context, state: InstanceState): void {
  releaseDemands(context, state.name, demandsOf(context, state));
}

/** The same of whoever held these. */
export function releaseDemands(context: Context, name: string, demands: readonly Demand[]): void {
  if (demands.length === 0) return;
  context.request(name, { verb: 'release', demands }, context.nowMs, { type: 'none' });
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
