import { listOf, numberOf, textOf, truthOf } from './answer.ts';
import { fieldOf } from './field-of.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import type { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** State of a barrier at one moment. */
export interface BarrierState {
  /** How many have to arrive. */
  readonly parties: number;
  /** The instances that wait there, in order of arrival. */
  readonly arrived: readonly string[];
  readonly isBroken: boolean;
}

/** A point where so many parties wait for each other. */
export class Barrier {
  readonly name: string;
  readonly #thread: Thread;

  constructor(thread: Thread, name: string) {
    this.#thread = thread;
    this.name = name;
  }

  /**
   * Arrives and waits for the others; gives the place in the order of arrival, from 0.
   *
   * @throws BrokenBarrier, TimedOut, Cancelled
   */
  async wait(options: WaitOptions = {}): Promise<number> {
    refuseUnknown(options);
    return numberOf(await this.#thread.wait('barrier.wait', { name: this.name }, options));
  }

  /** Breaks it: whoever waits, or comes later, gets `BrokenBarrier`. */
  async abort(): Promise<void> {
    await this.#thread.ask('barrier.abort', { name: this.name });
  }

  /** Makes it new and whole; whoever waits gets `BrokenBarrier`. */
  async reset(): Promise<void> {
    await this.#thread.ask('barrier.reset', { name: this.name });
  }

  async look(): Promise<BarrierState> {
    const answer = await this.#thread.ask('barrier.look', { name: this.name });
    return {
      parties: numberOf(fieldOf(answer, 'parties')),
      arrived: listOf(fieldOf(answer, 'arrived')).map(textOf),
      isBroken: truthOf(fieldOf(answer, 'broken')),
    };
  }
}
