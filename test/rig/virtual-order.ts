import { itsTurn, OrderedBroker } from '../../src/broker/ordered-broker.ts';
import type { Broker } from '../../src/broker/broker.ts';
import type { SpawnOrder } from '../../src/engine/effect.ts';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import type { OperationOrder } from '../../src/schedule/operation-order.ts';
import type { SyncEvent } from '../../src/sync/operation.ts';
import type { TurnRequest } from '../../src/sync/run-deed.ts';
import type { StandIn } from '../../src/schedule/stand-ins.ts';

/** In which order the primitives of a virtual run are asked, and what its programs do meanwhile. */
export interface VirtualOrderOptions {
  readonly order: OperationOrder;
  readonly endless: ReadonlySet<string>;
  /** Of the next program of an instance; only its end counts. */
  readonly standInOf: (instance: string) => StandIn;
}

const programs: Readonly<Record<StandIn['end'], string>> = { succeeds: 'exit 0', fails: 'exit 1', never: 'forever' };

/** Has the turns of an order taken in virtual time: one whenever nothing else happens at the same time. */
export class VirtualOrder {
  readonly #options: VirtualOrderOptions | null;
  #broker: OrderedBroker | null = null;

  constructor(options: VirtualOrderOptions | undefined) {
    this.#options = options ?? null;
  }

  get engineOptions(): Pick<EngineOptions, 'heldBack' | 'endless'> {
    return this.#options === null ? {} : { heldBack: this.#options.order, endless: this.#options.endless };
  }

  /** The broker that is asked in this order. */
  before(broker: Broker): Broker {
    if (this.#options === null) return broker;
    this.#broker = new OrderedBroker(broker, this.#options.order);
    return this.#broker;
  }

  /** Where there is no order its turn is now. */
  requestTurn(request: TurnRequest, nowMs: number, tell: (event: SyncEvent) => void): void {
    if (this.#broker === null) tell({ type: 'settled', requestId: request.id, outcome: itsTurn });
    else this.#broker.requestTurn(request, nowMs);
  }

  /** False where there is no turn to take. */
  takeTurn(nowMs: number): boolean {
    return this.#broker?.takeTurn(nowMs) ?? false;
  }

  /** What is started in place of a command. */
  commandFor(order: SpawnOrder): SpawnOrder {
    return this.#options === null ? order : { ...order, argv: [programs[this.#options.standInOf(order.instance).end]] };
  }
}
