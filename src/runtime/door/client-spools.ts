import { ok } from '../../base/result.ts';
import type { Json } from '../../base/json.ts';
import type { Answer } from '../../engine/caller.ts';
import type { Call } from '../../protocol/call.ts';
import type { CallDesk } from './call-desk.ts';
import { CreditLine } from './credit-line.ts';
import type { KeyedAttempt } from './keys.ts';
import type { Spool } from './spool.ts';

/** Whose spools they are. */
interface SpoolOwner {
  readonly instance: string;
  readonly process: string;
}

/** The files in which one connection collects what it puts, by queue: into unbounded ones, and on credit into bounded ones. */
export class ClientSpools {
  readonly #owner: SpoolOwner;
  readonly #desk: CallDesk;
  readonly #spools = new Map<string, Spool>();
  readonly #lines = new Map<string, CreditLine>();

  constructor(owner: SpoolOwner, desk: CallDesk) {
    this.#owner = owner;
    this.#desk = desk;
  }

  /** Makes the file for a queue, or names the one that there is; `onHolder` hears in whose name it puts. */
  open(queue: string, onHolder: (holder: string) => void): Answer {
    const spool = this.#spools.get(queue) ?? this.#lines.get(queue);
    if (spool !== undefined) return ok({ path: spool.path });
    const opened = this.#desk.openSpool(this.#owner.instance, this.#owner.process, queue);
    if (!opened.ok) return opened;
    if (opened.value instanceof CreditLine) {
      this.#lines.set(queue, opened.value);
      onHolder(opened.value.owner.holder);
    } else {
      this.#spools.set(queue, opened.value);
    }
    return ok({ path: opened.value.path });
  }

  /** Something stands in the file that somebody waits for. */
  tell(queue: string): void {
    this.#lines.get(queue)?.tell();
  }

  /** What was put on credit so far comes in. */
  takeIn(): void {
    for (const line of this.#lines.values()) line.takeIn();
  }

  /** Whether it is a batch that was put before. */
  hasCome({ name, batch }: Extract<Call, { type: 'put_all' }>): boolean {
    return batch !== null && this.#spools.get(name)?.came(batch) === false;
  }

  /** Before a put that asks for credit, what was put on the last one comes in; gives how its answer says what is granted. */
  endCredit(call: Call): ((result: Json) => Json) | null {
    if (call.type !== 'put_all' || call.grant === null) return null;
    const line = this.#lines.get(call.name);
    if (line === undefined) return null;
    line.end(call.grant);
    return (result) => line.renewed(result);
  }

  /** The connection is gone, or its attempt has ended (null): what was put and not sent comes in. */
  close(attempt: KeyedAttempt | null): void {
    for (const line of this.#lines.values()) line.close();
    const caller = { instance: this.#owner.instance, holder: `${this.#owner.process}/0`, connection: null, attempt };
    for (const [name, spool] of this.#spools) {
      const items = spool.close();
      if (items.length === 0) continue;
      this.#desk.ask(caller, { type: 'put_all', name, items, priority: 0, batch: null, grant: null, timeoutMs: null }, () => {});
    }
  }
}
