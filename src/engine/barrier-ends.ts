/* Whether those who wait at a barrier may still go on, for the search for deadlocks. */
import { BarrierParties } from './barrier-parties.ts';
import { canStillAct } from './can-act.ts';
import type { Context } from './context.ts';
import { type Known, maySoonEnd } from './may-be-refused.ts';

/** A barrier, and who waits there by now, with how many slots. */
interface Barrier {
  readonly name: string;
  readonly parties: number;
  readonly arrived: ReadonlyMap<string, number>;
}

/** Who waits at a barrier, and with how many slots, but for those who are held back. */
export function arrivedAt(context: Context, barrier: string, isHeldBack: (requestId: number) => boolean): ReadonlyMap<string, number> {
  const arrived = new Map<string, number>();
  for (const { id, instance, verb, names } of context.requests.values()) {
    if (verb !== 'wait_barrier' || names[0] !== barrier || isHeldBack(id)) continue;
    const owner = context.ownerOf(instance);
    arrived.set(owner, (arrived.get(owner) ?? 0) + 1);
  }
  return arrived;
}

/** Whether all who are missing may still come. */
export function mayBeFilled({ name, parties, arrived }: Barrier, { context, index, mayRun }: Known): boolean {
  let count = 0;
  const seen = new Set<string>();
  const comers = index.of('wait', name);
  const weights = new BarrierParties(context, name, parties, comers);
  for (const actor of comers) {
    if (seen.has(actor.who) || !canStillAct(context, index, actor)) continue;
    seen.add(actor.who);
    // Of a pool or a program that cannot go on, only those come that are there already.
    count += mayRun(actor.who) ? weights.of(actor) : (arrived.get(actor.who) ?? 0);
  }
  return count >= parties;
}

/**
 * Whether a barrier may yet break, which fails all who wait there: by a step, by a program that may wait at it, or since so many of those
 * who go on end without coming there that it can no longer be filled.
 */
export function mayBeBroken({ name, parties }: Barrier, known: Known): boolean {
  const { context, index, mayRun } = known;
  if (index.of('break', name).some((actor) => mayRun(actor.who) && canStillAct(context, index, actor))) return true;
  const comers = index.of('wait', name);
  const weights = new BarrierParties(context, name, parties, comers);
  const staying = new Map<string, number>();
  let someoneMayLeave = false;
  for (const actor of comers) {
    if (staying.has(actor.who) || !canStillAct(context, index, actor)) continue;
    const leaves = maySoonEnd(known, actor.who);
    if (leaves && actor.by.type === 'uses') return true;
    someoneMayLeave ||= leaves;
    staying.set(actor.who, leaves ? 0 : weights.of(actor));
  }
  return someoneMayLeave && [...staying.values()].reduce((sum, weight) => sum + weight, 0) < parties;
}
