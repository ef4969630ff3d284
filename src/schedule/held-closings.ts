import type { Closing } from '../sync/closing.ts';
import { type ClosingKey, closedBy, keyOf } from './closing-keys.ts';
import type { Turn } from './operation-order.ts';
import type { ScheduledOperation } from './schedule.ts';

/** What has come to an end in a run before its schedule says so: it is told once that has come to it. */
export class HeldClosings {
  readonly #held: Closing[] = [];
  /** Ends that the schedule has come to. */
  readonly #closed = new Set<ClosingKey>();
  /** Ends that the primitives know of. */
  readonly #told = new Set<ClosingKey>();

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** False where it need not wait. */
  offer(closing: Closing, isLater: boolean): boolean {
    const isHeld = isLater && !this.#closed.has(keyOf(closing));
    if (isHeld) this.#held.push(closing);
    else this.#told.add(keyOf(closing));
    return isHeld;
  }

  /** The schedule has come to where this finds an end. */
  comeTo(operation: ScheduledOperation): void {
    for (const key of closedBy(operation)) this.#closed.add(key);
  }

  /** Tells the first one that the schedule has come to; null where there is none. */
  due(): Turn | null {
    return this.#tell(this.#held.findIndex((closing) => this.#closed.has(keyOf(closing))));
  }

  /** The same of whichever came first. */
  first(): Turn | null {
    return this.#tell(0);
  }

  isTold(operation: ScheduledOperation): boolean {
    return closedBy(operation).some((key) => this.#told.has(key));
  }

  #tell(index: number): Turn | null {
    const [closing] = index === -1 ? [] : this.#held.splice(index, 1);
    if (closing === undefined) return null;
    this.#told.add(keyOf(closing));
    return { type: 'close', closing };
  }
}
