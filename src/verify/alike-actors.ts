import type { ActorGraph } from './find-locations.ts';
import type { Act, Choice, Counts, Location } from './location.ts';
import type { Fact, Model } from './model.ts';

/**
 * Groups of two or more actors that nothing tells apart: their graphs are the same, and whoever names one of them in a wait or an order
 * names all. To which of them something happens is of no account then. Whoever never ends is in none, since each of those has to be able
 * to go on by itself.
 */
export function findAlike(graphs: readonly ActorGraph[], { actors, resources }: Model): readonly (readonly number[])[] {
  const byShape = new Map<string, number[]>();
  for (const [number, graph] of graphs.entries()) {
    if (!graph.isDaemon && !graph.canEnd) continue;
    const shape = JSON.stringify([graph.isDaemon, graph.started, graph.startedAgain, graph.stopped, [...graph.robbed], actors[number]?.setsWhenStopped, graph.setsAtMoments, graph.lasting, graph.locations.map(shapeOf)]);
    byShape.set(shape, [...(byShape.get(shape) ?? []), number]);
  }
  const inActs = graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.flatMap(({ act }) => namedBy(act))));
  const ofPipes = resources.flatMap((resource) => (resource.kind === 'queue' && resource.ends !== null ? [[resource.ends.from], [resource.ends.to]] : []));
  const named = [...new Map([...inActs, ...ofPipes].map((names) => [names.join(' '), new Set(names)])).values()];
  return [...byShape.values()].filter((group) => {
    const names = group.map((number) => graphs[number]?.name ?? '');
    return names.length > 1 && named.every((some) => names.every((name) => some.has(name)) || !names.some((name) => some.has(name)));
  });
}

function shapeOf({ held, inHand, closed, stage, outcome, endsRun, choices, beyond }: Location): unknown {
  return [pairs(held), pairs(inHand), [...closed].toSorted(), stage, outcome, endsRun, choices.map(shapeOfChoice), beyond];
}

function shapeOfChoice({ act, target, sets, done, lost, stopsRun, wouldStopRun, unless }: Choice): unknown {
  return [act, target, sets, pairs(done), pairs(lost), stopsRun, wouldStopRun, unless];
}

function pairs(counts: Counts): readonly string[] {
  return [...counts].map(([name, count]) => `${name}=${count}`).toSorted();
}

/** The lists of actors that an act is about. */
function namedBy(act: Act): readonly (readonly string[])[] {
  switch (act.do) {
    case 'start':
    case 'find_alive':
    case 'stop':
      return [act.actors];
    case 'await':
    case 'find_impossible':
      return act.facts.flatMap((fact: Fact) => (fact.type === 'moment' ? [fact.actors] : []));
    default:
      return [];
  }
}
