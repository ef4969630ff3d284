import type { EngineActor } from './can-act.ts';
import type { Context } from './context.ts';

/** How many parties of one barrier each of those who may still come there counts for. */
export class BarrierParties {
  readonly #context: Context;
  readonly #barrier: string;
  /** How each of them may come there. */
  readonly #ways = new Map<string, Set<EngineActor['by']['type']>>();
  /** Of a program that has not come yet. */
  readonly #ofProgram: number;

  /** @param actors all who may wait at it */
  constructor(context: Context, barrier: string, parties: number, actors: readonly EngineActor[]) {
    this.#context = context;
    this.#barrier = barrier;
    for (const { who, by } of actors) this.#ways.set(who, (this.#ways.get(who) ?? new Set()).add(by.type));
    let sum = 0;
    for (const who of this.#ways.keys()) sum += this.#most(who);
    // Where one each would never fill it, threads or processes of a program are meant to be parties of their own.
    this.#ofProgram = sum < parties ? parties : 1;
  }

  /** Slots of a pool that may have a task, and the pool itself before its start; one of steps; of a program what is meant, or more where more of it are there. */
  of({ who, by }: EngineActor): number {
    const pool = this.#context.pools.get(who);
    if (pool !== undefined) return (this.#startsHere(who) && pool.phase !== 'running' ? 1 : 0) + this.#slots(who, this.#tasksOf(who));
    return by.type === 'uses' ? Math.max(this.#ofProgram, this.#context.arrivals.count(this.#barrier, who)) : 1;
  }

  #most(who: string): number {
    return this.#context.pools.has(who) ? Number(this.#startsHere(who)) + this.#slots(who, Number.POSITIVE_INFINITY) : 1;
  }

  /** Whether it waits there before its start. */
  #startsHere(who: string): boolean {
    return this.#ways.get(who)?.has('start_wait') === true;
  }

  /** Those of a pool of whose tasks some may wait there: of steps only as many as have one. */
  #slots(who: string, tasks: number): number {
    const ways = this.#ways.get(who);
    const workers = this.#context.pools.get(who)?.plan.workers ?? 0;
    if (ways?.has('uses') === true) return workers;
    return ways?.has('steps') === true ? Math.min(workers, tasks) : 0;
  }

  /** Those that run or wait to; any number, where more may come. A slot without a task comes nowhere. */
  #tasksOf(who: string): number {
    const pool = this.#context.pools.get(who);
    if (pool?.phase !== 'running' || pool.sourceState !== 'ended' || pool.submitOpen) return Number.POSITIVE_INFINITY;
    return pool.withoutFate;
  }
}
