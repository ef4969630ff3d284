import type { Plan } from '../../plan/plan.ts';
import { type ActorGraph, findLocations } from '../find-locations.ts';
import type { Model } from '../model.ts';
import { thingsInOrder } from '../things-in-order.ts';

/**
 * Whether `finally` may come without that a run is stopped, since whatever it comes after has an end; and no daemon holds to its end what
 * `finally` waits for, since such a daemon is ended for that, which the model does not follow.
 */
export function leavesRoomForFinally({ instances, pools }: Plan, model: Model): boolean {
  const { actors, resources } = model;
  const inOrder = thingsInOrder(model);
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const kinds = new Map<string, 'process' | 'daemon' | 'finally'>([...instances.map(({ name, kind }) => [name, kind] as const), ...pools.map(({ name }) => [name, 'process'] as const)]);
  const late = new Set(actors.flatMap(({ name, isSkipped }) => (isSkipped === true ? [name] : [])));
  const graphs = actors.map((actor) => findLocations(actor, byName, inOrder));
  const ofKind = (kind: 'process' | 'daemon' | 'finally'): readonly ActorGraph[] => graphs.filter(({ name }) => kinds.get(name) === kind);
  if (ofKind('process').some(({ canEnd }) => !canEnd)) return false;
  const wanted = new Set(graphs.filter(({ name }) => kinds.get(name) === 'finally' || late.has(name)).flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'acquire' ? act.demands.map(({ name }) => name) : [])))));
  if (instances.some(({ kind, holds }) => kind === 'daemon' && holds.some(({ name }) => wanted.has(name)))) return false;
  return ofKind('daemon').every((graph) => [...wanted].every((name) => canAlwaysRelease(graph, name)));
}

/** Wherever it holds this, it can come to where it releases it, or lives without it. */
function canAlwaysRelease({ locations }: ActorGraph, name: string): boolean {
  const can = locations.map(
    ({ held, outcome, choices }) => (outcome === null && !held.has(name)) || choices.some(({ act }) => act.do === 'release' && act.demands.some((demand) => demand.name === name)),
  );
  for (let grew = true; grew; ) {
    grew = false;
    for (const [at, { choices }] of locations.entries()) {
      if (can[at] === true || !choices.some(({ target }) => can[target] === true)) continue;
      can[at] = true;
      grew = true;
    }
  }
  return locations.every(({ held }, at) => !held.has(name) || can[at] === true);
}
