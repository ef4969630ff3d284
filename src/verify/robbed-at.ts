import type { ActorGraph } from './find-locations.ts';

/** Where an actor may come to from a location by what others do: that they give back a permit which it holds. */
export function robbedAt({ robbed }: Pick<ActorGraph, 'robbed'>, at: number): readonly number[] {
  if (robbed.size === 0) return [];
  return [...robbed.values()].flatMap((targets) => {
    const target = targets[at] ?? at;
    return target === at ? [] : [target];
  });
}

/** Whether an actor that was at one location is at another one by nothing but that, and has not gone on. */
export function isOnlyRobbed(graph: Pick<ActorGraph, 'robbed'>, from: number, to: number): boolean {
  const fewer = new Set([from]);
  for (const at of fewer) for (const target of robbedAt(graph, at)) fewer.add(target);
  return fewer.has(to);
}
