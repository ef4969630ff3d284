import type { ActorGraph } from './find-locations.ts';
import type { Choice } from './location.ts';
import type { Resource } from './model.ts';

/** Pipes that an actor receives from, and does no more with this. */
export function quitPipes({ resources }: { readonly resources: ReadonlyMap<string, Resource> }, graph: ActorGraph | undefined, { target }: Choice): readonly string[] {
  const after = graph?.locations[target];
  if (graph === undefined || after === undefined || (after.outcome === null && after.closed.size === 0)) return [];
  return [...resources.values()].flatMap((resource) => {
    const isOwn = resource.kind === 'queue' && resource.ends?.to === graph.name;
    return isOwn && (after.outcome !== null || after.closed.has(resource.name)) ? [resource.name] : [];
  });
}
