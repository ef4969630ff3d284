import { strongComponents } from '../plan/strong-components.ts';
import type { ActorWorld } from './actor-world.ts';
import type { ActorGraph } from './find-locations.ts';
import type { Act, Choice } from './location.ts';
import type { Fact, Resource } from './model.ts';
import { thingsOf } from './things-of.ts';

/** Actors that nobody else has a say in: whatever these can come to they can come to while all others do nothing. */
export type Part = readonly number[];

/** For each actor the least part that it is in, each once, the smallest first. Whoever only waits for the moments of others has no say in them. */
export function partsApart({ graphs, resources }: Pick<ActorWorld, 'graphs' | 'resources'>): readonly Part[] {
  const numbers = new Map(graphs.map(({ name }, actor) => [name, actor]));
  const usersOf = new Map<string, number[]>();
  const actors = graphs.map((graph): readonly number[] => namedBy(graph, 'waits').flatMap((name) => numbers.get(name) ?? []));
  const edges = actors.map((list) => [...list]);
  for (const [actor, graph] of graphs.entries()) {
    for (const thing of [...namedBy(graph, 'acts'), ...endsOf(graph, resources)]) {
      // Who orders others about has a say in them, and they in him.
      const other = numbers.get(thing);
      const users = usersOf.get(thing) ?? (other === undefined ? [] : [other]);
      usersOf.set(thing, [...users, actor]);
    }
  }
  for (const [first, ...others] of usersOf.values()) {
    for (const other of others) {
      edges[first ?? 0]?.push(other);
      edges[other]?.push(first ?? 0);
    }
  }
  // Each component comes before those that point to it.
  const partOf = new Map<number, ReadonlySet<number>>();
  const parts = strongComponents(edges).map((component) => {
    const part = new Set(component.flatMap((actor) => [actor, ...(edges[actor] ?? []).flatMap((other) => [...(partOf.get(other) ?? [])])]));
    for (const actor of component) partOf.set(actor, part);
    return [...part].toSorted((left, right) => left - right);
  });
  return parts.toSorted((left, right) => left.length - right.length);
}

/** What an actor names: those whose moments it waits for, or all else. */
function namedBy(graph: ActorGraph, what: 'waits' | 'acts'): readonly string[] {
  const choices = graph.locations.flatMap((location) => location.choices);
  if (what === 'waits') return [...new Set(choices.flatMap(({ act }) => momentsOf(act)))];
  const { started, ready, ended } = graph.setsAtMoments;
  const inLocations = graph.locations.flatMap(({ held, inHand, closed, beyond }) => [...held.keys(), ...inHand.keys(), ...closed, ...beyond.flatMap(({ sets }) => sets)]);
  const lasting = graph.lasting.map(({ deed }) => deed.slice(deed.indexOf(':') + 1));
  return [...new Set([...choices.flatMap(thingsOfChoice), ...inLocations, ...lasting, ...started, ...ready, ...ended])];
}

function thingsOfChoice({ act, sets, done, lost, unless }: Choice): readonly string[] {
  const moments = new Set(momentsOf(act));
  const acts: readonly Act[] = act.do === 'nothing' && act.refused !== undefined ? [act, act.refused] : [act];
  return [...acts.flatMap(thingsOf).filter((name) => !moments.has(name)), ...locksOf(act), ...sets, ...done.keys(), ...lost.keys(), ...(unless === undefined ? [] : [unless])];
}

/** The lock of a condition. */
function locksOf(act: Act): readonly string[] {
  return act.do === 'wait_notified' || act.do === 'notify' ? [act.lock] : [];
}

function momentsOf(act: Act): readonly string[] {
  return act.do === 'await' || act.do === 'find_impossible' ? act.facts.flatMap(actorsOf) : [];
}

function actorsOf(fact: Fact): readonly string[] {
  return fact.type === 'moment' ? fact.actors : [];
}

function endsOf({ name }: ActorGraph, resources: ReadonlyMap<string, Resource>): readonly string[] {
  return [...resources.values()].flatMap((resource) => (resource.kind === 'queue' && resource.ends !== null && (resource.ends.from === name || resource.ends.to === name) ? [resource.name] : []));
}
