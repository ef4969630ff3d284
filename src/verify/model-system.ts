import { invariant } from '../base/invariant.ts';
import { type ActorWorld, findActors } from './actor-world.ts';
import { compileAct } from './compile-act.ts';
import { describeAct } from './describe-act.ts';
import { EndingSuccessor } from './ending-successor.ts';
import type { ActorGraph } from './find-locations.ts';
import { type Firing, Mover } from './firing.ts';
import type { Choice } from './location.ts';
import type { MayStill } from './may-still.ts';
import type { Model, Resource } from './model.ts';
import { endedField, firstActorField, StateLayout } from './state-layout.ts';
import type { Successor, TransitionSystem } from './transition-system.ts';

/** One transition, as it stands in the scripts. */
export interface Transition {
  readonly actor: string;
  readonly from: number;
  readonly choice: Choice;
}

/** A model as something to explore. */
export class ModelSystem implements TransitionSystem, ActorWorld {
  readonly graphs: readonly ActorGraph[];
  readonly layout: StateLayout;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly may: MayStill;
  readonly fieldSizes: readonly number[];
  readonly initial: readonly number[];
  readonly #transitions: Transition[] = [];
  /** Of each actor and location, what its choices do. */
  readonly #fires: readonly (readonly (readonly ((firing: Firing) => void)[])[])[];
  /** Of each actor and location, pairs of a lock or semaphore and what is held of it. */
  readonly #holds: readonly (readonly (readonly number[])[])[];
  readonly #permits: readonly number[];
  readonly #firing: Firing;
  readonly #ending: EndingSuccessor;
  /** Actors that have to end, each with the locations where it has. */
  readonly #mustEnd: readonly { readonly field: number; readonly isOver: Uint8Array }[];
  /** Somebody is there who goes on for ever: then no state is final. */
  readonly #isEndless: boolean;

  constructor(model: Model) {
    const { actors, resources } = model;
    const found = findActors(model);
    this.graphs = found.graphs;
    this.resources = found.resources;
    this.may = found.may;
    this.layout = new StateLayout(this.graphs, resources);
    this.fieldSizes = this.layout.sizes;
    this.initial = this.layout.initial;
    this.#ending = new EndingSuccessor(this.fieldSizes.length);
    const limits = resources.filter((resource) => resource.kind === 'permits');
    const limitNumbers = new Map(limits.map(({ name }, index) => [name, index]));
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
    const world = { graphs: this.graphs, layout: this.layout, resources: this.resources, limitNumbers, actors, mover, may: this.may };
    this.#fires = this.graphs.map(({ name, locations }, actor) =>
      locations.map((location, from) =>
        location.choices.map((choice) => {
          this.#transitions.push({ actor: name, from, choice });
          return compileAct(world, { actor, location, choice, transition: this.#transitions.length - 1 });
        }),
      ),
    );
    const toEnd = this.graphs.flatMap((graph, actor) => (graph.isDaemon ? [] : [{ graph, field: this.layout.actorField(actor) }]));
    const [endless, ending] = [toEnd.filter(({ graph }) => !graph.canEnd), toEnd.filter(({ graph }) => graph.canEnd)];
    this.#isEndless = endless.length > 0;
    this.#mustEnd = ending.map(({ graph, field }) => ({
      field,
      isOver: Uint8Array.from(graph.locations, ({ outcome }, at) => Number(outcome !== null || at < graph.started)),
    }));
  }

  expand(state: Int32Array, successor: Successor): void {
    const firing = this.#firing;
    firing.state = state;
    this.#ending.goesTo = successor;
    this.#findFree(state, firing.free);
    for (let actor = 0; actor < this.#fires.length; actor += 1) {
      const fires = this.#fires[actor]?.[state[firstActorField + actor] ?? 0] ?? [];
      for (let index = 0; index < fires.length; index += 1) fires[index]?.(firing);
    }
  }

  isFinal(state: Int32Array): boolean {
    return state[endedField] === 1 || (!this.#isEndless && this.isGoal(state));
  }

  isGoal(state: Int32Array): boolean {
    if (state[endedField] === 1) return true;
    for (const { field, isOver } of this.#mustEnd) if (isOver[state[field] ?? 0] !== 1) return false;
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

  #findFree(state: Int32Array, free: Int32Array): void {
    for (let limit = 0; limit < free.length; limit += 1) free[limit] = this.#permits[limit] ?? 0;
    if (free.length === 0) return;
    for (let actor = 0; actor < this.#holds.length; actor += 1) {
      const holds = this.#holds[actor]?.[state[firstActorField + actor] ?? 0] ?? [];
      for (let index = 0; index < holds.length; index += 2) {
        const limit = holds[index] ?? 0;
        free[limit] = (free[limit] ?? 0) - (holds[index + 1] ?? 0);
      }
    }
  }
}
