import { type ActorGraph, findLocations } from './find-locations.ts';
import { MayStill } from './may-still.ts';
import type { Model, Resource } from './model.ts';
import { firstActorField } from './state-layout.ts';
import { thingsInOrder } from './things-in-order.ts';

/** The actors of a model as graphs, and what each of them can still do where: enough to judge it without a search. */
export interface ActorWorld {
  readonly graphs: readonly ActorGraph[];
  readonly resources: ReadonlyMap<string, Resource>;
  readonly may: MayStill;
}

/** Finds the graphs of all actors. */
export function findActors(model: Model): ActorWorld {
  const { actors, resources } = model;
  const inOrder = thingsInOrder(model);
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  return worldOf(
    actors.map((actor) => findLocations(actor, byName, inOrder)),
    byName,
  );
}

/** The world of actors whose graphs are known. */
export function worldOf(graphs: readonly ActorGraph[], resources: ReadonlyMap<string, Resource>): ActorWorld {
  return { graphs, resources, may: new MayStill(graphs, resources, firstActorField) };
}
