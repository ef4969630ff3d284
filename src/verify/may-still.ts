import type { ActorGraph } from './find-locations.ts';
import type { Act, Beyond, Choice, Location, Stage } from './location.ts';
import type { Deed, Resource } from './model.ts';
import { isOfTasks, waitsForTask } from './next-task.ts';
import { isOwnStream } from './own-stream.ts';
import { robbedAt } from './robbed-at.ts';

/** One actor that can do something, and where. */
export interface Doer {
  /** Its place in the list of actors. */
  readonly actor: number;
  /** Of each location: 1 where it can still come to do it. */
  readonly can: Uint8Array;
  /** 1 where it does nothing but wait for the next item of the same queue, as long as it takes, with none of it in hand; a task that waits for one keeps its pool from doing nothing but that. */
  readonly onlyGets: Uint8Array;
  /** 1 where it would do it if it were started, be it again after its end. */
  readonly ifStarted: Uint8Array;
  /** Of a slot of a pool that is given tasks alone: where it waits for the next, and the queues that these come into. Without one it does nothing. */
  readonly idle: { readonly at: Uint8Array; readonly queues: readonly string[] } | null;
  /** Of the tasks that a pool takes from a queue, the event with which it takes no more of them, which everybody knows at once; else null. */
  readonly until: string | null;
}

/**
 * Who can still do what: the basis of end of stream, of broken barriers and of waits that can no longer
 * come true. An actor can until no step that does it can be reached any more.
 */
export class MayStill {
  readonly #doers = new Map<Deed, Doer[]>();
  readonly #graphs: readonly ActorGraph[];

  /** The location of actor n is the field `firstField + n` of a state. */
  readonly #firstField: number;

  constructor(graphs: readonly ActorGraph[], resources: ReadonlyMap<string, Resource>, firstField: number) {
    this.#graphs = graphs;
    this.#firstField = firstField;
    for (const [actor, graph] of graphs.entries()) {
      const ofEnds = endsOf(graph, resources);
      const ofHands = handsOf(graph, resources);
      const idle = idleAt(graph);
      for (const [deed, reaches] of new Map([...ofHands, ...deedsOfGraph(graph), ...ofEnds])) {
        const name = deed.slice(deed.indexOf(':') + 1);
        const { locations } = graph;
        const isClosable = (deed.startsWith('put:') || ofEnds.has(deed)) && !graph.lasting.some((one) => one.deed === deed && !one.untilClosed);
        const isClosed = ({ closed }: Location): boolean => isClosable && closed.has(name);
        const has = ofHands.get(deed);
        const can = Uint8Array.from(locations, (location, at) => Number((reaches[at] === 1 && !isClosed(location)) || has?.[at] === 1));
        const doers = this.#doers.get(deed) ?? [];
        doers.push({
          actor,
          can,
          onlyGets: Uint8Array.from(locations, ({ choices, inHand }) => Number(!inHand.has(name) && (graph.ofPool !== 'slot' || inHand.size === 0) && choices.some(({ act }) => act.do === 'get' && act.queue === name) && !choices.some(({ act }) => act.do === 'time_out'))),
          // One that is alive may end, and be started again.
          ifStarted: Uint8Array.from(locations, (_, at) => {
            if (at < graph.started) return can[graph.started] ?? 0;
            return isOwnStream(graph, name) ? 0 : (can[graph.startedAgain] ?? 0);
          }),
          idle,
          until: deed.startsWith('get:') ? endOfTaking(graph, name) : null,
        });
        this.#doers.set(deed, doers);
      }
    }
  }

  /** Every deed that is ever done, with all who do it. */
  get deeds(): ReadonlyMap<Deed, readonly Doer[]> {
    return this.#doers;
  }

  /** Whether anybody can. */
  any(deed: Deed, state: Int32Array): boolean {
    for (const doer of this.#doers.get(deed) ?? []) if (this.#can(doer, state)) return true;
    return false;
  }

  /** Whether anybody does something with what is put into a queue: a pool that is halted still has the tasks that are submitted to it. */
  anyReceives(queue: string, state: Int32Array, isSet: (event: string) => boolean): boolean {
    return isOfTasks(queue) ? this.any(`get:${queue}`, state) : this.anyTakes(queue, state, isSet);
  }

  /** Whether anybody can take from a queue. */
  anyTakes(queue: string, state: Int32Array, isSet: (event: string) => boolean): boolean {
    for (const doer of this.#doers.get(`get:${queue}`) ?? []) if ((doer.until === null || !isSet(doer.until)) && this.#can(doer, state)) return true;
    return false;
  }

  /** Whether anybody can put who does not only wait for an item of this very queue, or for a task that nobody can give it. */
  anyPuts(queue: string, state: Int32Array, itemsIn: (queue: string) => number, asked = new Set([queue])): boolean {
    return (this.#doers.get(`put:${queue}`) ?? []).some((doer) => this.puts(doer, state, itemsIn, asked));
  }

  /** Whether somebody can put into a queue and does more than to wait in vain; `asked`: queues of tasks that it is of no account to ask for. */
  puts(doer: Doer, state: Int32Array, itemsIn: (queue: string) => number, asked: Set<string>): boolean {
    const location = this.#locationOf(doer, state);
    if (doer.onlyGets[location] === 1 || !this.#can(doer, state)) return false;
    if (doer.idle?.at[location] !== 1) return true;
    // It may end, and be given its tasks anew.
    if (doer.ifStarted[location] === 1 && this.canBeStarted(doer.actor, state)) return true;
    return doer.idle.queues.some((own) => {
      if (itemsIn(own) > 0) return true;
      if (asked.has(own)) return false;
      asked.add(own);
      return this.anyPuts(own, state, itemsIn, asked);
    });
  }

  /** How many can. */
  count(deed: Deed, state: Int32Array): number {
    let sum = 0;
    for (const doer of this.#doers.get(deed) ?? []) if (this.#can(doer, state)) sum += 1;
    return sum;
  }

  /** Whether an actor that is not alive can still be started by somebody. */
  canBeStarted(actor: number, state: Int32Array, asked: Set<number> = new Set()): boolean {
    // Whoever was asked before has not been found to be, or is being asked.
    if (asked.has(actor)) return false;
    asked.add(actor);
    const starters = this.#doers.get(`start:${this.#graphs[actor]?.name ?? ''}`) ?? [];
    return starters.some((doer) => this.#can(doer, state, asked));
  }

  #locationOf(doer: Doer, state: Int32Array): number {
    return state[this.#firstField + doer.actor] ?? 0;
  }

  #can(doer: Doer, state: Int32Array, asked?: Set<number>): boolean {
    const location = this.#locationOf(doer, state);
    if (doer.can[location] === 1) return true;
    return doer.ifStarted[location] === 1 && this.canBeStarted(doer.actor, state, asked);
  }
}

/** Where a slot of a pool waits for its next task, of one that has none from a queue of the spec; null of anybody else. */
function idleAt(graph: ActorGraph): Doer['idle'] {
  if (graph.ofPool !== 'slot') return null;
  const at = Uint8Array.from(graph.locations, (_, number) => Number(waitsForTask(graph, number)));
  const queues = new Set(graph.locations.flatMap(({ choices }, number) => (at[number] === 1 ? choices.flatMap(({ act }) => (act.do === 'find_end' ? act.queues : [])) : [])));
  return [...queues].every(isOfTasks) ? { at, queues: [...queues] } : null;
}

/** The event that keeps an actor from each of its gets from a queue once it is set; null where there is none. */
function endOfTaking({ locations }: ActorGraph, queue: string): string | null {
  const guards = new Set(locations.flatMap(({ choices }) => choices.flatMap(({ act, unless }) => (act.do === 'get' && act.queue === queue ? [unless] : []))));
  const [only] = guards;
  return guards.size === 1 ? (only ?? null) : null;
}

/** Whoever has an end of a pipe can use it as long as he has not ended. */
function endsOf({ name: owner, locations }: ActorGraph, resources: ReadonlyMap<string, Resource>): ReadonlyMap<Deed, Uint8Array> {
  const deeds = new Map<Deed, Uint8Array>();
  for (const resource of resources.values()) {
    if (resource.kind !== 'queue' || resource.ends === null) continue;
    const { from, to } = resource.ends;
    const isOpen = Uint8Array.from(locations, ({ outcome }) => Number(outcome === null));
    if (owner === from) deeds.set(`put:${resource.name}`, isOpen);
    if (owner === to) deeds.set(`get:${resource.name}`, isOpen);
  }
  return deeds;
}

/** What somebody has in hand comes back to a queue that takes it, if he ends with it. */
function handsOf({ locations }: ActorGraph, resources: ReadonlyMap<string, Resource>): ReadonlyMap<Deed, Uint8Array> {
  const names = new Set(locations.flatMap(({ inHand }) => [...inHand.keys()]));
  const redelivered = [...names].filter((name) => {
    const resource = resources.get(name);
    return resource?.kind === 'queue' && resource.redelivers;
  });
  return new Map(redelivered.map((name) => [`put:${name}`, Uint8Array.from(locations, ({ inHand }) => Number(inHand.has(name)))]));
}

/** From where each deed can be reached; a moment that has not come may come, and what lasts may be done, though no step leads to it. */
function deedsOfGraph(graph: ActorGraph): ReadonlyMap<Deed, Uint8Array> {
  const deeds = new Map(backwardsReach(graph, deedsAtAll, setsOf));
  const { started, ready, ended } = graph.setsAtMoments;
  const mayCome = (events: readonly string[], isToCome: (stage: Stage) => boolean): void => {
    for (const event of events) {
      const before = deeds.get(`set:${event}`);
      deeds.set(`set:${event}`, Uint8Array.from(graph.locations, ({ outcome, stage }, at) => Number(before?.[at] === 1 || (outcome === null && at >= graph.started && isToCome(stage)))));
    }
  };
  mayCome(started, (stage) => stage === 'before');
  mayCome(ready, (stage) => stage !== 'ready');
  mayCome(ended, () => true);
  for (const { deed } of graph.lasting) {
    const before = deeds.get(deed);
    deeds.set(deed, Uint8Array.from(graph.locations, ({ outcome }, at) => Number(before?.[at] === 1 || (outcome === null && at >= graph.started))));
  }
  return deeds;
}

/**
 * From which locations of an actor each of the things that its choices are can be reached: backwards, until nothing is added.
 *
 * @param thingsBeyond the things that would come behind a step that is refused
 */
export function backwardsReach<Thing>(graph: Pick<ActorGraph, 'locations' | 'robbed'>, thingsOf: (choice: Choice, from: number) => readonly Thing[], thingsBeyond: (beyond: Beyond) => readonly Thing[]): ReadonlyMap<Thing, Uint8Array> {
  const { locations } = graph;
  const sources = locations.map((): number[] => []);
  const found = new Map<Thing, Uint8Array>();
  const open = new Map<Thing, number[]>();
  for (const [at, { choices, beyond }] of locations.entries()) {
    const can = (thing: Thing): void => {
      const places = open.get(thing);
      if (places === undefined) open.set(thing, [at]);
      else places.push(at);
    };
    for (const target of robbedAt(graph, at)) sources[target]?.push(at);
    for (const one of beyond) {
      sources[one.target]?.push(at);
      for (const thing of thingsBeyond(one)) can(thing);
    }
    for (const choice of choices) {
      sources[choice.target]?.push(at);
      for (const thing of thingsOf(choice, at)) can(thing);
    }
  }
  for (const [thing, places] of open) {
    const can = new Uint8Array(locations.length);
    for (let at = places.pop(); at !== undefined; at = places.pop()) {
      if (can[at] === 1) continue;
      can[at] = 1;
      places.push(...(sources[at] ?? []));
    }
    found.set(thing, can);
  }
  return found;
}

/** What an actor does by going this way. */
export function deedsOf(choice: Choice): readonly Deed[] {
  return [...setsOf(choice), ...deedsOfAct(choice.act)];
}

/** With what is refused at once: whoever asks what an actor can still do knows nothing of that. */
function deedsAtAll(choice: Choice): readonly Deed[] {
  const { act } = choice;
  return act.do === 'nothing' && act.refused !== undefined ? [...deedsOf(choice), ...deedsOfAct(act.refused)] : deedsOf(choice);
}

function setsOf({ sets }: Pick<Choice, 'sets'>): readonly Deed[] {
  return sets.map((event): Deed => `set:${event}`);
}

function deedsOfAct(act: Act): readonly Deed[] {
  switch (act.do) {
    case 'set':
      return [`set:${act.event}`];
    case 'put':
      return [`put:${act.queue}`];
    case 'get':
      return [`get:${act.queue}`];
    case 'arrive':
      return [`wait:${act.barrier}`];
    case 'woken':
      return [`wait:${act.by}`];
    case 'notify':
      return [`notify:${act.condition}`];
    case 'start':
      return act.actors.map((actor): Deed => `start:${actor}`);
    default:
      return [];
  }
}
