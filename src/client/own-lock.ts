import { openSync } from 'node:fs';
import { numberOf, textOf } from './answer.ts';
import { Delegation } from './delegation.ts';
import { Refused } from './errors.ts';
import { fieldOf } from './field-of.ts';
import { Handoff } from './handoff.ts';
import { Held } from './held.ts';
import type { HolderNames } from './holder-names.ts';
import { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** Grants, one after the other and with nothing else asked meanwhile, that make it worth while to ask for the lock itself. */
const grantsBeforeDelegation = 16;
/** So many waits for others make it worth while that they hand it on to this process. */
const waitsBeforeJoin = 2;
/** Where it was refused twice as many, and so on, but no more than these. */
const mostGrantsBefore = 1024;
/** As often as this fast they are worth it. */
const quickGrantMs = 1;
/** Grants without asking after which the program's other work gets its turn. */
const grantsPerTurn = 100;

/**
 * One lock as all handles of a connection share it. Each grant has a holder of its own, since two
 * asynchronous tasks exclude each other; a lock that is taken again and again while nobody else wants it
 * is left to one of these holders, which then need not ask.
 */
export class OwnLock {
  readonly #thread: Thread;
  readonly #names: HolderNames;
  readonly #name: string;
  readonly #params: { readonly holds: string };
  #delegation: { readonly lock: Delegation; readonly holder: Thread } | null = null;
  #handoff: Handoff | null = null;
  #waits = 0;
  #isAsking = false;
  #wantedGrants = grantsBeforeDelegation;
  #quickGrants = 0;
  #countedSinceMs = 0;
  #grantsOfTurn = 0;

  constructor(thread: Thread, names: HolderNames, name: string) {
    this.#thread = thread;
    this.#names = names;
    this.#name = name;
    this.#params = { holds: name };
  }

  /** As `acquire` of the lock alone. */
  async acquire(options: WaitOptions): Promise<Held> {
    const own = this.#takeOwn(options);
    if (own !== null) {
      this.#grantsOfTurn += 1;
      if (this.#grantsOfTurn % grantsPerTurn === 0) await turn();
      return own;
    }
    const handoff = isUnlimited(options) && this.#handoff?.isBusy === false ? this.#handoff : null;
    const holder = handoff?.thread ?? new Thread(this.#thread.connection, this.#names.take());
    try {
      const answer = handoff === null ? await holder.wait('lock.acquire', this.#params, options) : await handoff.acquire();
      if (answer instanceof Held) return answer;
      if (fieldOf(answer, 'waited') === true) this.#hasWaited();
      const isOwn = this.#isTakenOften() && (await this.#ask(holder));
      return Held.of(answer, isOwn ? () => this.#releaseOwn() : () => this.#release(holder));
    } catch (error) {
      this.#giveBack(holder);
      throw error;
    }
  }

  #endDelegation(): void {
    this.#delegation?.lock.close();
    this.#delegation = null;
  }

  /** The connection is gone. */
  close(): void {
    this.#endDelegation();
    this.#handoff?.close();
  }

  /** Takes it without asking; null where that cannot be. */
  #takeOwn({ signal }: WaitOptions): Held | null {
    const delegation = this.#delegation;
    if (delegation === null || delegation.lock.isHeld || signal?.aborted === true) return null;
    // What was asked before comes before; and what the end of a connection has taken is not taken again.
    if (!this.#thread.connection.isSettled) return null;
    const { lock } = delegation;
    if (!lock.take()) {
      this.#giveUp();
      return null;
    }
    return new Held({ [this.#name]: lock.token }, [], () => this.#releaseOwn());
  }

  #releaseOwn(): void {
    const lock = this.#delegation?.lock;
    // What was put, set or sent before is to be there for the next holder.
    if (lock === undefined || !this.#thread.connection.isSettled || !lock.release()) this.#giveUp();
  }

  /** The lock is the run's again: whatever grant it has seen last is over. */
  #giveUp(): void {
    const delegation = this.#delegation;
    if (delegation === null) return;
    const { lock, holder } = delegation;
    this.#endDelegation();
    holder.tell('lock.release', { ...this.#params, token: lock.token });
    this.#giveBack(holder);
  }

  #release(holder: Thread): void {
    if (!this.#thread.connection.isSettled) this.#quickGrants = 0;
    holder.tell('lock.release', this.#params);
    this.#giveBack(holder);
  }

  /** The holder holds nothing any more. */
  #giveBack(holder: Thread): void {
    if (holder === this.#handoff?.thread) this.#handoff.rest();
    else this.#names.giveBack(holder.name);
  }

  #isTakenOften(): boolean {
    if (this.#delegation !== null || this.#isAsking) return false;
    this.#quickGrants += 1;
    const nowMs = performance.now();
    if (this.#quickGrants === 1) this.#countedSinceMs = nowMs;
    if (this.#quickGrants < this.#wantedGrants) return false;
    this.#quickGrants = 0;
    return nowMs - this.#countedSinceMs < this.#wantedGrants * quickGrantMs;
  }

  #hasWaited(): void {
    this.#waits += 1;
    if (this.#waits === waitsBeforeJoin) void this.#join();
  }

  /** From now on others may hand the lock on to one holder of this process. */
  async #join(): Promise<void> {
    const holder = new Thread(this.#thread.connection, this.#names.take());
    try {
      const bell = textOf(fieldOf(await holder.ask('lock.handoff', { name: this.#name }), 'bell'));
      this.#handoff = new Handoff(holder, this.#name, bell);
    } catch {
      // The lock is not one that may be, the folder of the run is not to be seen from here, or the run has ended.
      this.#giveBack(holder);
    }
  }

  /** Asks for the lock itself, which the holder has; whether it was left to it. */
  async #ask(holder: Thread): Promise<boolean> {
    this.#isAsking = true;
    try {
      const answer = await holder.ask('lock.delegate', { name: this.#name });
      const file = openSync(textOf(fieldOf(answer, 'path')), 'r+');
      this.#wantedGrants = grantsBeforeDelegation;
      this.#delegation = { lock: new Delegation(file, numberOf(fieldOf(answer, 'token'))), holder };
      return true;
    } catch (error) {
      if (!(error instanceof Refused) && !isSystemError(error)) throw error;
      this.#wantedGrants = Math.min(this.#wantedGrants * 2, mostGrantsBefore);
      return false;
    } finally {
      this.#isAsking = false;
    }
  }
}

function isUnlimited({ timeoutMs, signal }: WaitOptions): boolean {
  return (timeoutMs ?? Infinity) === Infinity && signal === undefined;
}

/** The folder of the run is not to be seen from here, or was removed. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
