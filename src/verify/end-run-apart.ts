import type { ActorGraph } from './find-locations.ts';
import type { Choice, Location } from './location.ts';

/**
 * The same actors for a search for deadlocks of a run that has not been ended yet. Whoever would end the run by a failure comes to a
 * location of its own that says so, instead of ending all others. And who may end it or not, just as it pleases, does not: that is no
 * way out for those who wait, and no way into a deadlock.
 */
export function endRunApart(graphs: readonly ActorGraph[]): readonly ActorGraph[] {
  return graphs.map((graph) => {
    if (!graph.locations.some(({ choices }) => choices.some(({ stopsRun }) => stopsRun))) return graph;
    const over = graph.locations.length;
    const redirected = (choice: Choice): Choice => (choice.stopsRun ? { ...choice, stopsRun: false, sets: [], lost: new Map(), target: over } : choice);
    const locations = graph.locations.map((location): Location => ({ ...location, choices: pleasing(location.choices).map(redirected) }));
    const end: Location = { held: new Map(), inHand: new Map(), closed: new Set(), stage: 'before', outcome: 'failed', choices: [], beyond: [], endsRun: true };
    return { ...graph, locations: [...locations, end], stopped: [...graph.stopped, over] };
  });
}

function pleasing(choices: readonly Choice[]): readonly Choice[] {
  const goesOn = choices.some(({ act, stopsRun }) => act.do === 'nothing' && !stopsRun);
  return goesOn ? choices.filter(({ act, stopsRun }) => act.do !== 'nothing' || !stopsRun) : choices;
}
