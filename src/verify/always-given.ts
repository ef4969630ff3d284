import type { ActorWorld } from './actor-world.ts';
import type { ActorGraph } from './find-locations.ts';
import { lacksOf } from './lacking-permits.ts';
import { leavesForCertain } from './leaves-for-certain.ts';
import type { Choice } from './location.ts';
import type { Resource } from './model.ts';
import { robbedAt } from './robbed-at.ts';

/**
 * Semaphores of which somebody gives back again and again what he does not hold, as long as the run goes on, each with who does: with each
 * time one permit more is free, whoever holds the others, or all of them are. So a daemon refills what is a limit of a rate.
 */
export function alwaysGiven({ graphs, resources }: Pick<ActorWorld, 'graphs' | 'resources'>, finite: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const stopped = new Set(graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'stop' ? act.actors : [])))));
  const given = new Map<string, Set<string>>();
  for (const graph of graphs) {
    const names = new Set(graph.locations.flatMap(({ choices }) => choices.flatMap(({ act }) => lacksOf(act).map(({ name }) => name))));
    if (names.size === 0 || graph.started > 0 || stopped.has(graph.name)) continue;
    for (const name of names) if (givesForEver(graph, resources.get(name), finite)) given.set(name, (given.get(name) ?? new Set()).add(graph.name));
  }
  return given;
}

/**
 * It never ends, never takes any, and wherever it is it comes to give some back once more. That one is refused is as good, since then nobody
 * has any; several are as soon as only few are held, and what is given back with something else as soon as nobody has any of that.
 */
function givesForEver(graph: ActorGraph, semaphore: Resource | undefined, finite: ReadonlySet<string>): boolean {
  const { locations } = graph;
  if (semaphore?.kind !== 'permits' || locations.some(({ held }) => held.has(semaphore.name))) return false;
  const isBounded = semaphore.loose !== 'growing';
  const gives = ({ act }: Choice): boolean => {
    const lacks = lacksOf(act);
    return lacks.length === 1 && lacks.every(({ name, permits }) => name === semaphore.name && (!isBounded || permits === 1));
  };
  const leaves = leavesForCertain(graph, () => false, gives, ({ act }) => act.do === 'get' && finite.has(act.queue));
  const reached = new Set([graph.started]);
  for (const at of reached) for (const target of [...(locations[at]?.choices ?? []).map((choice) => choice.target), ...robbedAt(graph, at)]) reached.add(target);
  return [...reached].every((at) => locations[at]?.outcome === null && leaves[at] === true);
}
