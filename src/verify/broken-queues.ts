import type { ActorWorld } from './actor-world.ts';
import type { Act } from './location.ts';

/**
 * Queues of which somebody may find that nobody takes from them any more while others still put, or he himself later, be it when he is
 * started again: from then on all know it. Of a pipe it is known at once, and what a pool has of its own breaks for nobody.
 */
export function brokenQueues({ graphs, resources, may }: ActorWorld): ReadonlySet<string> {
  const found = new Set<string>();
  const started = new Set(graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'start' ? act.actors : [])))));
  for (const [actor, { name, locations }] of graphs.entries()) {
    for (const { act, target } of locations.flatMap(({ choices }) => choices)) {
      for (const queue of foundBroken(act)) {
        const resource = resources.get(queue);
        const isPut = may.deeds.get(`put:${queue}`)?.some((doer) => doer.actor !== actor || doer.can[target] === 1 || (started.has(name) && doer.ifStarted[target] === 1)) === true;
        if (isPut && !queue.startsWith('.') && resource?.kind === 'queue' && resource.ends === null) found.add(queue);
      }
    }
  }
  return found;
}

/** Queues of which it is found with this that nobody takes from them: also by whoever waits until all of it is done. */
export function foundBroken(act: Act): readonly string[] {
  if (act.do === 'find_broken_queue') return [act.queue];
  return act.do === 'find_impossible' ? act.facts.flatMap((fact) => (fact.type === 'all_done' ? [fact.queue] : [])) : [];
}
