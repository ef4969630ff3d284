import type { Moment } from '../plan/plan.ts';
import type { ActorGraph } from './find-locations.ts';
import type { Choice, Counts, Location } from './location.ts';

/** More rounds than this are not worth what they save. */
const mostRounds = 100;

/**
 * The same actors with locations taken for one that no other actor tells apart, and from which the same steps lead on: how one has
 * ended that nobody asks about, say, or in which round of its last loop it is. Every way through them keeps its length.
 */
export function mergeLocations(graphs: readonly ActorGraph[]): readonly ActorGraph[] {
  const observed = new Map<string, Set<Moment>>();
  const acts = graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.map(({ act }) => act)));
  for (const fact of acts.flatMap((act) => (act.do === 'await' || act.do === 'find_impossible' ? act.facts : []))) {
    if (fact.type !== 'moment') continue;
    for (const actor of fact.actors) observed.set(actor, (observed.get(actor) ?? new Set()).add(fact.moment));
  }
  const ending = new Set(acts.flatMap((act) => (act.do === 'find_alive' && act.orEnding === true ? act.actors : [])));
  return graphs.map((graph) => mergeOne(graph, observed.get(graph.name) ?? new Set(), ending.has(graph.name)));
}

/** `mayBeEnding`: somebody asks whether it was ended by others. */
function mergeOne(graph: ActorGraph, observed: ReadonlySet<Moment>, mayBeEnding: boolean): ActorGraph {
  const { locations, started, startedAgain, stopped, robbed, setsAtMoments } = graph;
  // Whether such a moment has come tells whether it may still set its events.
  const moments = new Set<Moment>([...observed, ...(setsAtMoments.started.length > 0 ? (['start'] as const) : []), ...(setsAtMoments.ready.length > 0 ? (['ready'] as const) : [])]);
  // Where an idle one waits to be started is a place of its own.
  let classes = numbered(locations.map((location, at) => [at < started, at === started, lookOf(location, moments), mayBeEnding && location.outcome === 'stopped'].join('|')));
  let isStable = false;
  for (let round = 0; round < mostRounds && !isStable; round += 1) {
    const finer = refined(graph, classes);
    isStable = finer.count === classes.count;
    classes = finer;
  }
  if (!isStable || classes.count === locations.length) return graph;
  const classOf = (at: number): number => classes.of[at] ?? 0;
  return {
    ...graph,
    started: classOf(started),
    startedAgain: classOf(startedAgain),
    stopped: classes.first.map((at) => classOf(stopped[at] ?? at)),
    robbed: new Map([...robbed].map(([name, targets]) => [name, classes.first.map((at) => classOf(targets[at] ?? at))])),
    locations: classes.first.flatMap((at) => {
      const location = locations[at];
      return location === undefined ? [] : [{ ...location, beyond: location.beyond.map((one) => ({ ...one, target: classOf(one.target) })), choices: withoutDoubles(location.choices.map((choice) => ({ ...choice, target: classOf(choice.target) }))) }];
    }),
  };
}

/** Tells those apart whose steps lead to different classes. */
function refined({ locations, stopped, robbed }: ActorGraph, { of }: Classes): Classes {
  return numbered(
    locations.map(({ choices, beyond }, at) => {
      const steps = new Set(choices.map((choice) => `${keyOf(choice)}>${of[choice.target] ?? 0}`));
      return [of[at], [...steps].toSorted().join('&'), beyond.map(({ target, sets }) => `${of[target] ?? 0}${sets.join('+')}`).join(','), of[stopped[at] ?? at], ...[...robbed.values()].map((targets) => of[targets[at] ?? at])].join('|');
    }),
  );
}

/** What others see of an actor that is there. */
function lookOf({ held, inHand, closed, stage, outcome, endsRun, waitsInVain }: Location, moments: ReadonlySet<Moment>): string {
  const seen = [
    outcome !== null,
    endsRun,
    moments.has('success') && outcome === 'succeeded',
    moments.has('failure') && outcome === 'failed',
    moments.has('start') && stage !== 'before',
    moments.has('ready') && stage === 'ready',
  ];
  return [...seen, textOf(held), textOf(inHand), outcome === null ? [...closed].toSorted().join(',') : '', JSON.stringify(waitsInVain)].join(',');
}

function keyOf({ act, sets, done, lost, stopsRun, wouldStopRun, unless, place }: Choice): string {
  return JSON.stringify([act, sets, [...done], [...lost], stopsRun, wouldStopRun, unless, place]);
}

/** The first of those that are alike. */
function withoutDoubles(choices: readonly Choice[]): readonly Choice[] {
  const known = new Map<string, Choice>();
  for (const choice of choices) {
    const key = `${keyOf(choice)}>${choice.target}`;
    if (!known.has(key)) known.set(key, choice);
  }
  return [...known.values()];
}

interface Classes {
  /** The class of each location. */
  readonly of: readonly number[];
  /** The first location of each class. */
  readonly first: readonly number[];
  readonly count: number;
}

function numbered(keys: readonly string[]): Classes {
  const numbers = new Map<string, number>();
  const first: number[] = [];
  const of = keys.map((key, at) => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, first.length);
    first.push(at);
    return first.length - 1;
  });
  return { of, first, count: first.length };
}

function textOf(counts: Counts): string {
  return [...counts].map(([name, count]) => `${name}=${String(count)}`).toSorted().join(',');
}
