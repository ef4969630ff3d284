import type { Plan } from '../../plan/plan.ts';
import { type ActorGraph, findLocations } from '../find-locations.ts';
import type { Model } from '../model.ts';
import { thingsInOrder } from '../things-in-order.ts';

/** Whether whatever `finally` comes after has an end. */
export function endsBeforeFinally(plan: Plan, model: Model): boolean {
  const kinds = kindsOf(plan);
  return graphsOf(model).every(({ name, canEnd }) => kinds.get(name) !== 'process' || canEnd);
}

/** Whether no daemon holds to its end what `finally` waits for: such a daemon is ended for that, which the model does not follow. */
export function leavesRoomForFinally(plan: Plan, model: Model): boolean {
  const kinds = kindsOf(plan);
  const late = new Set(model.actors.flatMap(({ name, isSkipped }) => (isSkipped === true ? [name] : [])));
  const graphs = graphsOf(model);
  const asked = graphs.map(({ name, locations }) => ({ name, demands: locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'acquire' ? [act.demands.map((demand) => demand.name)] : []))) }));
  const wanted = new Set(asked.filter(({ name }) => kinds.get(name) === 'finally' || late.has(name)).flatMap(({ demands }) => demands.flat()));
  const fair = new Set(model.resources.flatMap((resource) => (resource.kind === 'permits' && resource.fair ? [resource.name] : [])));
  // Where nobody passes, `finally` waits also for what those before it ask for together with that.
  const together = asked.flatMap(({ demands }) => demands);
  for (const name of wanted) for (const other of fair.has(name) ? together.filter((names) => names.includes(name)).flat() : []) wanted.add(other);
  if (plan.instances.some(({ kind, holds }) => kind === 'daemon' && holds.some(({ name }) => wanted.has(name)))) return false;
  return graphs.filter(({ name }) => kinds.get(name) === 'daemon').every((graph) => [...wanted].every((name) => canAlwaysRelease(graph, name)));
}

function kindsOf({ instances, pools }: Plan): ReadonlyMap<string, 'process' | 'daemon' | 'finally'> {
  return new Map<string, 'process' | 'daemon' | 'finally'>([...instances.map(({ name, kind }) => [name, kind] as const), ...pools.map(({ name }) => [name, 'process'] as const)]);
}

function graphsOf(model: Model): readonly ActorGraph[] {
  const inOrder = thingsInOrder(model);
  const byName = new Map(model.resources.map((resource) => [resource.name, resource]));
  return model.actors.map((actor) => findLocations(actor, byName, inOrder));
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
