import { present } from '../base/invariant.ts';
import { conditionPlaces, endingConditions } from './condition-lines.ts';
import type { ActorGraph } from './find-locations.ts';
import { findLoose, type LoosePermits } from './loose-permits.ts';
import type { Resource } from './model.ts';
import { boundOf, type QueueBound } from './queue-bounds.ts';
import { startedByOthers } from './started-by-others.ts';
import { type TaskOrder, taskOrders } from './task-order.ts';

/** The field that says that the run was ended, or that it has come further than is looked at: then all others are 0. */
export const endedField = 0;

/** There are more permits than are told apart: what comes of that is not looked at. */
export const tooFar = 2;

/** The location of actor n is field `firstActorField + n`. */
export const firstActorField = 1;

/**
 * Which field of a state says what. What actors hold or have in hand has none, since their locations say
 * it; neither have locks and semaphores, of which only that is missing, the order of those who wait in a line for them, and who has held
 * longest, and how many more there are, of those that some give back without having them.
 */
export class StateLayout {
  readonly sizes: readonly number[];
  readonly initial: readonly number[];
  /** Semaphores of which somebody gives back what he does not hold. */
  readonly loose: readonly LoosePermits[];
  readonly #actors = new Map<string, number>();
  readonly #fields = new Map<string, number>();
  readonly #bounds = new Map<string, QueueBound>();
  readonly #sets = new Map<string, number>();
  readonly #turns = new Map<number, number>();
  readonly #ahead = new Map<number, number>();
  readonly #vain = new Map<string, number>();
  readonly #ends = new Map<string, number>();
  readonly #breaks = new Map<string, number>();
  readonly #orders = new Map<string, TaskOrder>();

  /**
   * @param reopened queues whose end may be met before all is put: it lasts
   * @param broken queues of which somebody may find that nobody takes from them, and others put
   * @param counted queues of which each item is told apart, and how many there ever are
   */
  constructor(graphs: readonly ActorGraph[], resources: readonly Resource[], reopened: ReadonlySet<string>, broken: ReadonlySet<string>, counted: ReadonlyMap<string, number>) {
    const sizes = [2];
    const initial = [0];
    const again = startedByOthers(graphs);
    for (const [actor, { name, locations }] of graphs.entries()) {
      this.#actors.set(name, actor);
      sizes.push(locations.length);
      initial.push(0);
    }
    for (const resource of resources) {
      switch (resource.kind) {
        case 'permits':
          continue;
        case 'event':
          initial.push(resource.isSet ? setsOf(resource) : 0);
          sizes.push(setsOf(resource) + 1);
          this.#sets.set(resource.name, setsOf(resource));
          break;
        case 'barrier':
          // Whether it is broken.
          initial.push(0);
          sizes.push(2);
          break;
        case 'queue': {
          const bound = boundOf(resource, graphs, again, counted);
          this.#bounds.set(resource.name, bound);
          initial.push(Math.min(resource.items, bound.most));
          sizes.push(bound.most + 1);
          break;
        }
      }
      this.#fields.set(resource.name, sizes.length - 1);
      for (const [names, fields] of [[reopened, this.#ends], [broken, this.#breaks]] as const) {
        if (!names.has(resource.name)) continue;
        initial.push(0);
        sizes.push(2);
        fields.set(resource.name, sizes.length - 1);
      }
    }
    for (const order of taskOrders(resources, (queue) => ({ ...this.boundOf(queue), field: this.queueField(queue) }), sizes.length)) {
      for (const queue of order.labels.keys()) this.#orders.set(queue, order);
      initial.push(...order.fields.map(() => 0), ...(order.lost === null ? [] : [0]));
      sizes.push(...order.fields.map(() => order.labels.size), ...(order.lost === null ? [] : [2]));
    }
    const members = [...graphs.entries()].filter(([, { locations }]) => locations.some(({ choices }) => choices.some(({ act }) => act.do === 'served')));
    for (const [actor] of members) {
      initial.push(0);
      sizes.push(members.length + 1);
      this.#turns.set(actor, sizes.length - 1);
    }
    const atConditions = conditionPlaces(graphs).flatMap((places, actor) => (places.some((place) => place !== null) ? [actor] : []));
    for (const actor of atConditions) {
      initial.push(0);
      sizes.push(atConditions.length + 1);
      this.#ahead.set(actor, sizes.length - 1);
    }
    for (const condition of endingConditions(graphs)) {
      initial.push(0);
      sizes.push(2);
      this.#vain.set(condition, sizes.length - 1);
    }
    this.loose = findLoose(
      resources,
      graphs,
      again,
      (size) => {
        initial.push(0);
        return sizes.push(size) - 1;
      },
      firstActorField,
    );
    if (this.loose.some(({ more }) => more !== null && !more.isAll)) sizes[endedField] = tooFar + 1;
    this.sizes = sizes;
    this.initial = initial;
  }

  actorNamed(name: string): number {
    return present(this.#actors.get(name), `the model has the actor ${name}`);
  }

  actorField(actor: number): number {
    return firstActorField + actor;
  }

  /** The place of an actor in the line that it waits in, from 1; null of one that never does. */
  turnField(actor: number): number | null {
    return this.#turns.get(actor) ?? null;
  }

  /** Who comes before an actor at a condition or its lock; null of one that has nothing to do with any. */
  aheadField(actor: number): number | null {
    return this.#ahead.get(actor) ?? null;
  }

  /** 1 once somebody has found that nobody can still notify a condition; null where that is of no account. */
  vainField(condition: string): number | null {
    return this.#vain.get(condition) ?? null;
  }

  /** Of each such semaphore of which it matters, which of the permits that are held are an actor's. */
  agesFields(actor: number): readonly number[] {
    return this.loose.flatMap(({ holders }) => holders.flatMap((holder) => (holder.actor === actor && holder.agesField !== null ? [holder.agesField] : [])));
  }

  /** How often it was set, which is no more than counts. */
  eventField(event: string): number {
    return this.#field(event);
  }

  /** With so many sets it is set. */
  setsOf(event: string): number {
    return present(this.#sets.get(event), `the model has the event ${event}`);
  }

  /** 1 where it is broken. */
  barrierField(barrier: string): number {
    return this.#field(barrier);
  }

  /** Its items. */
  queueField(queue: string): number {
    return this.#field(queue);
  }

  /** 1 once somebody has met its end; null where that is of no account. */
  endField(queue: string): number | null {
    return this.#ends.get(queue) ?? null;
  }

  /** 1 once somebody has found that nobody takes from it; null where that is of no account. */
  breakField(queue: string): number | null {
    return this.#breaks.get(queue) ?? null;
  }

  boundOf(queue: string): QueueBound {
    return present(this.#bounds.get(queue), `the model has the queue ${queue}`);
  }

  /** The order in which the tasks of a pool have come that a queue is of; null of any other queue. */
  orderOf(name: string): TaskOrder | null {
    return this.#orders.get(name) ?? null;
  }

  #field(name: string): number {
    return present(this.#fields.get(name), `the model has a field for ${name}`);
  }
}

function setsOf({ count = 1 }: Extract<Resource, { kind: 'event' }>): number {
  return count;
}
