import type { ActorGraph } from './find-locations.ts';
import { endRunApart } from './end-run-apart.ts';
import type { Location } from './location.ts';

/**
 * The same actors where whoever ends the run by a failure comes to where he stays for ever: a run that comes to its end without that is one
 * that succeeds. The others go on meanwhile as they would without his failure, so that it is at odds with nothing that they do.
 */
export function endInVain(graphs: readonly ActorGraph[]): readonly ActorGraph[] {
  return endRunApart(graphs).map((graph) => {
    const locations = graph.locations.map((location): Location => (location.endsRun ? { ...location, outcome: graph.isDaemon ? 'failed' : null, endsRun: false } : location));
    return { ...graph, locations };
  });
}
