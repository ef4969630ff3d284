import { type OperationOrder, orderedTimesMs, type Turn } from '../schedule/operation-order.ts';
import { isRunDeed } from '../schedule/scheduled-request.ts';
import type { Closing } from '../sync/closing.ts';
import type { Outcome, SyncEvent, SyncRequest } from '../sync/operation.ts';
import type { TurnRequest } from '../sync/run-deed.ts';
import type { Broker } from './broker.ts';
import { PassingBroker } from './passing-broker.ts';

/** The answer to whoever has waited for his turn. */
export const itsTurn: Outcome = { status: 'granted', value: null, itemId: null, tokens: {}, ownerDied: [] };

/** A broker that is asked in an order of its own: what comes before its turn is held back until then. */
export class OrderedBroker extends PassingBroker {
  readonly #order: OperationOrder;
  /** Whose first wait is being ended, which nobody is told of. */
  #renewed: number | null = null;
  readonly #listeners: ((event: SyncEvent) => void)[] = [];

  constructor(broker: Broker, order: OperationOrder) {
    super(broker);
    this.#order = order;
    broker.listen((event) => {
      this.#tell(event);
    });
  }

  /** Takes the next turn; false where there is none for now. */
  takeTurn(nowMs: number): boolean {
    const turn = this.#order.next(nowMs);
    if (turn !== null) this.#take(turn, nowMs);
    return turn !== null;
  }

  override request(request: SyncRequest, nowMs: number): void {
    if (!this.#order.offer(request, nowMs)) super.request(request, nowMs);
  }

  /** Asks for a turn to do what the primitives know nothing of. */
  requestTurn(request: TurnRequest, nowMs: number): void {
    if (!this.#order.offer(request, nowMs)) this.#pass(request, nowMs);
  }

  /** Nothing is told at once while things are held back. */
  override attempt(request: SyncRequest, nowMs: number): Outcome | null {
    return this.#order.isHolding ? null : super.attempt(request, nowMs);
  }

  override cancel(requestId: number, nowMs: number): void {
    if (this.#order.withdraw(requestId)) this.#tell({ type: 'settled', requestId, outcome: { status: 'cancelled' } });
    else super.cancel(requestId, nowMs);
  }

  override close(closing: Closing, nowMs: number): void {
    if (!this.#order.offerClosing(closing)) super.close(closing, nowMs);
  }

  override ownerEnded(instance: string, final: boolean, nowMs: number): void {
    for (const request of this.#order.lastOf?.(instance) ?? []) this.#pass(request, nowMs);
    this.#withdraw(this.#order.withdrawAllOf(instance, final));
    super.ownerEnded(instance, final, nowMs);
  }

  override nextDeadlineMs(): number | null {
    const atMs = super.nextDeadlineMs();
    return atMs === null || atMs >= orderedTimesMs ? null : atMs;
  }

  override listen(listener: (event: SyncEvent) => void): void {
    this.#listeners.push(listener);
  }

  #withdraw(ids: readonly number[]): void {
    for (const requestId of ids) this.#tell({ type: 'settled', requestId, outcome: { status: 'cancelled' } });
  }

  #take(turn: Turn, nowMs: number): void {
    switch (turn.type) {
      case 'pass':
        this.#pass(turn.request, nowMs);
        return;
      case 'renew':
        this.#renewed = turn.request.id;
        super.cancel(turn.request.id, nowMs);
        this.#renewed = null;
        super.request(turn.request, nowMs);
        return;
      case 'answer':
        this.#tell({ type: 'settled', requestId: turn.requestId, outcome: turn.outcome });
        return;
      case 'expire':
        super.expire(turn.atMs);
        return;
      case 'close':
        super.close(turn.closing, nowMs);
    }
  }

  #pass(request: SyncRequest | TurnRequest, nowMs: number): void {
    const { operation, id: requestId } = request;
    if (isRunDeed(operation)) this.#tell({ type: 'settled', requestId, outcome: itsTurn });
    else super.request({ ...request, operation }, nowMs);
  }

  #tell(event: SyncEvent): void {
    if (event.type === 'settled' && event.requestId === this.#renewed) return;
    if (event.type === 'settled') this.#order.settled(event.requestId, event.outcome);
    for (const listener of this.#listeners) listener(event);
  }
}
