import type { Broker } from '../broker/broker.ts';
import { PassingBroker } from '../broker/passing-broker.ts';
import { err, ok } from '../base/result.ts';
import type { Answer } from '../engine/caller.ts';
import { failureOf } from '../engine/call-outcome.ts';
import type { Operation, Outcome, Owner, SyncRequest } from '../sync/operation.ts';
import type { PrimitiveView, SyncSnapshot } from '../sync/snapshot.ts';
import { unlisted } from '../base/unlisted.ts';
import { askNow } from './ask-now.ts';
import type { HandshakeFile } from './door/handshake-file.ts';
import { type HandshakeFiles, tooManyFiles } from './door/handshake-files.ts';
import { systemErrorText } from './system-error-text.ts';

/** A lock that is left to its holder. */
interface Delegation {
  readonly owner: Owner;
  readonly file: HandshakeFile;
  /** Fencing number of the grant that it began with. */
  readonly token: number;
}

/** The holder's word: twice the number of grants since the delegation, and one more while it holds the lock. */
const heldWithoutGrant = 1n;

/**
 * The broker, with locks that are left to whoever takes them again and again while nobody else wants them
 * (as NFSv4 delegates a file to a client, RFC 8881, section 10.4). Whatever is asked about such a lock, or
 * about its holder's end, reclaims it first, without any help of the holder; so nothing can be told from
 * a lock that is not delegated, but for fencing numbers that rise by more than one.
 */
export class DelegatingBroker extends PassingBroker {
  readonly #files: HandshakeFiles;
  readonly #nowMs: () => number;
  /** By lock. */
  readonly #delegations = new Map<string, Delegation>();

  constructor(broker: Broker, files: HandshakeFiles, nowMs: () => number) {
    super(broker);
    this.#files = files;
    this.#nowMs = nowMs;
  }

  /** Leaves a lock to the owner, which holds it; refused where others could want it. */
  delegate(owner: Owner, name: string): Answer {
    const nowMs = this.#nowMs();
    this.#reclaim(name);
    let file: HandshakeFile | null;
    try {
      file = this.#files.of(owner, name);
    } catch (error) {
      return err({ kind: 'refused', message: `no file can be made: ${systemErrorText(error)}` });
    }
    if (file === null) return err(tooManyFiles);
    const operation: Operation = { verb: 'delegate', name };
    const outcome = askNow(this.broker, owner, operation, nowMs);
    if (outcome === null) return err({ kind: 'refused', message: 'this run leaves no lock to its holder' });
    if (outcome.status !== 'granted') return err(failureOf(operation, outcome, 0));
    const delegation = { owner, file, token: Number(outcome.value) };
    this.#delegations.set(name, delegation);
    if (file.begin(heldWithoutGrant)) return ok({ path: file.path, token: delegation.token });
    this.#settle(delegation, name, heldWithoutGrant);
    return err({ kind: 'refused', message: 'the file for it cannot be written' });
  }

  /** Takes back what is left to the programs of an instance: somebody looks at what it holds. */
  reclaimFrom(instance: string): void {
    for (const [name, { owner }] of this.#delegations) if (owner.instance === instance) this.#reclaim(name);
  }

  override request(request: SyncRequest, nowMs: number): void {
    this.#reclaimFor(request.operation);
    super.request(request, nowMs);
  }

  override attempt(request: SyncRequest, nowMs: number): Outcome | null {
    this.#reclaimFor(request.operation);
    return super.attempt(request, nowMs);
  }

  override ownerEnded(instance: string, final: boolean, nowMs: number): void {
    this.reclaimFrom(instance);
    super.ownerEnded(instance, final, nowMs);
  }

  override holderEnded(owner: Owner, nowMs: number): void {
    for (const [name, delegation] of this.#delegations) {
      const { instance, holder } = delegation.owner;
      if (instance === owner.instance && holder === owner.holder) this.#reclaim(name);
    }
    super.holderEnded(owner, nowMs);
  }

  override snapshot(): SyncSnapshot {
    for (const name of this.#delegations.keys()) this.#reclaim(name);
    return super.snapshot();
  }

  override look(name: string): PrimitiveView | null {
    this.#reclaim(name);
    return super.look(name);
  }

  #reclaimFor(operation: Operation): void {
    if (this.#delegations.size === 0) return;
    if (operation.verb === 'acquire' || operation.verb === 'release') {
      for (const { name } of operation.demands) this.#reclaim(name);
    }
  }

  #reclaim(name: string): void {
    const delegation = this.#delegations.get(name);
    if (delegation === undefined) return;
    this.#settle(delegation, name, delegation.file.revoke());
  }

  /** The lock is the run's again, and stands as the word says. */
  #settle({ owner, token }: Delegation, name: string, word: bigint): void {
    this.#delegations.delete(name);
    const last = token + Number(word / 2n);
    // The file is the program's to write: a number that cannot be counts for nothing.
    const operation: Operation = { verb: 'reclaim', name, token: Number.isSafeInteger(last) ? last : token, isHeld: word % 2n === 1n };
    const nowMs = this.#nowMs();
    const request: SyncRequest = { id: unlisted, owner, operation, deadlineMs: nowMs };
    if (this.broker.attempt(request, nowMs) === null) this.broker.request(request, nowMs);
  }
}
