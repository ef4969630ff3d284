import type { Demand } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { endCallsOf } from './end-call.ts';
import { runSlots } from './engine-options.ts';
import type { InstanceState } from './unit-state.ts';

/** What one attempt holds: its own, and a slot of `max_parallel` for a command that is no daemon. */
export function demandsOf(context: Context, state: InstanceState): readonly Demand[] {
  const takesSlot =
    context.plan.maxParallel !== null && state.plan.kind !== 'daemon' && state.plan.body.type === 'command';
  return takesSlot ? [{ name: runSlots, permits: 1 }, ...state.plan.holds] : state.plan.holds;
}

/** Gives back what an attempt held from its start, in order: nobody hears of a dead owner. */
export function releaseHolds(context: Context, state: InstanceState): void {
  const demands = demandsOf(context, state);
  if (demands.length === 0) return;
  context.request(state.name, { verb: 'release', demands }, context.nowMs, { type: 'none' });
  context.holdings.released(state.name, demands);
}

/** Everything that an instance still holds goes in one step (semantics 5). */
export function releaseEverything(context: Context, instance: string, final: boolean): void {
  endCallsOf(context, instance);
  context.holdings.ownerEnded(instance);
  context.hands.ended(instance);
  context.effect({ type: 'owner_ended', instance, final });
}
