import type { Demand } from '../sync/operation.ts';
import type { ActorWorld } from './actor-world.ts';
import type { Location } from './location.ts';
import type { Obligation } from './waited-for.ts';

/** What is waited for in a line at a location. */
export function servedAt({ choices }: Location): readonly Demand[] {
  return choices.flatMap(({ act }) => (act.do === 'served' ? act.demands : []));
}

/**
 * Of each lock or semaphore, what those may wait for beside it who wait in a line for it: nothing, or at a fair one whatever keeps those who
 * came before: all that is asked for together with it, and what keeps those who came before them. The first of all is kept by
 * somebody who holds what it asks for, and not by the line.
 */
export function waitsInLine({ graphs, resources }: ActorWorld): ReadonlyMap<string, readonly Obligation[]> {
  const demands = graphs.flatMap(({ locations }) => locations.map((location) => servedAt(location).map(({ name }) => name)));
  const isFair = (name: string): boolean => {
    const resource = resources.get(name);
    return resource?.kind === 'permits' && resource.fair;
  };
  const names = new Set(demands.flat());
  return new Map(
    [...names].map((name) => {
      const kept = new Set([name]);
      for (const one of kept) {
        const before = isFair(one) ? demands.filter((demand) => demand.includes(one)).flat() : [];
        for (const other of before) kept.add(other);
      }
      return [name, [...kept].filter((one) => one !== name).map((one): Obligation => `held:${one}`)];
    }),
  );
}
