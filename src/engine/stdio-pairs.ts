import { type ActorIndex, canStillBeStarted } from './can-act.ts';
import type { Context } from './context.ts';

/**
 * Two processes that a kernel pipe joins run again as a pair where both are started again, one after the
 * other. The first gets a new pipe, whose other end is kept for the second as long as somebody may start
 * it; without that the first would meet a closed pipe before the second is there.
 */
export class StdioPairs {
  readonly #context: Context;
  readonly #index: ActorIndex;
  /** Have ended, and an end of a new pipe is kept for them. */
  readonly #awaited = new Set<string>();

  constructor(context: Context, index: ActorIndex) {
    this.#context = context;
    this.#index = index;
  }

  /** These are about to be started, for the first time or again. */
  starting(names: readonly string[]): void {
    for (const { from, to } of this.#context.plan.stdioPipes) {
      for (const [one, other] of [[from, to] as const, [to, from] as const]) {
        if (!names.includes(one) || !(names.includes(other) || this.#mayComeAgain(other))) continue;
        this.#awaited.add(other);
        this.#context.effect({ type: 'await_instance', instance: other });
      }
    }
  }

  /** Gives up what is kept for somebody whom nobody can start any more. */
  look(): void {
    for (const name of this.#awaited) {
      if (this.#mayComeAgain(name)) continue;
      this.#awaited.delete(name);
      // Whoever lives again gives up its own end.
      if (this.#context.instance(name).end !== null) this.#context.effect({ type: 'close_instance', instance: name });
    }
  }

  #mayComeAgain(name: string): boolean {
    return this.#context.instance(name).end !== null && canStillBeStarted(this.#context, this.#index, name, new Set());
  }
}
