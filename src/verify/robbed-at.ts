import type { ActorGraph } from './find-locations.ts';

/** Where an actor may come to from a location by what others do: that they give back a permit which it holds. */
export function robbedAt({ robbed }: Pick<ActorGraph, 'robbed'>, at: number): readonly number[] {
  if (robbed.size === 0) return [];
  return [...robbed.values()].flatMap((targets) => {
    const target = targets[at] ?? at;
    return target === at ? [] : [target];
  });
}
