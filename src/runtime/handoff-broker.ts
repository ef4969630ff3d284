import type { Broker } from '../broker/broker.ts';
import { PassingBroker } from '../broker/passing-broker.ts';
import type { Operation, Outcome, Owner, SyncEvent, SyncRequest } from '../sync/operation.ts';
import { cancelled, granted } from '../sync/outcome.ts';
import type { PrimitiveView, SyncSnapshot } from '../sync/snapshot.ts';
import { askNow } from './ask-now.ts';
import type { Bells } from './door/bells.ts';
import type { ClientFiles } from './door/client-files.ts';
import { Handoff } from './handoff.ts';
import { HandoffLog, type HandoffPlace } from './door/handoff-log.ts';
import type { Contention } from './contention.ts';
import { type HandoffListener, HandoffMembers, type Member } from './handoff-members.ts';

/** What it takes to hand locks on. */
interface HandoffOptions {
  readonly files: Pick<ClientFiles, 'next'>;
  readonly bells: Pick<Bells, 'pathOf' | 'ring' | 'remove'>;
  readonly contention: Pick<Contention, 'waits' | 'ended'>;
  readonly nowMs: () => number;
}

/** What the bell says where the run wants a member to ask. */
const askTheRun = 0;
const mostEpochs = 255;

/**
 * The broker, with locks that those who contend for them hand on to each other without it (a queue lock, as in
 * J. M. Mellor-Crummey and M. L. Scott, "Algorithms for scalable synchronization on shared-memory
 * multiprocessors", 1991), in order of arrival, by a log that they share. Whatever else is asked about such a
 * lock, or about the end of one of them, ends that first, without any help of theirs: whoever has the lock then holds it, those in
 * line wait as if they had never done anything but ask; so nothing can be told from a lock that is not handed on.
 */
export class HandoffBroker extends PassingBroker {
  readonly #files: HandoffOptions['files'];
  readonly #bells: HandoffOptions['bells'];
  readonly #contention: HandoffOptions['contention'];
  readonly #nowMs: () => number;
  readonly #members = new HandoffMembers();
  /** By lock. */
  readonly #handoffs = new Map<string, Handoff>();
  readonly #listeners: ((event: SyncEvent) => void)[] = [];
  /** Requests that wait with the members instead, and are not told that they were called off here. */
  readonly #moved = new Set<number>();
  #epoch = 0;

  constructor(broker: Broker, { files, bells, contention, nowMs }: HandoffOptions) {
    super(broker);
    this.#files = files;
    this.#bells = bells;
    this.#contention = contention;
    this.#nowMs = nowMs;
    broker.listen((event) => {
      if (event.type === 'settled' && this.#moved.delete(event.requestId)) return;
      this.#tell(event);
    });
  }

  /** From now on this owner, which has a bell, may be told that it waits with the others for the lock. */
  join(owner: Owner, lock: string, listener: HandoffListener): boolean {
    this.#end(lock, () => false);
    return this.#members.add(owner, lock, listener);
  }

  /** The run keeps the lock itself: somebody asks for it, or looks. */
  endHandoff(lock: string): void {
    const handoff = this.#handoffs.get(lock);
    if (handoff === undefined) return;
    // Where it went on for a short time only, it was not worth while; but those who come and go say nothing about that.
    this.#contention.ended(lock, handoff.start.log.read().released);
    this.#end(lock, () => false);
  }

  /** The same, and this member neither waits for the lock any more nor holds it. */
  leave(member: Owner, lock: string): void {
    this.#end(lock, (owner) => isSame(owner, member));
    const primitive = this.broker.look(lock)?.primitive;
    const [holding] = primitive?.kind === 'lock' ? primitive.holdings : [];
    // At once: it may ask again before it could be told that it has been granted the lock.
    if (holding !== undefined && isSame(holding.owner, member)) this.#ask({ verb: 'release', demands: [{ name: lock, permits: 1 }], token: holding.token }, member);
  }

  /** Somebody looks whether the programs of an instance do anything: ends what they hand on and have not lined up for since. */
  endIdleHandoffsOf(instance: string): void {
    for (const [lock, handoff] of this.#handoffs) if (handoff.isIdleOf(instance, this.#nowMs())) this.endHandoff(lock);
  }

  override listen(listener: (event: SyncEvent) => void): void {
    this.#listeners.push(listener);
  }

  override request(request: SyncRequest, nowMs: number): void {
    const lock = onlyLockOf(request);
    if (lock !== null && this.#lineUp(lock, request)) return;
    this.#endFor(request.operation);
    super.request(request, nowMs);
    if (lock === null || this.#members.of(request.owner, lock) === null) return;
    if (this.#contention.waits(lock, nowMs)) this.#begin(lock, request.id);
  }

  override attempt(request: SyncRequest, nowMs: number): Outcome | null {
    const { operation, owner } = request;
    const handoff = this.#handoffOf(operation);
    if (handoff !== null) {
      if (operation.verb === 'acquire' && handoff.mayLineUp((other) => isSame(owner, other))) return null;
      if (operation.verb === 'release' && this.#releasesFirst(handoff, owner, operation.token)) return granted();
      this.#endFor(operation);
    }
    return super.attempt(request, nowMs);
  }

  override cancel(requestId: number, nowMs: number): void {
    for (const [lock, { start }] of this.#handoffs) {
      if ([...start.standing.values()].some(({ id }) => id === requestId)) this.endHandoff(lock);
    }
    super.cancel(requestId, nowMs);
  }

  override ownerEnded(instance: string, final: boolean, nowMs: number): void {
    const isEnded = (owner: Owner): boolean => owner.instance === instance;
    this.#endOf(isEnded);
    this.#members.remove(isEnded);
    this.#bells.remove(instance, null);
    super.ownerEnded(instance, final, nowMs);
  }

  override holderEnded(ended: Owner, nowMs: number): void {
    const isEnded = ({ instance, holder }: Owner): boolean => instance === ended.instance && holder === ended.holder;
    this.#endOf(isEnded);
    this.#members.remove(isEnded);
    this.#bells.remove(ended.instance, ended.holder);
    super.holderEnded(ended, nowMs);
  }

  override snapshot(): SyncSnapshot {
    for (const lock of this.#handoffs.keys()) this.endHandoff(lock);
    return super.snapshot();
  }

  override look(name: string): PrimitiveView | null {
    this.endHandoff(name);
    return super.look(name);
  }

  #tell(event: SyncEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Lines a member up that asks the run; whether it could. */
  #lineUp(lock: string, request: SyncRequest): boolean {
    const handoff = this.#handoffs.get(lock);
    const member = this.#members.of(request.owner, lock);
    if (handoff === undefined || member === null || !member.listener.isWaiting(request.owner, lock)) return false;
    if (!handoff.mayLineUp((owner) => isSame(owner, request.owner))) return false;
    const { log, standing } = handoff.start;
    try {
      const place = log.lineUp(member.number);
      const before = standing.get(member.number);
      standing.set(member.number, request);
      if (before !== undefined) this.#tell({ type: 'settled', requestId: before.id, outcome: cancelled });
      this.#tellPlace(lock, handoff, member, place);
      return true;
    } catch {
      // The disk is full.
      return false;
    }
  }

  /** Whoever held the lock before it was handed on releases it by asking; whether it was that. */
  #releasesFirst({ start: { log, first, firstToken, members, epoch } }: Handoff, owner: Owner, token: number | undefined): boolean {
    const line = log.read();
    const [head] = line.members;
    if (line.released > 0 || head === undefined || !isSame(first, owner) || (token ?? firstToken) !== firstToken) return false;
    try {
      const next = log.release(head);
      const member = next === null ? undefined : members.get(next);
      if (member !== undefined) this.#bells.ring(member.owner, epoch);
      return true;
    } catch {
      // The disk is full.
      return false;
    }
  }

  /** Leaves the lock to those who hold it and wait for it, where all of them are members and wait for nothing else. */
  #begin(lock: string, newest: number): void {
    const view = this.broker.look(lock);
    if (view?.primitive.kind !== 'lock') return;
    const [holding] = view.primitive.holdings;
    const holder = holding === undefined ? null : this.#members.of(holding.owner, lock);
    if (holding === undefined || holder === null || !view.waiting.some(({ requestId }) => requestId === newest)) return;
    const requests: SyncRequest[] = view.waiting.map(({ requestId, owner, operation, deadlineMs }) => ({ id: requestId, owner, operation, deadlineMs }));
    const waiting = requests.map((request) => ({ request, member: onlyLockOf(request) === lock ? this.#members.of(request.owner, lock) : null }));
    const line = [holder, ...waiting.map(({ member }) => member)].filter((member) => member !== null);
    if (line.length <= waiting.length || new Set(line).size < line.length) return;
    if (line.some(({ owner, listener }, place) => place > 0 && !listener.isWaiting(owner, lock))) return;
    // Others wait, so it is refused; a broker that cannot tell at once could not take the lock back at once either.
    const delegate: Operation = { verb: 'delegate', name: lock };
    if (this.#ask(delegate, holding.owner) === null) return;
    let log: HandoffLog;
    try {
      log = new HandoffLog(this.#files.next(), line.map(({ number }) => number));
    } catch {
      return;
    }
    const nowMs = this.#nowMs();
    for (const { request } of waiting) {
      this.#moved.add(request.id);
      this.broker.cancel(request.id, nowMs);
    }
    const outcome = this.#ask(delegate, holding.owner);
    if (outcome?.status !== 'granted') {
      log.callOff();
      for (const { request } of waiting) super.request(request, nowMs);
      return;
    }
    this.#epoch = (this.#epoch % mostEpochs) + 1;
    const standing = new Map(waiting.flatMap(({ request, member }) => (member === null ? [] : [[member.number, request] as const])));
    const handoff = new Handoff({ log, first: holding.owner, firstToken: holding.token, epoch: this.#epoch, members: this.#members.ofLock(lock), standing });
    this.#handoffs.set(lock, handoff);
    const numbers = line.map(({ number }) => number);
    const { at } = log;
    log.read();
    for (const [place, member] of line.entries()) {
      if (place > 0) this.#tellPlace(lock, handoff, member, { at: at + place + 1, line: numbers.slice(0, place), released: 0 });
    }
  }

  #tellPlace(lock: string, handoff: Handoff, member: Member, place: HandoffPlace): void {
    member.listener.handOff(member.owner, lock, handoff.placeOf(member, place, (owner) => this.#bells.pathOf(owner)));
  }

  #handoffOf(operation: Operation): Handoff | null {
    if (this.#handoffs.size === 0 || (operation.verb !== 'acquire' && operation.verb !== 'release')) return null;
    const [demand] = operation.demands;
    return demand === undefined || operation.demands.length > 1 ? null : (this.#handoffs.get(demand.name) ?? null);
  }

  #endFor(operation: Operation): void {
    if (this.#handoffs.size === 0 || (operation.verb !== 'acquire' && operation.verb !== 'release')) return;
    for (const { name } of operation.demands) this.endHandoff(name);
  }

  #endOf(isEnded: (owner: Owner) => boolean): void {
    for (const [lock, handoff] of this.#handoffs) if (handoff.has(isEnded)) this.#end(lock, isEnded);
  }

  /** Ends a hand-off; whoever `isGone` waits no more. */
  #end(lock: string, isGone: (owner: Owner) => boolean): void {
    const handoff = this.#handoffs.get(lock);
    if (handoff === undefined) return;
    this.#handoffs.delete(lock);
    const { log, first, firstToken, members, standing } = handoff.start;
    const { members: line, released } = log.callOff();
    const [head] = line;
    const holder = head === undefined ? null : (members.get(head)?.owner ?? null);
    const token = firstToken + released - (head === undefined ? 1 : 0);
    this.#ask({ verb: 'hand_back', name: lock, token, holder }, first);
    this.#waitAgain(handoff, line.slice(1), isGone);
    for (const number of line) {
      const member = members.get(number);
      if (member !== undefined) this.#bells.ring(member.owner, askTheRun);
    }
    const isTaken = holder !== null && !isGone(holder);
    const request = head === undefined ? undefined : standing.get(head);
    const outcome: Outcome = isTaken ? { status: 'granted', value: null, itemId: null, tokens: { [lock]: token }, ownerDied: [] } : cancelled;
    if (request !== undefined) this.#tell({ type: 'settled', requestId: request.id, outcome });
    for (const [number, { id, owner }] of standing) {
      if (number === head || (line.includes(number) && !isGone(owner))) continue;
      members.get(number)?.listener.standsNoMore(owner, lock);
      this.#tell({ type: 'settled', requestId: id, outcome: cancelled });
    }
  }

  /** Those in line wait at the run, as if they had never done anything but ask. */
  #waitAgain({ start: { standing } }: Handoff, waiting: readonly number[], isGone: (owner: Owner) => boolean): void {
    const nowMs = this.#nowMs();
    for (const number of waiting) {
      const request = standing.get(number);
      if (request !== undefined && !isGone(request.owner)) super.request(request, nowMs);
    }
  }

  #ask(operation: Operation, owner: Owner): Outcome | null {
    const nowMs = this.#nowMs();
    return askNow(this.broker, owner, operation, nowMs);
  }
}

/** The lock, or the semaphore, that is all that a request waits for, without any limit; null for all else. */
function onlyLockOf({ operation, deadlineMs }: SyncRequest): string | null {
  if (operation.verb !== 'acquire' || deadlineMs !== null) return null;
  const [demand] = operation.demands;
  return demand?.permits === 1 && operation.demands.length === 1 ? demand.name : null;
}

function isSame(one: Owner, other: Owner): boolean {
  return one.instance === other.instance && one.holder === other.holder;
}
