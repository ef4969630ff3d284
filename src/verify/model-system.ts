import { invariant } from '../base/invariant.ts';
import { type ActorWorld, findActors } from './actor-world.ts';
import { brokenQueues } from './broken-queues.ts';
import { compileAct, compileMiss } from './compile-act.ts';
import { ConditionLines } from './condition-lines.ts';
import { describeAct } from './describe-act.ts';
import { EndingSuccessor } from './ending-successor.ts';
import { FellowSlots } from './fellow-slots.ts';
import type { ActorGraph } from './find-locations.ts';
import { type Firing, Mover } from './firing.ts';
import { knownFromTheFirst } from './known-from-the-first.ts';
import { Lines } from './lines.ts';
import type { Choice } from './location.ts';
import { mayNeverCome } from './may-never-come.ts';
import type { MayStill } from './may-still.ts';
import type { Model, Resource } from './model.ts';
import { mostEverIn } from './most-ever-in.ts';
import { reopenedQueues } from './reopened-queues.ts';
import { endedField, firstActorField, StateLayout } from './state-layout.ts';
import type { Successor, TransitionSystem } from './transition-system.ts';

/** One transition, as it stands in the scripts. */
export interface Transition {
  readonly actor: string;
  readonly from: number;
  readonly choice: Choice;
}

/** Somebody who at some of its locations does nothing any more, or not yet. */
interface Resting {
  readonly field: number;
  readonly isOver: Uint8Array;
}

function isResting({ field, isOver }: Resting, state: Int32Array): boolean {
  return isOver[state[field] ?? 0] === 1;
}

/** A model as something to explore. */
export class ModelSystem implements TransitionSystem, ActorWorld {
  readonly graphs: readonly ActorGraph[];
  readonly isFine: boolean;
  readonly layout: StateLayout;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly may: MayStill;
  readonly lines: Lines;
  readonly conditions: ConditionLines;
  readonly fellows: FellowSlots;
  readonly fieldSizes: readonly number[];
  readonly initial: readonly number[];
  readonly #transitions: Transition[] = [];
  /** Of those that may never come, in which states they do for all that. */
  readonly #unsure = new Map<number, (firing: Firing) => boolean>();
  /** Of each actor and location, what its choices do. */
  readonly #fires: readonly (readonly (readonly ((firing: Firing) => void)[])[])[];
  /** Of each actor and location where it waits in a line, what happens when it is its turn. */
  readonly #serves: readonly (readonly ((firing: Firing) => void)[])[];
  /** Of each actor and location, pairs of a lock or semaphore and what is held of it. */
  readonly #holds: readonly (readonly (readonly number[])[])[];
  readonly #permits: readonly number[];
  /** Of each actor and location, the number of its first transition. */
  readonly #firstTransitions: readonly (readonly number[])[];
  readonly #firing: Firing;
  readonly #ending: EndingSuccessor;
  /** Actors that have to end, each with the locations where it has. */
  readonly #mustEnd: readonly Resting[];
  /** Those who never end by themselves: until they are stopped they have to be able to go on. */
  readonly #endless: readonly Resting[];
  readonly #endlessOfActor: ReadonlyMap<string, number>;
  /** Actors with locations that end the run. */
  readonly #enders: readonly { readonly field: number; readonly endsRun: Uint8Array }[];

  /**
   * @param found what is to be explored of the actors, where it is not all that is written in their scripts
   * @param isFine each item of a queue without a bound is told apart, where it is known how many there are
   */
  constructor(model: Model, found: ActorWorld = findActors(model), isFine = false) {
    const { actors, resources } = model;
    this.graphs = found.graphs;
    this.isFine = isFine;
    this.resources = found.resources;
    this.may = found.may;
    this.layout = new StateLayout(this.graphs, resources, new Set(reopenedQueues(found).map(({ queue }) => queue)), brokenQueues(found), isFine ? mostEverIn(resources, this.graphs) : new Map());
    this.fieldSizes = this.layout.sizes;
    this.initial = knownFromTheFirst(this.graphs, this.layout, this.may);
    const limits = resources.filter((resource) => resource.kind === 'permits');
    const limitNumbers = new Map(limits.map(({ name }, index) => [name, index]));
    this.lines = new Lines(this.graphs, this.resources, this.layout, limitNumbers);
    this.conditions = new ConditionLines(this.graphs, this.layout);
    this.fellows = new FellowSlots(this.graphs);
    this.#ending = new EndingSuccessor(this.fieldSizes.length, this.lines, this.conditions, this.layout.loose, (lock) => (this.#firing.free[limitNumbers.get(lock) ?? 0] ?? 0) > 0);
    this.#permits = limits.map(({ permits }) => permits);
    this.#holds = this.graphs.map(({ locations }) =>
      locations.map(({ held }) =>
        [...held].flatMap(([name, count]) => {
          const limit = limitNumbers.get(name);
          invariant(limit !== undefined, `the model has the lock or semaphore ${name}`);
          return [limit, limits[limit]?.reentrant === true ? 1 : count];
        }),
      ),
    );
    this.#firing = { state: new Int32Array(0), next: this.#ending, free: new Int32Array(limits.length) };
    const mover = new Mover(this.graphs, resources, this.layout);
    const world = { graphs: this.graphs, layout: this.layout, resources: this.resources, lines: this.lines, conditions: this.conditions, actors, mover, may: this.may };
    const serves = this.graphs.map((): ((firing: Firing) => void)[] => []);
    this.#serves = serves;
    this.#fires = this.graphs.map(({ name, locations }, actor) =>
      locations.map((location, from) =>
        location.choices.flatMap((choice) => {
          this.#transitions.push({ actor: name, from, choice });
          const site = { actor, location, choice, transition: this.#transitions.length - 1 };
          const fire = compileAct(world, site);
          if (mayNeverCome(choice, location.choices)) this.#unsure.set(site.transition, choice.act.do === 'time_out' && choice.act.endsAttempt !== true ? compileMiss(world, site) : () => false);
          if (choice.act.do !== 'served') return [fire];
          const ofActor = serves[actor];
          if (ofActor !== undefined) ofActor[from] = fire;
          return [];
        }),
      ),
    );
    let count = 0;
    this.#firstTransitions = this.graphs.map(({ locations }) =>
      locations.map(({ choices }) => {
        count += choices.length;
        return count - choices.length;
      }),
    );
    const toEnd = this.graphs.flatMap((graph, actor) => 
      graph.isDaemon
        ? []
        : [{ graph, field: this.layout.actorField(actor), isOver: Uint8Array.from(graph.locations, ({ outcome }, at) => Number(outcome !== null || at < graph.started)) }],
    );
    this.#endless = toEnd.filter(({ graph }) => !graph.canEnd);
    this.#mustEnd = toEnd.filter(({ graph }) => graph.canEnd);
    this.#endlessOfActor = new Map(toEnd.filter(({ graph }) => !graph.canEnd).map(({ graph }, index) => [graph.name, index]));
    this.#enders = this.graphs.flatMap(({ locations }, actor) =>
      locations.some(({ endsRun }) => endsRun) ? [{ field: this.layout.actorField(actor), endsRun: Uint8Array.from(locations, ({ endsRun }) => Number(endsRun)) }] : [],
    );
  }

  /** How many transitions there are. */
  get transitions(): number {
    return this.#transitions.length;
  }

  get endless(): number {
    return this.#endless.length;
  }

  expand(state: Int32Array, successor: Successor): boolean {
    const firing = this.#begin(state, successor);
    if (this.#serve(firing)) return true;
    for (let actor = 0; actor < this.#fires.length; actor += 1) {
      const fires = this.#fires[actor]?.[state[firstActorField + actor] ?? 0] ?? [];
      for (let index = 0; index < fires.length; index += 1) fires[index]?.(firing);
    }
    return true;
  }

  /** Makes the successors that some of the actors lead to. */
  expandSome(state: Int32Array, successor: Successor, actors: Iterable<number>): void {
    const firing = this.#begin(state, successor);
    if (this.#serve(firing)) return;
    for (const actor of actors) for (const fire of this.#fires[actor]?.[state[firstActorField + actor] ?? 0] ?? []) fire(firing);
  }

  /** The transition that is choice 0 of an actor at one of its locations; the others follow. */
  firstTransition(actor: number, location: number): number {
    return this.#firstTransitions[actor]?.[location] ?? 0;
  }

  /** Those who have to end or to rest, each with the locations where it does: then the run is over. */
  over(): readonly { readonly actor: number; readonly isOver: Uint8Array }[] {
    return [...this.#mustEnd, ...this.#endless].map(({ field, isOver }) => ({ actor: field - firstActorField, isOver }));
  }

  /** Those who have to end and have not. */
  unended(state: Int32Array): readonly number[] {
    return this.#mustEnd.filter((one) => !isResting(one, state)).map(({ field }) => field - firstActorField);
  }

  /** Everybody is told apart. */
  normalize(): void {
    // As it is.
  }

  isFinal(state: Int32Array): boolean {
    return this.#isEnded(state) || (this.#isGoal(state) && this.#endless.every((one) => isResting(one, state)));
  }

  isGoal(state: Int32Array): boolean {
    return this.#isEnded(state) || this.#isGoal(state);
  }

  endlessOf(transition: number): number {
    if (this.#endless.length === 0) return -1;
    return this.#endlessOfActor.get(this.transitionAt(transition).actor) ?? -1;
  }

  mayNeverCome(transition: number): boolean {
    const comes = this.#unsure.get(transition);
    return comes !== undefined && !comes(this.#firing);
  }

  isResting(endless: number, state: Int32Array): boolean {
    const one = this.#endless[endless];
    return one !== undefined && isResting(one, state);
  }

  #isEnded(state: Int32Array): boolean {
    if (state[endedField] !== 0) return true;
    for (const { field, endsRun } of this.#enders) if (endsRun[state[field] ?? 0] === 1) return true;
    return false;
  }

  #isGoal(state: Int32Array): boolean {
    for (const one of this.#mustEnd) if (!isResting(one, state)) return false;
    return true;
  }

  #begin(state: Int32Array, successor: Successor): Firing {
    const firing = this.#firing;
    firing.state = state;
    this.#ending.goesTo = successor;
    this.#ending.comesFrom = state;
    this.#findFree(state, firing.free);
    return firing;
  }

  /** Whether it is somebody's turn in a line: then nothing else happens before. */
  #serve(firing: Firing): boolean {
    if (this.lines.isEmpty) return false;
    const actor = this.lines.served(firing.state, firing.free);
    if (actor === -1) return false;
    this.#serves[actor]?.[firing.state[firstActorField + actor] ?? 0]?.(firing);
    return true;
  }

  transitionAt(transition: number): Transition {
    const found = this.#transitions[transition];
    invariant(found !== undefined, 'a transition has a number of the system');
    return found;
  }

  describe(transition: number): string {
    const { actor, choice } = this.transitionAt(transition);
    return `${actor} ${describeAct(choice.act)}`;
  }

  #addFree(name: string, count: number, free: Int32Array): void {
    const limit = this.lines.limitOf(name);
    free[limit] = (free[limit] ?? 0) + count;
  }

  #findFree(state: Int32Array, free: Int32Array): void {
    for (let limit = 0; limit < free.length; limit += 1) free[limit] = this.#permits[limit] ?? 0;
    if (free.length === 0) return;
    for (const { name, more } of this.layout.loose) if (more !== null) this.#addFree(name, state[more.field] ?? 0, free);
    for (let actor = 0; actor < this.#holds.length; actor += 1) {
      const holds = this.#holds[actor]?.[state[firstActorField + actor] ?? 0] ?? [];
      for (let index = 0; index < holds.length; index += 2) {
        const limit = holds[index] ?? 0;
        free[limit] = (free[limit] ?? 0) - (holds[index + 1] ?? 0);
      }
    }
  }
}
