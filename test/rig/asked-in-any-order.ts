import { expect } from 'vitest';
import type { PrimitiveDefinition } from '../../src/sync/definition.ts';
import type { Operation, SyncEvent } from '../../src/sync/operation.ts';
import { SyncTable } from '../../src/sync/sync-table.ts';
import type { ActorGraph } from '../../src/verify/find-locations.ts';
import type { Model } from '../../src/verify/model.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import { stateAt } from '../../src/verify/shortest-way.ts';
import { exploreAll } from './explore-all.ts';
import type { LineStep, LineSteps } from './line-models.ts';

/** Where each stands, and what it holds, as a text. */
type Standing = string;

/** What is asked for: `loose` are semaphores of which some give back what they do not hold. */
export interface AskedOf {
  readonly definitions: readonly PrimitiveDefinition[];
  readonly loose: readonly string[];
}

/** One thing that happens: somebody does what is next, or is through with waiting. */
interface Happening {
  readonly who: string;
  readonly what: 'does' | 'gives_up';
}

const most = 4000;

/** The primitives of a run, asked by some who are each as slow as they like: so whatever is asked may come in any order. */
class Asked {
  readonly #table: SyncTable;
  readonly #all: LineSteps;
  readonly #isLoose: (name: string) => boolean;
  readonly #at: Map<string, number>;
  readonly #waiting = new Map<string, number>();
  #nowMs = 0;

  constructor({ definitions, loose }: AskedOf, all: LineSteps, way: readonly Happening[]) {
    this.#table = new SyncTable(definitions);
    this.#isLoose = (name) => loose.includes(name);
    this.#all = all;
    this.#at = new Map(all.map(({ name }) => [name, 0]));
    for (const happening of way) this.#take(happening);
  }

  get next(): readonly Happening[] {
    return this.#all.flatMap(({ name, steps }): readonly Happening[] => {
      const at = this.#at.get(name) ?? 0;
      const step = steps[at];
      if (at < 0) return [];
      const isTimed = step?.do === 'take' && step.how !== 'untimed';
      const gives: readonly Happening[] = isTimed ? [{ who: name, what: 'gives_up' }] : [];
      if (this.#waiting.has(name)) return gives;
      if (step?.do === 'await_end' && (this.#at.get(step.other) ?? 0) >= 0) return [];
      return [{ who: name, what: 'does' }, ...gives];
    });
  }

  get standing(): Standing {
    const held = new Map<string, number>();
    for (const primitive of this.#table.snapshot().primitives) {
      const holdings = primitive.kind === 'semaphore' || primitive.kind === 'lock' ? primitive.holdings : [];
      for (const { owner, permits } of holdings) held.set(`${owner.instance} ${primitive.name}`, (held.get(`${owner.instance} ${primitive.name}`) ?? 0) + permits);
    }
    return standingOf(this.#all.map(({ name }) => [name, this.#at.get(name) ?? 0]), [...held]);
  }

  /** The same for two that do everything alike from now on. */
  get key(): string {
    const { waiting, primitives } = this.#table.snapshot();
    const order = waiting.map(({ owner }) => owner.instance);
    const held = primitives.flatMap((primitive) => (primitive.kind === 'semaphore' ? [primitive.free, ...primitive.holdings.map(({ owner, permits }) => `${owner.instance} ${String(permits)}`)] : []));
    return `${this.standing} waiting ${order.join(' ')} held ${held.join(' ')}`;
  }

  #take({ who, what }: Happening): void {
    const step = this.#all.find(({ name }) => name === who)?.steps[this.#at.get(who) ?? 0];
    if (what === 'gives_up') {
      const id = this.#waiting.get(who);
      this.#goOn(who);
      if (id !== undefined) this.#hear(this.#table.cancel(id));
    } else if (step === undefined) {
      this.#end(who);
    } else {
      this.#do(who, step);
    }
  }

  #do(who: string, step: LineStep): void {
    switch (step.do) {
      case 'take':
        this.#ask(who, { verb: 'acquire', demands: step.demands }, { untimed: null, timed: 1_000_000, tried: 0 }[step.how]);
        break;
      case 'give': {
        const { name, permits } = step.demand;
        // Of anything else nobody of the model gives back what others have.
        if (!this.#isLoose(name) && this.#heldBy(who, name) < permits) this.#goOn(who);
        else this.#ask(who, { verb: 'release', demands: [step.demand] }, null);
        break;
      }
      case 'await_end':
        this.#goOn(who);
        break;
    }
  }

  #heldBy(who: string, name: string): number {
    const primitive = this.#table.look(name)?.primitive;
    const holdings = primitive?.kind === 'semaphore' || primitive?.kind === 'lock' ? primitive.holdings : [];
    return holdings.reduce((sum, { owner, permits }) => sum + (owner.instance === who ? permits : 0), 0);
  }

  #ask(who: string, operation: Operation, patienceMs: number | null): void {
    this.#nowMs += 1;
    const id = this.#nowMs;
    this.#waiting.set(who, id);
    this.#hear(this.#table.request({ id, owner: { instance: who, holder: 'steps' }, operation, deadlineMs: patienceMs === null ? null : id + patienceMs }, id));
  }

  #hear(events: readonly SyncEvent[]): void {
    for (const event of events) {
      const who = event.type === 'settled' ? [...this.#waiting].find(([, id]) => id === event.requestId)?.[0] : undefined;
      if (event.type !== 'settled' || who === undefined) continue;
      // To be refused to give something back is let pass.
      if (event.outcome.status === 'failed' && this.#all.find(({ name }) => name === who)?.steps[this.#at.get(who) ?? 0]?.do !== 'give') this.#end(who);
      else this.#goOn(who);
    }
  }

  #goOn(who: string): void {
    this.#waiting.delete(who);
    this.#at.set(who, (this.#at.get(who) ?? 0) + 1);
  }

  #end(who: string): void {
    this.#waiting.delete(who);
    this.#at.set(who, -1);
    this.#hear(this.#table.ownerEnded(who, true));
  }
}

function standingOf(at: readonly (readonly [string, number])[], held: readonly (readonly [string, number])[]): Standing {
  const text = (pairs: readonly (readonly [string, number])[]): string => pairs.map(([name, number]) => `${name} ${String(number)}`).toSorted().join(', ');
  return `${text(at)} with ${text(held)}`;
}

/** All that can be come to with the primitives; null where there is more than is looked at. */
export function reachedByAsking(of: AskedOf, all: LineSteps): ReadonlySet<Standing> | null {
  const found = new Set<Standing>();
  const keys = new Set<string>();
  const open: (readonly Happening[])[] = [[]];
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    const asked = new Asked(of, all, way);
    if (keys.has(asked.key)) continue;
    keys.add(asked.key);
    if (keys.size > most) return null;
    found.add(asked.standing);
    for (const happening of asked.next) open.push([...way, happening]);
  }
  return found;
}

/** All that a model comes to, but for those states in which somebody is about to be served. */
export function reachedByModel(model: Model): { readonly standings: ReadonlySet<Standing>; readonly served: number; readonly foreign: number } {
  const system = new ModelSystem(model);
  const found = exploreAll(system);
  const standings = new Set<Standing>();
  let served = 0;
  let foreign = 0;
  for (let number = 0; number < found.states; number += 1) {
    const state = stateAt(found, number);
    if (isServing(system, state)) {
      served += 1;
      continue;
    }
    if (takesOffOthers(system, state)) foreign += 1;
    const at = system.graphs.map((graph, one) => ({ graph, location: state[system.layout.actorField(one)] ?? 0 }));
    standings.add(
      standingOf(
        at.map(({ graph, location }) => [graph.name, placeOf(graph, location)]),
        at.flatMap(({ graph, location }) => [...(graph.locations[location]?.held ?? [])].map(([thing, count]) => [`${graph.name} ${thing}`, count] as const)),
      ),
    );
  }
  return { standings, served, foreign };
}

/** How many things are done; of one that waits for ever for what it cannot have, that is told by how it has come there. */
function placeOf({ locations }: ActorGraph, at: number): number {
  if (locations[at]?.outcome !== null) return -1;
  const next = locations[at].choices[0]?.place[0];
  const before = locations.flatMap(({ choices }) => choices.flatMap(({ target, place }) => (target === at ? [Number(place[0])] : [])));
  return next === undefined ? Math.max(...before, -1) + 1 : Number(next);
}

/** Whether somebody may give back next what he does not hold. */
function takesOffOthers(system: ModelSystem, state: Int32Array): boolean {
  let takes = false;
  system.expand(state, {
    get: (field) => state[field] ?? 0,
    set: () => undefined,
    reach: (transition) => {
      const { act } = system.transitionAt(transition).choice;
      takes ||= act.do === 'release' && act.lacks !== undefined;
    },
  });
  return takes;
}

/** Whether somebody is served next; then nothing else may happen. */
function isServing(system: ModelSystem, state: Int32Array): boolean {
  const acts: string[] = [];
  system.expand(state, {
    get: (field) => state[field] ?? 0,
    set: () => undefined,
    reach: (transition) => {
      acts.push(system.transitionAt(transition).choice.act.do);
    },
  });
  if (!acts.includes('served')) return false;
  expect(acts).toEqual(['served']);
  return true;
}
