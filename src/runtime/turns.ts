import type { Broker } from '../broker/broker.ts';
import { OrderedBroker } from '../broker/ordered-broker.ts';
import type { SpawnOrder } from '../engine/effect.ts';
import type { OperationOrder } from '../schedule/operation-order.ts';

/** What is asked of the primitives in an order of its own. */
export interface InOrder {
  /** @param warn hears what whoever looks at the run should know of it */
  readonly createOrder: (warn: (message: string) => void) => OperationOrder;
  /** Programs that are known to go on until they are stopped. */
  readonly endless: readonly string[];
  /** What is run in place of the next command of an instance, or of a slot of a pool; null where commands are run as they are. */
  readonly commandOf: ((instance: string) => readonly string[]) | null;
}

/** A process as it is started: with whatever is run in place of its command. */
export function commandInOrder(order: SpawnOrder, inOrder: InOrder | undefined): SpawnOrder {
  const argv = inOrder?.commandOf?.(order.instance);
  return argv === undefined ? order : { ...order, argv };
}

/** Has turns taken, one at a time, whenever it has been quiet for long enough. */
export class Turns {
  readonly broker: OrderedBroker;
  readonly #order: OperationOrder;
  readonly #nowMs: () => number;
  #cancel: (() => void) | null = null;
  #isClosed = false;

  constructor(order: OperationOrder, broker: Broker, nowMs: () => number) {
    this.#order = order;
    this.broker = new OrderedBroker(broker, order);
    this.#nowMs = nowMs;
  }

  /** Something has happened, and whatever follows from it by itself has been handled. */
  wait(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#isClosed || !this.#order.isHolding) return;
    const take = (): void => {
      this.#cancel = null;
      // What comes of it waits for the next one by itself, if anything does.
      if (this.broker.takeTurn(this.#nowMs())) this.wait();
    };
    const { quietMs } = this.#order;
    if (quietMs === 0) {
      const immediate = setImmediate(take);
      this.#cancel = () => {
        clearImmediate(immediate);
      };
      return;
    }
    const timer = setTimeout(take, quietMs);
    this.#cancel = () => {
      clearTimeout(timer);
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }
}
