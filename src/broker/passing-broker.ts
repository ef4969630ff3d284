import type { Closing } from '../sync/closing.ts';
import type { Outcome, Owner, SyncEvent, SyncRequest } from '../sync/operation.ts';
import type { PrimitiveView, SyncSnapshot } from '../sync/snapshot.ts';
import type { Broker } from './broker.ts';

/** A broker before another one, to which it passes everything that it does not handle itself. */
export abstract class PassingBroker implements Broker {
  protected readonly broker: Broker;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  request(request: SyncRequest, nowMs: number): void {
    this.broker.request(request, nowMs);
  }

  attempt(request: SyncRequest, nowMs: number): Outcome | null {
    return this.broker.attempt(request, nowMs);
  }

  cancel(requestId: number, nowMs: number): void {
    this.broker.cancel(requestId, nowMs);
  }

  close(closing: Closing, nowMs: number): void {
    this.broker.close(closing, nowMs);
  }

  ownerEnded(instance: string, final: boolean, nowMs: number): void {
    this.broker.ownerEnded(instance, final, nowMs);
  }

  holderEnded(owner: Owner, nowMs: number): void {
    this.broker.holderEnded(owner, nowMs);
  }

  expire(nowMs: number): void {
    this.broker.expire(nowMs);
  }

  nextDeadlineMs(): number | null {
    return this.broker.nextDeadlineMs();
  }

  snapshot(): SyncSnapshot {
    return this.broker.snapshot();
  }

  look(name: string): PrimitiveView | null {
    return this.broker.look(name);
  }

  listen(listener: (event: SyncEvent) => void): void {
    this.broker.listen(listener);
  }
}
