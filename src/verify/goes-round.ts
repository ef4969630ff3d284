import { strongComponents } from '../plan/strong-components.ts';
import type { ActorWorld } from './actor-world.ts';
import { robbedAt } from './robbed-at.ts';

/** Whether a run may come back to a state: somebody may do the same again and again, or some start each other anew. */
export function goesRound({ graphs, may }: Pick<ActorWorld, 'graphs' | 'may'>): boolean {
  if (graphs.some((graph) => isCyclic(graph.locations.map(({ choices }, at) => [...choices.map(({ target }) => target), ...robbedAt(graph, at)])))) return true;
  return isCyclic(graphs.map(({ name }) => (may.deeds.get(`start:${name}`) ?? []).map(({ actor }) => actor)));
}

function isCyclic(edges: readonly (readonly number[])[]): boolean {
  return strongComponents(edges).some((component) => component.length > 1 || component.some((node) => edges[node]?.includes(node) === true));
}
