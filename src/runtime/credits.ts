import { basename } from 'node:path';
import type { Broker } from '../broker/broker.ts';
import type { Operation, Outcome, Owner } from '../sync/operation.ts';
import { askNow } from './ask-now.ts';
import type { ClientFiles } from './door/client-files.ts';
import { CreditLine } from './door/credit-line.ts';
import { CreditSpool } from './door/credit-spool.ts';
import { Patience } from './patience.ts';

/** What the lines of credit of a run need. */
interface CreditsOptions {
  /** The one that keeps the queues itself. */
  readonly broker: Broker;
  readonly files: ClientFiles;
  readonly nowMs: () => number;
}

/** Who may put into which bounded queue without asking. */
export class Credits {
  readonly #options: CreditsOptions;
  /** Those that have credit, by queue. */
  readonly #open = new Map<string, Set<CreditLine>>();
  readonly #patience = new Patience((queue) => {
    if (this.#isAwaited(queue)) for (const line of this.#open.get(queue) ?? []) line.wantAtOnce();
  });

  constructor(options: CreditsOptions) {
    this.#options = options;
  }

  /**
   * Makes a line, without credit yet, for a connection of a process.
   *
   * @throws NodeJS.ErrnoException where no file can be made.
   */
  open(instance: string, process: string, queue: string): CreditLine {
    const path = this.#options.files.next();
    return new CreditLine({
      spool: new CreditSpool(path),
      owner: { instance, holder: `${process}/spool ${basename(path)}` },
      queue,
      ask: (owner, operation) => this.#ask(owner, operation),
      isAwaited: () => this.#isAwaited(queue),
      bePatient: () => this.#patience.begin(queue),
      hasCredit: (line, has) => this.#note(line, has),
    });
  }

  /** Takes in what was put into a queue on credit, so that whoever asks finds it. */
  takeIn(queue: string): void {
    for (const line of this.#open.get(queue) ?? []) line.takeIn();
  }

  /** The same for all queues, of what an instance has put. */
  takeInOf(instance: string): void {
    for (const line of this.#linesOf(instance)) line.takeIn();
  }

  /** There may be room for more. */
  extend(queue: string): void {
    for (const line of this.#open.get(queue) ?? []) line.extend();
  }

  /** As `takeIn`, and whoever puts more says so. */
  want(queue: string): void {
    for (const line of this.#open.get(queue) ?? []) line.want();
  }

  /** As `takeIn`, and all of the room that is left is free. */
  callOff(queue: string): void {
    for (const line of [...(this.#open.get(queue) ?? [])]) line.callOff();
  }

  /** An instance has ended: what it had put on credit is there before whatever becomes of that. */
  callOffAllOf(instance: string): void {
    for (const line of this.#linesOf(instance)) line.callOff();
  }

  #linesOf(instance: string): readonly CreditLine[] {
    return [...this.#open.values()].flatMap((open) => [...open]).filter(({ owner }) => owner.instance === instance);
  }

  #isAwaited(queue: string): boolean {
    const waiting = this.#options.broker.look(queue)?.waiting ?? [];
    return waiting.some(({ operation }) => operation.verb === 'get' || operation.verb === 'get_some');
  }

  #note(line: CreditLine, has: boolean): void {
    const open = this.#open.get(line.queue) ?? new Set();
    if (has) open.add(line);
    else open.delete(line);
    if (open.size > 0) this.#open.set(line.queue, open);
    else this.#open.delete(line.queue);
  }

  #ask(owner: Owner, operation: Operation): Outcome | null {
    const nowMs = this.#options.nowMs();
    return askNow(this.#options.broker, owner, operation, nowMs);
  }
}
