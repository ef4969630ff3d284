import type { ActorGraph } from './find-locations.ts';
import type { Choice } from './location.ts';
import type { Lines } from './lines.ts';
import { heldBeforeDrop } from './loose-permits.ts';
import type { ModelSystem } from './model-system.ts';
import { quitPipes } from './quit-pipes.ts';

/** Choices that may be at odds with any other: they reach far, or what they do depends on the order in which others do something. */
export class StrangeChoices {
  /** Events after which something is possible no more. */
  readonly guards: ReadonlySet<string>;
  /** Events that somebody may clear. */
  readonly #cleared = new Set<string>();
  /** Queues of which somebody waits until all items are done. */
  readonly #counted = new Set<string>();
  /** Queues that take back what was in hand of those who end. */
  readonly #redelivering = new Set<string>();
  /** Barriers, and other things that somebody waits at, where whoever is let go on does something strange with it. */
  readonly #farReaching = new Set<string>();
  /** Lines in which whoever is served does something strange with it. */
  readonly #farReachingLines = new Set<number>();
  readonly #lines: Lines;

  /** Choices by which somebody is let go on who receives from a pipe no more, and so breaks it for others. */
  readonly #quitting: ReadonlySet<Choice>;
  /** Choices by which somebody is let go on who drops next, by a step of its own, what others may take off it before: then there is one step less. */
  readonly #dropping: ReadonlySet<Choice>;
  /** Choices by which somebody gives up waiting at a condition: who asks for its lock later is behind him. */
  readonly #givingUp: ReadonlySet<Choice>;
  /** Choices by which somebody ends whom others may start anew: from then on it can do again what it could do no more. */
  readonly #revivable: ReadonlySet<Choice>;

  constructor({ graphs, resources, may, lines, conditions, layout }: ModelSystem) {
    this.#lines = lines;
    this.#quitting = new Set(graphs.flatMap((graph) => quittingChoices(graph, resources)));
    this.#dropping = new Set(graphs.flatMap((graph) => droppingChoices(graph, layout)));
    this.#givingUp = new Set(graphs.flatMap(({ locations }, actor) => locations.flatMap(({ choices }, at) => (conditions.placeOf(actor, at)?.does === 'sleeps' ? choices.filter(({ act }) => act.do === 'time_out') : []))));
    this.#revivable = new Set(graphs.filter(({ name }) => may.deeds.has(`start:${name}`)).flatMap(endsOf));
    for (const [name, resource] of resources) if (resource.kind === 'queue' && resource.redelivers) this.#redelivering.add(name);
    const all = graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices));
    this.guards = new Set(all.flatMap(({ act, unless }) => [...(unless === undefined ? [] : [unless]), ...(act.do === 'time_out' ? (act.misses ?? []) : [])]));
    for (const { act } of all) {
      if (act.do === 'clear') this.#cleared.add(act.event);
      if (act.do !== 'await' && act.do !== 'find_impossible') continue;
      for (const fact of act.facts) if (fact.type === 'all_done') this.#counted.add(fact.queue);
    }
    for (const choice of all) if (choice.act.do === 'woken' && lines.touchedBy(choice).length > 0) this.#farReaching.add(choice.act.by);
    const followed = all.filter(isLetGoOn);
    // Whoever is let go on may set what lets others go on.
    for (let found = -1; found < this.#farReaching.size + this.#farReachingLines.size; ) {
      found = this.#farReaching.size + this.#farReachingLines.size;
      for (const choice of followed) if (this.#revivable.has(choice) || this.#quitting.has(choice) || this.#dropping.has(choice) || this.#reachesFar(choice) || choice.sets.some((event) => this.guards.has(event))) this.#addFarReaching(choice);
    }
  }

  has(choice: Choice): boolean {
    const { act } = choice;
    if (this.#revivable.has(choice) || this.#reachesFar(choice)) return true;
    if (this.#lines.touchedBy(choice).some((line) => this.#farReachingLines.has(line))) return true;
    switch (act.do) {
      case 'nothing':
      case 'acquire':
      case 'line_up':
      case 'served':
      case 'release':
      case 'find_end':
      case 'find_broken_queue':
      case 'find_broken_barrier':
      case 'close':
      case 'reach':
        return false;
      case 'set':
        return this.#cleared.has(act.event) || this.#farReaching.has(act.event);
      case 'await':
      case 'find_impossible':
        return act.facts.some((fact) => fact.type === 'all_done' || (fact.type === 'event' && this.#cleared.has(fact.event)));
      case 'put':
      case 'get':
      case 'item_done':
        return this.#counted.has(act.queue);
      case 'arrive':
        return this.#farReaching.has(act.barrier);
      case 'time_out':
        return act.breaks !== null || this.#givingUp.has(choice);
      case 'await_pulse':
      case 'begin_to_wait':
      case 'woken':
      case 'clear':
      case 'wait_notified':
      case 'notify':
      case 'find_unnotifiable':
      case 'break':
      case 'reset':
      case 'start':
      case 'find_alive':
      case 'stop':
        // `woken` of a barrier is no step of its own.
        return act.do !== 'woken';
    }
  }

  #addFarReaching(choice: Choice): void {
    if (choice.act.do === 'woken') this.#farReaching.add(choice.act.by);
    if (choice.act.do === 'served') for (const line of this.#lines.touchedBy(choice)) this.#farReachingLines.add(line);
  }

  #reachesFar({ sets, lost, stopsRun }: Choice): boolean {
    return stopsRun || sets.some((event) => this.#cleared.has(event) || this.#farReaching.has(event)) || [...lost.keys()].some((queue) => this.#redelivering.has(queue) || this.#counted.has(queue));
  }
}

function quittingChoices(graph: ActorGraph, resources: ModelSystem['resources']): readonly Choice[] {
  return graph.locations.flatMap(({ choices }) => choices.filter((choice) => isLetGoOn(choice) && quitPipes({ resources }, graph, choice).length > 0));
}

function droppingChoices({ locations }: ActorGraph, { loose }: ModelSystem['layout']): readonly Choice[] {
  const isLoose = (name: string): boolean => loose.some((one) => one.name === name);
  return loose.length === 0 ? [] : locations.flatMap(({ choices }) => choices.filter((choice) => isLetGoOn(choice) && heldBeforeDrop(locations, choice.target, isLoose).length > 0));
}

/** It goes on by what others do. */
function isLetGoOn({ act }: Choice): boolean {
  return act.do === 'woken' || act.do === 'served';
}

/** The choices by which an actor ends. */
function endsOf({ locations }: ActorGraph): readonly Choice[] {
  return locations.flatMap(({ choices }) => choices.filter(({ target }) => (locations[target]?.outcome ?? null) !== null));
}
