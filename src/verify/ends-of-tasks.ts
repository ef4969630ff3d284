import type { ScheduledOperation } from '../schedule/schedule.ts';
import type { ModelSystem } from './model-system.ts';

/**
 * That the queue of its tasks is at its end a pool finds out only as it asks for the next one, which it does not while one of its tasks
 * waits for what that is to hold. In the model the other slots know it before.
 */
export class EndsOfTasks {
  readonly #system: ModelSystem;
  /** Of slots that have found it out too soon, that the pool does. */
  readonly #early = new Map<number, readonly ScheduledOperation[]>();

  constructor(system: ModelSystem) {
    this.#system = system;
  }

  /** What a slot does about its next task, but for what the pool has yet to find out. */
  now(slot: number, operations: readonly ScheduledOperation[], state: Int32Array | undefined): readonly ScheduledOperation[] {
    const ends = operations.filter(({ outcome }) => outcome === 'ends');
    if (ends.length === 0 || !this.#isHeldUp(slot, state)) return operations;
    this.#early.set(slot, ends);
    return operations.filter(({ outcome }) => outcome !== 'ends');
  }

  /** What the pools find out now that it has come to this state. */
  foundIn(state: Int32Array | undefined): readonly ScheduledOperation[] {
    const found: ScheduledOperation[] = [];
    for (const [slot, ends] of this.#early) {
      if (this.#isHeldUp(slot, state)) continue;
      found.push(...ends);
      this.#early.delete(slot);
    }
    return found;
  }

  #isHeldUp(slot: number, state: Int32Array | undefined): boolean {
    const { fellows, layout } = this.#system;
    return fellows.of(slot).some(({ actor, waits }) => waits[state?.[layout.actorField(actor)] ?? 0] === 1);
  }
}
