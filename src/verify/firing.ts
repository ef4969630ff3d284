import type { ActorGraph } from './find-locations.ts';
import type { Choice, Counts, Location } from './location.ts';
import type { Resource } from './model.ts';
import { endedField, type StateLayout } from './state-layout.ts';
import type { Successor } from './transition-system.ts';

/** One state that is being expanded. */
export interface Firing {
  state: Int32Array;
  readonly next: Successor;
  /** What is left of each lock and semaphore. */
  readonly free: Int32Array;
}

/** What a transition changes, beside what its operation does. */
export type Effect = (firing: Firing) => void;

interface Sleeper {
  readonly actor: number;
  readonly field: number;
  /** The choice that it goes on by, from each location. */
  readonly choiceAt: readonly (Choice | null)[];
  /** Of a barrier or condition, the one by which it finds that it waits in vain. */
  readonly brokenAt: readonly (Choice | null)[];
}

/** Moves actors from one location to the next, with all that goes with it. */
export class Mover {
  readonly #layout: StateLayout;
  readonly #redelivering: ReadonlySet<string>;
  readonly #beingSet = new Set<string>();
  /** Of each thing at which actors wait for others to let them go on. */
  readonly #sleepers = new Map<string, Sleeper[]>();

  constructor(graphs: readonly ActorGraph[], resources: readonly Resource[], layout: StateLayout) {
    this.#layout = layout;
    this.#redelivering = new Set(resources.filter((resource) => resource.kind === 'queue' && resource.redelivers).map(({ name }) => name));
    for (const [actor, { locations }] of graphs.entries()) {
      const names = new Set(locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'woken' ? [act.by] : []))));
      for (const name of names) {
        const choiceAt = locations.map(({ choices }) => choices.find(({ act }) => act.do === 'woken' && act.by === name) ?? null);
        const brokenAt = locations.map((location) => brokenChoice(location, name));
        this.#sleepers.set(name, [...(this.#sleepers.get(name) ?? []), { actor, field: layout.actorField(actor), choiceAt, brokenAt }]);
      }
    }
  }

  /** The whole effect of a choice of an actor. */
  move(actor: number, choice: Choice): Effect {
    const field = this.#layout.actorField(actor);
    const { target } = choice;
    const goes = ({ next }: Firing): void => {
      next.set(field, target);
    };
    if (choice.sets.length === 0 && choice.lost.size === 0 && !choice.stopsRun) return goes;
    return (firing) => {
      goes(firing);
      this.#sideEffects(choice, firing);
    };
  }

  /** Actors that wait there. */
  countSleepers(name: string, state: Int32Array): number {
    let count = 0;
    for (const { field, choiceAt } of this.#sleepers.get(name) ?? []) if (isAt(choiceAt, state[field])) count += 1;
    return count;
  }

  /** Lets everybody go on who waits there, in `next` as it is by now. */
  wake(name: string, firing: Firing): void {
    for (const { field, choiceAt } of this.#sleepers.get(name) ?? []) this.#goBy(field, choiceAt, firing);
  }

  /** Everybody who waits at a barrier finds it broken, or that nobody can still notify a condition. */
  turnAway(name: string, firing: Firing): void {
    for (const { field, brokenAt } of this.#sleepers.get(name) ?? []) this.#goBy(field, brokenAt, firing);
  }

  /** Lets one of them go on. */
  wakeOne(name: string, actor: number, firing: Firing): void {
    const sleeper = this.#sleepers.get(name)?.find((one) => one.actor === actor);
    if (sleeper !== undefined) this.#goBy(sleeper.field, sleeper.choiceAt, firing);
  }

  /** Sets an event in `next`, or comes nearer to that. */
  set(event: string, firing: Firing): void {
    const { next } = firing;
    const field = this.#layout.eventField(event);
    const sets = this.#layout.setsOf(event);
    next.set(field, Math.min(next.get(field) + 1, sets));
    if (next.get(field) < sets) return;
    // Whoever is let go on may set it again: all who wait are being let go on already.
    if (this.#beingSet.has(event)) return;
    this.#beingSet.add(event);
    this.wake(event, firing);
    this.#beingSet.delete(event);
  }

  /** What an actor that ends has in hand goes back to the queues that take it. */
  giveBack(lost: Counts, { next }: Firing): void {
    for (const [queue, count] of lost) {
      if (!this.#redelivering.has(queue)) continue;
      const field = this.#layout.queueField(queue);
      next.set(field, Math.min(next.get(field) + count, this.#layout.boundOf(queue).most));
    }
  }

  #goBy(field: number, choiceAt: readonly (Choice | null)[], firing: Firing): void {
    const choice = choiceAt[firing.next.get(field)];
    if (choice === null || choice === undefined) return;
    firing.next.set(field, choice.target);
    this.#sideEffects(choice, firing);
  }

  #sideEffects({ sets, lost, stopsRun }: Choice, firing: Firing): void {
    for (const event of sets) this.set(event, firing);
    this.giveBack(lost, firing);
    if (stopsRun) firing.next.set(endedField, 1);
  }
}

/** By which whoever waits at a barrier or condition finds that in vain; null where nobody waits. */
export function brokenChoice({ choices }: Location, name: string): Choice | null {
  const waits = choices.some(({ act }) => act.do === 'woken' && act.by === name);
  return (waits ? choices.find(({ act }) => (act.do === 'find_broken_barrier' && act.barrier === name) || (act.do === 'find_unnotifiable' && act.condition === name)) : undefined) ?? null;
}

function isAt(choiceAt: readonly (Choice | null)[], location: number | undefined): boolean {
  return (choiceAt[location ?? 0] ?? null) !== null;
}
