import type { Broker } from '../broker/broker.ts';
import { err, ok } from '../base/result.ts';
import type { Answer } from '../engine/caller.ts';
import { failureOf } from '../engine/call-outcome.ts';
import type { Closing } from '../sync/closing.ts';
import type { Operation, Outcome, Owner, SyncEvent, SyncRequest } from '../sync/operation.ts';
import type { PrimitiveView, SyncSnapshot } from '../sync/snapshot.ts';
import { unlisted } from './attempt-call.ts';
import type { ClientFiles } from './door/client-files.ts';
import { DelegationFile } from './door/delegation-file.ts';
import { systemErrorText } from './system-error-text.ts';

/** A lock that is left to its holder. */
interface Delegation {
  readonly owner: Owner;
  readonly file: DelegationFile;
  /** Fencing number of the grant that it began with. */
  readonly token: number;
}

/**
 * The broker, with locks that are left to whoever takes them again and again while nobody else wants them
 * (as NFSv4 delegates a file to a client, RFC 8881, section 10.4). Whatever is asked about such a lock, or
 * about its holder's end, reclaims it first, without any help of the holder; so nothing can be told from
 * a lock that is not delegated, but for fencing numbers that rise by more than one.
 */
export class DelegatingBroker implements Broker {
  readonly #broker: Broker;
  readonly #files: ClientFiles;
  readonly #nowMs: () => number;
  /** By lock. */
  readonly #delegations = new Map<string, Delegation>();
  /** Those of each holder, by lock, also while they are not in use. */
  readonly #filesOf = new Map<string, Map<string, DelegationFile>>();

  constructor(broker: Broker, files: ClientFiles, nowMs: () => number) {
    this.#broker = broker;
    this.#files = files;
    this.#nowMs = nowMs;
  }

  /** Leaves a lock to the owner, which holds it; refused where others could want it. */
  delegate(owner: Owner, name: string): Answer {
    const nowMs = this.#nowMs();
    this.#reclaim(name);
    let file: DelegationFile;
    try {
      file = this.#fileOf(owner, name);
    } catch (error) {
      return err({ kind: 'refused', message: `no file can be made: ${systemErrorText(error)}` });
    }
    const operation: Operation = { verb: 'delegate', name };
    const outcome = this.#broker.attempt({ id: unlisted, owner, operation, deadlineMs: nowMs }, nowMs);
    if (outcome === null) return err({ kind: 'refused', message: 'this run leaves no lock to its holder' });
    if (outcome.status !== 'granted') return err(failureOf(operation, outcome, 0));
    file.begin();
    const token = Number(outcome.value);
    this.#delegations.set(name, { owner, file, token });
    return ok({ path: file.path, token });
  }

  /** Takes back what is left to the programs of an instance: somebody looks at what it holds. */
  reclaimFrom(instance: string): void {
    for (const [name, { owner }] of this.#delegations) if (owner.instance === instance) this.#reclaim(name);
  }

  request(request: SyncRequest, nowMs: number): void {
    this.#reclaimFor(request.operation);
    this.#broker.request(request, nowMs);
  }

  attempt(request: SyncRequest, nowMs: number): Outcome | null {
    this.#reclaimFor(request.operation);
    return this.#broker.attempt(request, nowMs);
  }

  cancel(requestId: number, nowMs: number): void {
    this.#broker.cancel(requestId, nowMs);
  }

  close(closing: Closing, nowMs: number): void {
    this.#broker.close(closing, nowMs);
  }

  ownerEnded(instance: string, final: boolean, nowMs: number): void {
    this.reclaimFrom(instance);
    const holders = [...this.#filesOf.keys()].filter((key) => instanceIn(key) === instance);
    for (const key of holders) this.#removeFiles(key);
    this.#broker.ownerEnded(instance, final, nowMs);
  }

  holderEnded(owner: Owner, nowMs: number): void {
    const key = keyOf(owner);
    for (const name of this.#filesOf.get(key)?.keys() ?? []) {
      const delegation = this.#delegations.get(name);
      if (delegation !== undefined && keyOf(delegation.owner) === key) this.#reclaim(name);
    }
    this.#removeFiles(key);
    this.#broker.holderEnded(owner, nowMs);
  }

  expire(nowMs: number): void {
    this.#broker.expire(nowMs);
  }

  nextDeadlineMs(): number | null {
    return this.#broker.nextDeadlineMs();
  }

  snapshot(): SyncSnapshot {
    for (const name of this.#delegations.keys()) this.#reclaim(name);
    return this.#broker.snapshot();
  }

  look(name: string): PrimitiveView | null {
    this.#reclaim(name);
    return this.#broker.look(name);
  }

  listen(listener: (event: SyncEvent) => void): void {
    this.#broker.listen(listener);
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
    this.#delegations.delete(name);
    const { owner, file, token } = delegation;
    const { grants, isHeld } = file.revoke();
    const last = token + grants;
    // The file is the program's to write: a number that cannot be counts for nothing.
    const operation: Operation = { verb: 'reclaim', name, token: Number.isSafeInteger(last) ? last : token, isHeld };
    const nowMs = this.#nowMs();
    const request: SyncRequest = { id: unlisted, owner, operation, deadlineMs: nowMs };
    if (this.#broker.attempt(request, nowMs) === null) this.#broker.request(request, nowMs);
  }

  #fileOf(owner: Owner, name: string): DelegationFile {
    const key = keyOf(owner);
    const files = this.#filesOf.get(key) ?? new Map<string, DelegationFile>();
    const file = files.get(name) ?? new DelegationFile(this.#files.next());
    files.set(name, file);
    this.#filesOf.set(key, files);
    return file;
  }

  #removeFiles(key: string): void {
    for (const file of this.#filesOf.get(key)?.values() ?? []) file.remove();
    this.#filesOf.delete(key);
  }
}

function keyOf({ instance, holder }: Owner): string {
  return `${instance} ${holder}`;
}

function instanceIn(key: string): string {
  return key.split(' ', 1).join('');
}
