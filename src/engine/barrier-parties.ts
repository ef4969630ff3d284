import type { Actor } from '../plan/plan.ts';
import type { Context } from './context.ts';

/** How many parties of one barrier each of those who may still come there counts for. */
export class BarrierParties {
  readonly #context: Context;
  readonly #barrier: string;
  /** Of a program that has not come yet. */
  readonly #ofProgram: number;

  /** @param actors all who may wait at it */
  constructor(context: Context, barrier: string, parties: number, actors: readonly Actor[]) {
    this.#context = context;
    this.#barrier = barrier;
    const each = new Set(actors.map(({ who }) => who));
    let sum = 0;
    for (const who of each) sum += this.#slots(who) ?? 1;
    // Where one each would never fill it, threads or processes of a program are meant to be parties of their own.
    this.#ofProgram = sum < parties ? parties : 1;
  }

  /** Slots of a pool, one of steps; of a program what is meant, or more where more of it are there. */
  of({ who, by }: Actor): number {
    const slots = this.#slots(who);
    if (slots !== null) return slots;
    return by.type === 'uses' ? Math.max(this.#ofProgram, this.#context.arrivals.count(this.#barrier, who)) : 1;
  }

  #slots(who: string): number | null {
    return this.#context.pools.get(who)?.plan.workers ?? null;
  }
}
