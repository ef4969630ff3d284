import type { Json } from '../../../src/base/json.ts';
import type { Closing } from '../../../src/sync/closing.ts';
import type { PrimitiveDefinition } from '../../../src/sync/definition.ts';
import type { Operation, Owner, SyncRequest } from '../../../src/sync/operation.ts';
import { type Entry, NaiveModel } from './naive-model.ts';

/** How a queue is declared. */
export type QueueDefinition = Extract<PrimitiveDefinition, { kind: 'queue' }>;

/** Whoever asks this needs what others have on loan. */
const takers: ReadonlySet<string> = new Set(['get', 'get_some', 'join_queue']);

interface Reader {
  readonly owner: Owner;
  items: Item[];
  taken: number;
  isRecalled: boolean;
}

/** Room that is kept for one producer. */
interface Reservation {
  readonly owner: Owner;
  count: number;
}

interface Item {
  readonly id: number;
  readonly value: Json;
  readonly priority: number;
}

/** One queue: an array of items in the order in which they leave. */
export class QueueModel extends NaiveModel<null> {
  readonly #definition: QueueDefinition;
  #items: Item[] = [];
  #inHand: { readonly item: Item; readonly instance: string }[] = [];
  #readers: Reader[] = [];
  #reservations: Reservation[] = [];
  #put = 0;
  #done = 0;
  #ended = false;
  #broken = false;

  constructor(definition: QueueDefinition) {
    super();
    this.#definition = definition;
    for (const value of definition.items) this.#add(value, 0);
  }

  protected ask(request: SyncRequest, nowMs: number): void {
    const { operation, owner } = request;
    if (operation.verb === 'item_done' || operation.verb === 'task_done') {
      const at = this.#inHand.findIndex(
        ({ item, instance }) =>
          instance === owner.instance && (operation.verb === 'task_done' || item.id === operation.itemId),
      );
      if (at < 0) {
        this.fail(request, 'nothing_in_hand');
        return;
      }
      this.#inHand.splice(at, 1);
      this.#done += 1;
      this.grant(request);
      this.#goOn();
      return;
    }
    if (operation.verb === 'reserve') {
      const reservation = this.#reservation(owner);
      const count = this.#broken ? 0 : Math.min(operation.most, Math.ceil(this.#room() / this.#reservations.length));
      reservation.count += count;
      this.grant(request, count);
      return;
    }
    if (operation.verb === 'put_reserved') {
      this.#putReserved(request, operation);
      return;
    }
    const taken = operation.verb === 'give_back' || operation.verb === 'get_some' ? operation.taken : null;
    if (taken !== null && !this.#take(owner, taken)) {
      this.fail(request, 'nothing_in_hand');
      return;
    }
    if (operation.verb === 'give_back') {
      this.#giveBack(request, operation.count);
    } else if (!this.#tryNow(request)) {
      this.waitOrTimeOut(request, nowMs, null);
      if (takers.has(operation.verb)) this.#recall();
    }
  }

  #putReserved(request: SyncRequest, { items, freed }: Extract<Operation, { verb: 'put_reserved' }>): void {
    const reservation = this.#reservation(request.owner);
    const put = items.filter((_, index) => index < reservation.count);
    reservation.count = Math.max(0, reservation.count - put.length - freed);
    if (this.#broken) {
      this.fail(request, 'broken');
      return;
    }
    for (const item of put) this.#add(item, 0);
    this.grant(request, put.length);
    this.#goOn();
  }

  #reservation(owner: Owner): Reservation {
    const known = this.#reservations.find((one) => one.owner.instance === owner.instance && one.owner.holder === owner.holder);
    if (known !== undefined) return known;
    const reservation: Reservation = { owner, count: 0 };
    this.#reservations.push(reservation);
    return reservation;
  }

  #take(owner: Owner, taken: number): boolean {
    const reader = this.#reader(owner);
    const count = taken - reader.taken;
    if (count > reader.items.length) return false;
    if (count <= 0) return true;
    reader.items = reader.items.slice(count);
    reader.taken = taken;
    this.#done += count;
    if (count > 0) this.#goOn();
    return true;
  }

  #giveBack(request: SyncRequest, count: number): void {
    const reader = this.#reader(request.owner);
    if (count > reader.items.length) {
      this.fail(request, 'nothing_in_hand');
      return;
    }
    reader.isRecalled = false;
    this.#comeBack(reader.items.splice(reader.items.length - count, count));
    this.grant(request);
    this.#goOn();
  }

  #recall(): void {
    for (const reader of this.#readers) {
      if (reader.isRecalled || reader.items.length === 0) continue;
      reader.isRecalled = true;
      this.report({ type: 'recall', queue: this.#definition.name, owner: reader.owner });
    }
  }

  #reader(owner: Owner): Reader {
    const known = this.#readers.find((one) => one.owner.instance === owner.instance && one.owner.holder === owner.holder);
    if (known !== undefined) return known;
    const reader: Reader = { owner, items: [], taken: 0, isRecalled: false };
    this.#readers.push(reader);
    return reader;
  }

  protected override letGo(instance: string, holder: string): void {
    this.#endLoans((owner) => owner.instance === instance && owner.holder === holder);
  }

  #endLoans(isGone: (owner: Owner) => boolean): void {
    const items = this.#readers.filter(({ owner }) => isGone(owner)).flatMap((reader) => reader.items);
    this.#readers = this.#readers.filter(({ owner }) => !isGone(owner));
    const isFreed = this.#reservations.some(({ owner, count }) => isGone(owner) && count > 0);
    this.#reservations = this.#reservations.filter(({ owner }) => !isGone(owner));
    if (items.length === 0 && !isFreed) return;
    this.#comeBack(items.toSorted((a, b) => a.id - b.id));
    this.#goOn();
  }

  protected closing({ type }: Closing): void {
    if (type === 'break') this.#broken = true;
    else this.#ended = true;
    for (const entry of this.waiting) {
      if (this.#broken && ['put', 'put_some'].includes(entry.request.operation.verb)) this.failEntry(entry, 'broken');
    }
    this.#goOn();
  }

  protected ended(instance: string): void {
    this.#endLoans((owner) => owner.instance === instance);
    const own = this.#inHand.filter((one) => one.instance === instance).map(({ item }) => item);
    this.#inHand = this.#inHand.filter((one) => one.instance !== instance);
    if (own.length === 0) return;
    if (this.#definition.onConsumerDeath === 'drop') {
      this.#done += own.length;
      this.report({ type: 'items_dropped', queue: this.#definition.name, instance, count: own.length });
    } else {
      this.#comeBack(own);
    }
    this.#goOn();
  }

  protected calledOff(_entries: readonly Entry<null>[]): void {
    // Nobody else goes on.
  }

  #tryNow(request: SyncRequest): boolean {
    const { operation } = request;
    const settles =
      (['put', 'put_some'].includes(operation.verb) && (this.#broken || this.#hasRoom())) ||
      (['get', 'get_some'].includes(operation.verb) && (this.#items.length > 0 || this.#isAtItsEnd())) ||
      (operation.verb === 'join_queue' && (this.#put === this.#done || this.#isHopeless()));
    if (settles) this.#perform(request);
    if (settles) this.#goOn();
    return settles;
  }

  #perform(request: SyncRequest): void {
    const { operation, owner } = request;
    if (operation.verb === 'put') {
      if (this.#broken) {
        this.fail(request, 'broken');
        return;
      }
      this.grant(request);
      this.#add(operation.item, operation.priority);
    } else if (operation.verb === 'put_some') {
      if (this.#broken) {
        this.fail(request, 'broken');
        return;
      }
      const { items, priority } = operation;
      let put = 0;
      for (const item of items) {
        if (!this.#hasRoom()) break;
        this.#add(item, priority);
        put += 1;
      }
      this.grant(request, put);
    } else if (operation.verb === 'get_some') {
      if (this.#items.length === 0) {
        this.fail(request, 'end_of_stream');
        return;
      }
      this.grant(request, operation.taken === null ? this.#some(owner, operation) : this.#lend(owner, operation));
    } else if (operation.verb === 'get') {
      const item = this.#items.shift();
      if (item === undefined) {
        this.fail(request, 'end_of_stream');
        return;
      }
      if (operation.inHand) this.#inHand.push({ item, instance: owner.instance });
      else this.#done += 1;
      this.grant(request, item.value, operation.inHand ? item.id : null);
    } else if (this.#put === this.#done) {
      this.grant(request);
    } else {
      this.fail(request, 'impossible');
    }
  }

  #some(owner: Owner, { max, inHand }: Extract<Operation, { verb: 'get_some' }>): readonly Json[] {
    const items = this.#items.splice(0, max);
    if (inHand) this.#inHand.push(...items.map((item) => ({ item, instance: owner.instance })));
    else this.#done += items.length;
    return items.map(({ value }) => value);
  }

  #lend(owner: Owner, { max, inHand }: Extract<Operation, { verb: 'get_some' }>): readonly Json[] {
    const { capacity, order } = this.#definition;
    const first = this.#some(owner, { verb: 'get_some', name: '', max: 1, inHand, taken: null });
    const mayLend = order === 'fifo' && !inHand;
    if (!mayLend || this.waiting.some(({ request }) => request.operation.verb === 'join_queue')) return first;
    const others = this.waiting.filter(({ request }) => ['get', 'get_some'].includes(request.operation.verb)).length;
    const spare = Math.max(0, this.#items.length - others);
    const onLoan = this.#readers.reduce((sum, { items }) => sum + items.length, 0);
    const half = Math.floor((capacity ?? Number.POSITIVE_INFINITY) / 2) - onLoan;
    const lent = this.#items.splice(0, Math.max(0, Math.min(max - 1, Math.ceil(spare / (others + 1)), half)));
    this.#reader(owner).items.push(...lent);
    return [...first, ...lent.map(({ value }) => value)];
  }

  /** Gets before puts before joins, each in order of arrival, until nobody can go on. */
  #goOn(): void {
    for (;;) {
      const entry =
        this.#first(['get', 'get_some'], this.#items.length > 0) ??
        this.#first(['put', 'put_some'], this.#hasRoom()) ??
        this.#first(['get', 'get_some'], this.#isAtItsEnd()) ??
        this.#first(['join_queue'], this.#put === this.#done || this.#isHopeless());
      if (entry === undefined) {
        if (this.waiting.some(({ request }) => takers.has(request.operation.verb))) this.#recall();
        return;
      }
      this.waiting = this.waiting.filter((other) => other !== entry);
      this.#perform(entry.request);
    }
  }

  #first(verbs: readonly Operation['verb'][], possible: boolean): Entry<null> | undefined {
    return possible ? this.waiting.find(({ request }) => verbs.includes(request.operation.verb)) : undefined;
  }

  #add(value: Json, priority: number): void {
    this.#put += 1;
    const item = { id: this.#put, value, priority };
    this.#items = this.#sorted(this.#definition.order === 'lifo' ? [item, ...this.#items] : [...this.#items, item]);
  }

  /** To the head; in order of arrival each has its place among those that came back before. */
  #comeBack(items: readonly Item[]): void {
    const all = this.#sorted([...items, ...this.#items]);
    this.#items = this.#definition.order === 'fifo' ? all.toSorted((a, b) => a.id - b.id) : all;
  }

  #sorted(items: Item[]): Item[] {
    if (this.#definition.order !== 'priority') return items;
    return items.toSorted((a, b) => a.priority - b.priority || a.id - b.id);
  }

  #hasRoom(): boolean {
    return this.#room() > 0;
  }

  #room(): number {
    const { capacity } = this.#definition;
    if (capacity === null) return Number.POSITIVE_INFINITY;
    const lent = this.#readers.reduce((sum, { items }) => sum + items.length, 0);
    const reserved = this.#reservations.reduce((sum, { count }) => sum + count, 0);
    return Math.max(0, capacity - this.#items.length - lent - reserved);
  }

  #isAtItsEnd(): boolean {
    const mayComeBack = this.#definition.onConsumerDeath === 'redeliver' && this.#inHand.length > 0;
    return this.#ended && this.#items.length === 0 && this.#readers.every(({ items }) => items.length === 0) && !mayComeBack;
  }

  #isHopeless(): boolean {
    return this.#broken && this.#items.length > 0;
  }
}
