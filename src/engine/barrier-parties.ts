import type { EngineActor } from './can-act.ts';
import type { Context } from './context.ts';

/** How many parties of one barrier each of those who may still come there counts for. */
export class BarrierParties {
  readonly #context: Context;
  readonly #barrier: string;
  /** Of a program that has not come yet. */
  readonly #ofProgram: number;

  /** @param actors all who may wait at it */
  constructor(context: Context, barrier: string, parties: number, actors: readonly EngineActor[]) {
    this.#context = context;
    this.#barrier = barrier;
    const each = new Set(actors.map(({ who }) => who));
    let sum = 0;
    for (const who of each) sum += this.#slots(who) ?? 1;
    // Where one each would never fill it, threads or processes of a program are meant to be parties of their own.
    this.#ofProgram = sum < parties ? parties : 1;
  }

  /** Slots of a pool that may have a task, one of steps; of a program what is meant, or more where more of it are there. */
  of({ who, by }: EngineActor): number {
    const slots = this.#slots(who);
    if (slots !== null) return by.type === 'steps' ? Math.min(slots, this.#tasksOf(who)) : slots;
    return by.type === 'uses' ? Math.max(this.#ofProgram, this.#context.arrivals.count(this.#barrier, who)) : 1;
  }

  /** Those that run or wait to; any number, where more may come. A slot without a task comes nowhere. */
  #tasksOf(who: string): number {
    const pool = this.#context.pools.get(who);
    if (pool?.phase !== 'running' || pool.sourceState !== 'ended' || pool.submitOpen) return Number.POSITIVE_INFINITY;
    return pool.withoutFate;
  }

  #slots(who: string): number | null {
    return this.#context.pools.get(who)?.plan.workers ?? null;
  }
}
