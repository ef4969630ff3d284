import type { ActorGraph } from './find-locations.ts';

/**
 * The same actors where whoever ends the run, by a failure or `shutdown`, ends alone: what comes of the others if that never comes. A run
 * tells that some wait for ever as soon as they do, and does not wait for somebody to end it.
 */
export function endAlone(graphs: readonly ActorGraph[]): readonly ActorGraph[] {
  return graphs.map((graph) => {
    if (!graph.locations.some(({ choices }) => choices.some(({ stopsRun }) => stopsRun))) return graph;
    return { ...graph, locations: graph.locations.map((location) => ({ ...location, choices: location.choices.map((choice) => ({ ...choice, stopsRun: false, wouldStopRun: choice.stopsRun })) })) };
  });
}
