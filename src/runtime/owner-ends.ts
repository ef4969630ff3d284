import type { Broker } from '../broker/broker.ts';
import type { Effect } from '../engine/effect.ts';
import type { Operation, Outcome, Owner, SyncRequest } from '../sync/operation.ts';
import { askNow } from './ask-now.ts';
import type { Door } from './door/door.ts';
import type { HandshakeFiles } from './door/handshake-files.ts';
import type { Keys } from './door/keys.ts';
import type { Loans } from './door/loans.ts';
import { endLoans } from './settle-loans.ts';

/** Who has to hear that an owner has ended. */
interface OwnerEndsOptions {
  readonly broker: Broker;
  readonly loans: Loans;
  readonly handshakes: HandshakeFiles;
  readonly door: Door;
  readonly keys: Keys;
}

/**
 * Gives back what owners leave behind. Most commands of a pool have never had anything: nothing was asked for them, and no program of
 * theirs has shown its key. Of these nobody has to hear, which spares each of them a way through all that could have been theirs.
 */
export class OwnerEnds {
  readonly #options: OwnerEndsOptions;
  /** Instances for which something was asked since their last attempt ended. */
  readonly #askers = new Set<string>();

  constructor(options: OwnerEndsOptions) {
    this.#options = options;
  }

  /** Something is asked of the primitives in the name of an instance. */
  asked({ owner }: SyncRequest): void {
    this.#askers.add(owner.instance);
  }

  /** The same of what may be had without any wait. */
  askNow(owner: Owner, operation: Operation, nowMs: number): Outcome | null {
    this.#askers.add(owner.instance);
    return askNow(this.#options.broker, owner, operation, nowMs);
  }

  /** One holder within an instance has ended. */
  holderEnded(effect: Extract<Effect, { type: 'holder_ended' }>, nowMs: number): void {
    const { broker, loans, handshakes } = this.#options;
    endLoans(loans, broker, effect.instance, effect.holder, nowMs);
    broker.holderEnded(effect, nowMs);
    handshakes.remove(effect.instance, effect.holder);
  }

  /** An attempt of an instance has ended, for good where it is `final`. */
  ownerEnded({ instance, final }: Extract<Effect, { type: 'owner_ended' }>, nowMs: number): void {
    const { broker, loans, handshakes, door, keys } = this.#options;
    if (this.#askers.delete(instance) || final || keys.wasShown(instance)) {
      endLoans(loans, broker, instance, null, nowMs);
      broker.ownerEnded(instance, final, nowMs);
      handshakes.remove(instance, null);
    }
    door.attemptEnded(instance);
  }
}
