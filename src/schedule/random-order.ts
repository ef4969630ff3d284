import type { Closing } from '../sync/closing.ts';
import type { HeldRequest, OperationOrder, Turn } from './operation-order.ts';
import type { ScheduledVerb } from './schedule.ts';
import { isRunDeed, scheduledVerb } from './scheduled-request.ts';

interface Held {
  readonly request: HeldRequest;
  readonly sinceMs: number;
  /** Those with less come before. */
  readonly turn: number;
}

/** These are late where others are. */
const neverLate: ReadonlySet<ScheduledVerb> = new Set(['take', 'join', 'result', 'end']);

/** So much later than another operation one that came at the same time may have its turn, in turns. */
const spread = 8;

/**
 * Puts operations off, each for a number of turns that is up to the seed, the instance and how many it has asked for before;
 * so equal seeds put equal operations off alike, in whatever order they come. Whatever the order is, it is one in which they
 * might have come: whoever asks may be slow.
 */
export class RandomOrder implements OperationOrder {
  readonly quietMs = 5;
  readonly #seed: number;
  readonly ledTo: ReadonlySet<string> = new Set();
  readonly #held = new Map<number, Held>();
  readonly #counts = new Map<string, number>();
  /** Of events that somebody sets yet, such as by his end: that nobody can still do it comes after that. */
  readonly #closings: Closing[] = [];
  /** The turn that was taken last. */
  #turn = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  get isHolding(): boolean {
    return this.#held.size > 0 || this.#closings.length > 0;
  }

  holds(requestId: number): boolean {
    return this.#held.has(requestId);
  }

  isUntimed(requestId: number): boolean {
    return this.#held.has(requestId);
  }

  holdsUp(): boolean {
    return false;
  }

  offer(request: HeldRequest, nowMs: number): boolean {
    const verb = scheduledVerb(request.operation);
    if (verb === null || (isRunDeed(request.operation) && neverLate.has(verb))) return false;
    const { instance } = request.owner;
    const count = (this.#counts.get(instance) ?? 0) + 1;
    this.#counts.set(instance, count);
    // The fraction keeps two from having the same turn.
    const turn = this.#turn + spread * fractionOf(`${String(this.#seed)} ${instance} ${String(count)}`);
    this.#held.set(request.id, { request, sinceMs: nowMs, turn });
    return true;
  }

  offerClosing(closing: Closing): boolean {
    if (!this.#isSetYet(closing)) return false;
    this.#closings.push(closing);
    return true;
  }

  withdraw(requestId: number): boolean {
    return this.#held.delete(requestId);
  }

  lastOf(instance: string): readonly HeldRequest[] {
    const last = [...this.#held.values()].flatMap(({ request }) => (request.owner.instance === instance && isDoneByEnd(request) ? [request] : []));
    for (const { id } of last) this.#held.delete(id);
    return last;
  }

  withdrawAllOf(instance: string): readonly number[] {
    const ids = [...this.#held.values()].flatMap(({ request }) => (request.owner.instance === instance ? [request.id] : []));
    for (const id of ids) this.#held.delete(id);
    return ids;
  }

  settled(): void {
    // Whatever came of it, the next turn is somebody else's.
  }

  noteStuck(): void {
    // Everybody has a turn by and by.
  }

  next(nowMs: number): Turn | null {
    const due = this.#closings.findIndex((closing) => !this.#isSetYet(closing));
    const [closing] = due === -1 ? [] : this.#closings.splice(due, 1);
    if (closing !== undefined) return { type: 'close', closing };
    const [first, ...others] = this.#held.values();
    if (first === undefined) return null;
    const { request, sinceMs, turn } = others.reduce((best, one) => (one.turn < best.turn ? one : best), first);
    this.#held.delete(request.id);
    this.#turn = turn;
    // Its time begins with its turn.
    const deadlineMs = request.deadlineMs === null ? null : request.deadlineMs + (nowMs - sinceMs);
    return { type: 'pass', request: { ...request, deadlineMs } };
  }

  #isSetYet({ type, name }: Closing): boolean {
    return type === 'orphan' && [...this.#held.values()].some(({ request: { operation } }) => operation.verb === 'set' && operation.name === name);
  }
}

/** What an end does, and a step does not wait for: as a release that is lost, the next holder would hear that this one has died with it. */
function isDoneByEnd({ operation: { verb } }: HeldRequest): boolean {
  return verb === 'set' || verb === 'release';
}

/** A number from 0 up to 1 that is up to every letter of the text (FNV-1a, then the finaliser of MurmurHash3). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
