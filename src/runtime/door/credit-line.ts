import { isRecord } from '../../base/json-type.ts';
import type { Json } from '../../base/json.ts';
import type { Operation, Outcome, Owner } from '../../sync/operation.ts';
import type { CreditSpool } from './credit-spool.ts';
import { Pace } from './pace.ts';

/** So many items may be put on one grant. */
const mostCredit = 1000;
/** For so many items at most a quick client is waited for. */
const mostAtOnce = 50;

/** What a line of credit needs. */
interface CreditLineOptions {
  readonly spool: CreditSpool;
  /** One of its own: what is reserved for it is nobody else's. */
  readonly owner: Owner;
  readonly queue: string;
  /** Asks the queue; null where it cannot tell at once. */
  readonly ask: (owner: Owner, operation: Operation) => Outcome | null;
  /** Whether somebody waits for items of the queue. */
  readonly isAwaited: () => boolean;
  /** Whoever waits is patient, as the client is quick. */
  readonly bePatient: () => void;
  /** Hears when it begins to have credit, and when it has none any more. */
  readonly hasCredit: (line: CreditLine, has: boolean) => void;
}

/** Room of a bounded queue that one connection may fill without asking, until it is called off. */
export class CreditLine {
  readonly #options: CreditLineOptions;
  readonly #pace = new Pace(mostAtOnce);
  /** Room that is reserved and not filled. */
  #left = 0;
  /** All that was reserved of this grant. */
  #limit = 0;
  /** With no more than this left, there should be more. */
  #enough = 0;
  #isOpen = false;
  #isClosed = false;

  constructor(options: CreditLineOptions) {
    this.#options = options;
  }

  get path(): string {
    return this.#options.spool.path;
  }

  get owner(): Owner {
    return this.#options.owner;
  }

  get queue(): string {
    return this.#options.queue;
  }

  /** The client has put something that somebody waited for. */
  tell(): void {
    this.takeIn();
    this.extend();
    if (this.#isOpen && this.#options.isAwaited()) this.want();
  }

  /** From here on the client says when it has put something, a quick one after some. */
  want(): void {
    const { spool, bePatient } = this.#options;
    const step = this.#pace.stepAt(spool.count);
    spool.want(step);
    if (step > 1) bePatient();
    this.takeIn();
  }

  /** From here on the client says when it next puts something. */
  wantAtOnce(): void {
    this.#options.spool.want(1);
    this.takeIn();
  }

  /** Takes in what was put since the last time. */
  takeIn(): void {
    if (!this.#isOpen) return;
    const items = this.#options.spool.read();
    if (items.length > 0) this.#put(items, 0);
  }

  /** The client writes no more on this grant, the last that it knows of. */
  end(grant: number): void {
    if (this.#isOpen && grant === this.#options.spool.grant) this.#settle(this.#options.spool.read());
    else this.callOff();
  }

  /** Takes in what was put, and lets the rest of the room go. */
  callOff(): void {
    if (this.#isOpen) this.#settle(this.#options.spool.callOff());
  }

  /** The answer to a put, with the next grant where there is room. */
  renewed(answer: Json): Json {
    if (this.#isOpen || this.#isClosed || !isRecord(answer)) return answer;
    const { isAwaited, spool, hasCredit } = this.#options;
    const credit = this.#reserve();
    if (credit === 0) return answer;
    this.#limit = credit;
    this.#isOpen = true;
    hasCredit(this, true);
    spool.renew();
    if (isAwaited()) this.want();
    return { ...answer, credit, grant: spool.grant };
  }

  /** More room for the grant, where it is half used up and there is some: the client need not ask for it. */
  extend(): void {
    if (!this.#isOpen || this.#left > this.#enough) return;
    const more = this.#reserve();
    if (more === 0) return;
    this.#limit += more;
    this.#options.spool.extendTo(this.#limit);
  }

  /** The client is gone. */
  close(): void {
    this.callOff();
    this.#isClosed = true;
    this.#options.spool.close();
  }

  #reserve(): number {
    const { ask, owner, queue } = this.#options;
    const outcome = ask(owner, { verb: 'reserve', name: queue, most: mostCredit });
    const more = outcome?.status === 'granted' && typeof outcome.value === 'number' ? outcome.value : 0;
    this.#left += more;
    this.#enough = Math.floor(this.#left / 2);
    return more;
  }

  #settle(items: readonly Json[]): void {
    this.#isOpen = false;
    this.#options.hasCredit(this, false);
    this.#put(items, this.#left - items.length);
  }

  #put(items: readonly Json[], freed: number): void {
    const { ask, owner, queue } = this.#options;
    this.#left -= items.length + freed;
    ask(owner, { verb: 'put_reserved', name: queue, items, freed: Math.max(0, freed) });
  }
}
