import { ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';
import type { Operation, SyncRequest } from '../../../src/sync/operation.ts';
import type { Subject } from './agrees-with-model.ts';
import { commandsOf } from './commands.ts';
import { NaiveModel } from './naive-model.ts';

/** One pipe between `a` and `b`. */
class PipeModel extends NaiveModel<null> {
  readonly #duplex: boolean;
  readonly #capacity: number;
  /** What is on its way to each end. */
  readonly #inbound: Readonly<Record<string, Json[]>> = { a: [], b: [] };
  readonly #closed = new Set<string>();

  constructor(duplex: boolean, capacity: number | null) {
    super();
    this.#duplex = duplex;
    this.#capacity = capacity ?? Infinity;
  }

  protected ask(request: SyncRequest, nowMs: number): void {
    const { instance } = request.owner;
    const { verb } = request.operation;
    if (verb === 'close_pipe') {
      if (this.#box(instance) === null) {
        this.fail(request, 'not_owner');
        return;
      }
      this.grant(request);
      this.#close(instance);
      return;
    }
    if (request.operation.verb === 'take_back') {
      const box = this.#box(instance);
      if (box === null) {
        this.fail(request, 'not_owner');
        return;
      }
      this.grant(request);
      if (!this.#closed.has(instance)) box.unshift(...request.operation.items);
      this.#goOn();
      return;
    }
    const only = verb === 'send' ? 'a' : 'b';
    if (this.#box(instance) === null || (!this.#duplex && instance !== only)) this.fail(request, 'not_owner');
    else if (!this.#tryNow(request)) this.waitOrTimeOut(request, nowMs, null);
    this.#goOn();
  }

  protected closing(): void {
    // Ends close one by one.
  }

  protected ended(instance: string, final: boolean): void {
    if (final && this.#box(instance) !== null) this.#close(instance);
  }

  protected calledOff(): void {
    // Nobody else goes on.
  }

  #tryNow(request: SyncRequest): boolean {
    const { instance } = request.owner;
    const { operation } = request;
    const peer = instance === 'a' ? 'b' : 'a';
    if (this.#closed.has(instance)) {
      this.fail(request, 'closed');
      return true;
    }
    if (operation.verb === 'send') {
      if (this.#closed.has(peer)) {
        this.fail(request, 'broken');
        return true;
      }
      if ((this.#box(peer)?.length ?? 0) >= this.#capacity) return false;
      this.grant(request);
      this.#box(peer)?.push(operation.item);
      return true;
    }
    if (operation.verb === 'poll') {
      const isThere = this.#box(instance)?.length !== 0 || this.#closed.has(peer);
      if (isThere) this.grant(request);
      return isThere;
    }
    const item = this.#box(instance)?.shift();
    if (item !== undefined) this.grant(request, item);
    else if (this.#closed.has(peer)) this.fail(request, 'end_of_stream');
    else return false;
    return true;
  }

  /** First what goes to `a`, then what goes to `b`; receives before sends, in order of arrival, and then all polls. */
  #goOn(): void {
    for (const end of ['a', 'b']) {
      const receives = (request: SyncRequest): boolean =>
        request.operation.verb === 'receive' && request.owner.instance === end;
      const sends = (request: SyncRequest): boolean =>
        request.operation.verb === 'send' && request.owner.instance !== end;
      const polls = (request: SyncRequest): boolean => request.operation.verb === 'poll' && request.owner.instance === end;
      while (this.#tryFirst(receives) || this.#tryFirst(sends));
      while (this.#tryFirst(polls));
    }
  }

  #tryFirst(which: (request: SyncRequest) => boolean): boolean {
    const entry = this.waiting.find(({ request }) => which(request));
    if (entry === undefined || !this.#tryNow(entry.request)) return false;
    this.waiting = this.waiting.filter((other) => other !== entry);
    return true;
  }

  /** Own sends, receives and polls, then the peer's. */
  #close(instance: string): void {
    if (this.#closed.has(instance)) return;
    this.#closed.add(instance);
    this.#box(instance)?.splice(0);
    const waits = (own: boolean, verb: string): typeof this.waiting =>
      this.waiting.filter(({ request }) => (request.owner.instance === instance) === own && request.operation.verb === verb);
    const ordered = [true, false].flatMap((own) => ['send', 'receive', 'poll'].flatMap((verb) => waits(own, verb)));
    for (const entry of ordered) {
      if (this.#tryNow(entry.request)) this.waiting = this.waiting.filter((other) => other !== entry);
    }
    const peer = instance === 'a' ? 'b' : 'a';
    if (!this.#closed.has(peer)) this.report({ type: 'pipe_ended', pipe: 'link', instance: peer });
  }

  #box(instance: string): Json[] | null {
    return this.#inbound[instance] ?? null;
  }
}

const name = fc.constant('link');

const operations: readonly fc.WeightedArbitrary<Operation>[] = [
  { weight: 8, arbitrary: fc.record({ verb: fc.constant('send'), name, item: fc.nat({ max: 99 }) }) },
  { weight: 8, arbitrary: fc.record({ verb: fc.constant('receive'), name }) },
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('poll'), name }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('close_pipe'), name }) },
];

const takeBack: fc.WeightedArbitrary<Operation> = {
  weight: 4,
  arbitrary: fc.record({ verb: fc.constant('take_back'), name, items: fc.array(fc.nat({ max: 99 }), { maxLength: 3 }) }),
};

function subjectOf(duplex: boolean, capacity: number | null): Subject {
  const operation = fc.oneof(...operations, ...(capacity === null ? [takeBack] : []));
  return {
    definitions: [{ kind: 'pipe', name: 'link', capacity, ends: ['a', 'b'], duplex }],
    commands: commandsOf(operation, []),
    createModel: () => new PipeModel(duplex, capacity),
    invariant: ({ primitives: [pipe] }) => {
      ok(pipe?.kind === 'pipe' && pipe.inbound.every((messages) => messages.length <= (capacity ?? Infinity)));
    },
  };
}

/** Messages in both directions. */
export const duplexSubject = subjectOf(true, 2);

/** Messages from `a` to `b`. */
export const simplexSubject = subjectOf(false, 2);

/** Messages in both directions, any number of them, some of which come back from whoever was sent them ahead. */
export const aheadSubject = subjectOf(true, null);
