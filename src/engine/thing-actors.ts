/* Who can still do to a thing what others wait for. For people: as many names as they read. */
import { type ActorIndex, canStillAct, type EngineAction, type EngineActor } from './can-act.ts';
import type { Context } from './context.ts';

/** How many names are listed at most. */
export const maxNamed = 8;

/** Who can still do what to one thing, by the verb that wakes those who wait. */
export type ThingActors = Readonly<Record<string, readonly string[]>>;

/** What could wake whoever waits at a thing of the spec, and who can still do it. */
export function actorsOfThing(context: Context, index: ActorIndex, name: string): ThingActors {
  const definition = context.primitive(name);
  switch (definition?.kind) {
    case 'event':
      return { set: ableTo(context, index, 'set', name) };
    case 'condition':
      return { notify: ableTo(context, index, 'notify', name) };
    case 'barrier':
      return { wait: partiesToCome(context, index, name) };
    case 'queue':
      return { put: ableTo(context, index, 'put', name), get: takersOf(context, index, name) };
    case 'pipe': {
      const [first, second] = definition.ends;
      const open = (...ends: readonly string[]): readonly string[] => ends.filter((end) => context.unit(end).phase !== 'ended');
      return definition.duplex ? { send: open(first, second), recv: open(first, second) } : { send: open(first), recv: open(second) };
    }
    case 'value':
      return {};
    // What limits the commands of a run is held like a semaphore, and is none of the spec.
    case 'lock':
    case 'semaphore':
    case undefined:
      return { release: releasersOf(context, name) };
  }
}

/** Who was declared to do this to it, and still can. */
export function ableTo(context: Context, index: ActorIndex, action: EngineAction, name: string): readonly string[] {
  return firstOf(index.of(action, name), (actor) => canStillAct(context, index, actor));
}

/** Who has not arrived at a barrier yet, and still can. */
export function partiesToCome(context: Context, index: ActorIndex, barrier: string): readonly string[] {
  return firstOf(index.of('wait', barrier), (actor) => !hasArrived(context, actor.who, barrier) && canStillAct(context, index, actor));
}

/** Who takes items of a queue, or may still have some in hand without getting more. */
export function takersOf(context: Context, index: ActorIndex, queue: string): readonly string[] {
  return firstOf(index.of('get', queue), (actor) => isAlive(context, actor.who) || canStillAct(context, index, actor));
}

/** Who holds some of it; of a semaphore also whoever has a step that returns permits. */
function releasersOf(context: Context, name: string): readonly string[] {
  const others = (context.releasers.get(name) ?? []).filter((who) => isAlive(context, who));
  return [...new Set([...context.holdings.holdersOf(name, maxNamed), ...others])].slice(0, maxNamed);
}

/** As many of its slots wait there as it has. */
function hasArrived(context: Context, who: string, barrier: string): boolean {
  const parties = context.pools.get(who)?.plan.workers ?? 1;
  return context.arrivals.count(barrier, who) >= parties;
}

function isAlive(context: Context, who: string): boolean {
  const { phase } = context.unit(who);
  return phase !== 'idle' && phase !== 'ended';
}

function firstOf(actors: readonly EngineActor[], fits: (actor: EngineActor) => boolean): readonly string[] {
  const names: string[] = [];
  for (const actor of actors) {
    if (names.length >= maxNamed) break;
    if (!names.includes(actor.who) && fits(actor)) names.push(actor.who);
  }
  return names;
}
