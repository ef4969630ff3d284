import type { Closing } from '../sync/closing.ts';
import type { Outcome } from '../sync/operation.ts';
import { isAsScheduled } from './as-scheduled.ts';
import { HeldClosings } from './held-closings.ts';
import type { HeldRequest, OperationOrder, Turn } from './operation-order.ts';
import type { Schedule, ScheduledOperation } from './schedule.ts';
import { isOrder, isRunDeed, isScheduled, scheduledVerb } from './scheduled-request.ts';
import { endingMs, isAttemptsTime, isAwaitedTime, isTimedAtCondition, nameOf } from './scheduled-operation.ts';

/** The number of a request that nobody waits for the answer of. */
const unlisted = 0;

/** What only a whole schedule says of everybody. */
const onlyInWhole: ReadonlySet<HeldRequest['operation']['verb']> = new Set(['end', 'join', 'result', 'submit', 'take']);

/** The end of an attempt is put off so often before the next operation. */
const mostHeldUp = 5;

const nobody: ReadonlySet<string> = new Set();

/** Why a run has left its schedule. */
export interface Departure {
  /** From 0; as many as there are where all of it was followed. */
  readonly position: number;
  readonly operation: ScheduledOperation;
  readonly why: string;
}

/**
 * Follows a schedule: each operation comes when those before it have, and all others after the last of them. What happens
 * without being asked for, such as the end of a process, is as fast as it is: a turn waits for it. A run that does something
 * else than the schedule says is let go.
 */
export class FollowSchedule implements OperationOrder {
  readonly quietMs = 0;
  readonly #operations: readonly ScheduledOperation[];
  readonly #isWhole: boolean;
  readonly #stuck: ReadonlySet<string>;
  readonly #onDeparture: (departure: Departure) => void;
  readonly #onStart: (instance: string) => void;
  readonly #poolsBySlot: ReadonlyMap<string, string>;
  /** In the order in which they came. */
  readonly #held = new Map<number, HeldRequest>();
  /** Passed on, and not answered yet. */
  readonly #asked = new Map<number, HeldRequest>();
  /** Of those, when their time is over; by positions of the schedule, since no clock has a say in it. */
  readonly #endings = new Map<number, number>();
  readonly #closings = new HeldClosings();
  /** Waits that have found their end before the schedule says so: all who wait hear of it at once. */
  readonly #failed: HeldRequest[] = [];
  /** The barrier that was broken for whoever gives up there next. */
  #breaks: string | null = null;
  #position = 0;
  #isLetGo = false;
  /** There was no turn to take, and nothing has come since. */
  #isIdle = false;
  /** What the operation whose turn it is still waits for; null before it has begun. */
  #expected: Set<number> | null = null;
  /** Who has ended for good, and was not started since. */
  readonly #ended = new Set<string>();
  /** Whose attempts should have been over since the last operation, and how often that was put off. */
  readonly #heldUp = new Map<string, number>();
  /** Names of that operation that have had their turn. */
  readonly #begun = new Set<string>();

  /** @param onStart hears of each instance that somebody starts; @param poolsBySlot since a slot ends with its pool */
  constructor({ operations, isWhole, stuck = [] }: Schedule, onDeparture: (departure: Departure) => void, onStart: (instance: string) => void = () => undefined, poolsBySlot: ReadonlyMap<string, string> = new Map()) {
    this.#operations = operations.filter(({ op }) => op !== 'program');
    this.#isWhole = isWhole;
    this.#stuck = new Set(stuck);
    this.#onDeparture = onDeparture;
    this.#onStart = onStart;
    this.#poolsBySlot = poolsBySlot;
  }

  get isHolding(): boolean {
    if (this.#current() !== null || this.#closings.isHolding) return true;
    return this.#free(this.#held).length > 0 || this.#free(this.#asked).length > 0;
  }

  /** Once all of these have ended it has led nowhere, and nobody is held back any more. */
  get ledTo(): ReadonlySet<string> {
    const hasEnded = (name: string): boolean => this.#ended.has(name) || this.#ended.has(this.#poolsBySlot.get(name) ?? '');
    return this.#current() === null && !this.#isLetGo && ![...this.#stuck].every(hasEnded) ? this.#stuck : nobody;
  }

  holds(requestId: number): boolean {
    return this.#held.has(requestId);
  }

  isUntimed(requestId: number): boolean {
    return this.#held.has(requestId) || this.#asked.has(requestId);
  }

  holdsUp(instance: string, isStartWait: boolean): boolean {
    const next = this.#nextOf(instance)?.op;
    const often = this.#heldUp.get(instance) ?? 0;
    const isAhead = isStartWait ? this.#current() !== null && !this.#isAwaited(instance) : this.#holdsOne(instance);
    const isHeldUp = this.#isHeldForGood({ instance }) || (isAhead && next !== 'timeout' && next !== 'end');
    // It might be what all others wait for.
    if (often === mostHeldUp || !isHeldUp) return false;
    this.#heldUp.set(instance, often + 1);
    return true;
  }

  offer(request: HeldRequest): boolean {
    this.#isIdle = false;
    const { operation, owner, deadlineMs } = request;
    if (!this.isHolding && !this.#isHeldForGood(owner)) return false;
    const verb = scheduledVerb(operation);
    if (verb === null) return false;
    // The events of a moment are set with it, and what is left behind is released, by nobody's turn.
    if (verb === 'set' && deadlineMs !== null) return false;
    if ((verb === 'set' || verb === 'release') && !this.#isNextOf(owner.instance, request) && !this.#endsBefore(request)) return false;
    if (isRunDeed(operation) && !this.#isDeedInOrder(request)) return false;
    this.#held.set(request.id, request);
    return true;
  }

  offerClosing(closing: Closing): boolean {
    this.#isIdle = false;
    return this.#closings.offer(closing, this.#current() !== null && this.#isStillUsed(closing.name));
  }

  withdraw(requestId: number): boolean {
    return this.#held.delete(requestId);
  }

  withdrawAllOf(instance: string, isFinal: boolean): readonly number[] {
    const ids = [...this.#held.values()].filter(({ owner }) => owner.instance === instance).map(({ id }) => id);
    for (const id of ids) this.#held.delete(id);
    if (isFinal) this.#ended.add(instance);
    const current = this.#current();
    if (current?.instance === instance && isAttemptsTime(current)) this.#advance();
    if (!isFinal || current?.instance !== instance || this.#expected !== null) return ids;
    // One that was to fail by it may have failed without.
    if (current.op === 'timeout' || current.outcome === 'ends' || current.op === 'end') this.#advance();
    else this.#depart('it has ended before');
    return ids;
  }

  settled(requestId: number, outcome: Outcome): void {
    this.#isIdle = false;
    const asked = this.#asked.get(requestId);
    this.#asked.delete(requestId);
    const current = this.#current();
    if (current === null || this.#expected?.delete(requestId) !== true) {
      if (asked !== undefined && outcome.status === 'failed') this.#failed.push(asked);
      return;
    }
    const isOfDeed = asked !== undefined && isRunDeed(asked.operation) && outcome.status === 'granted';
    if (!isOfDeed && !isAsScheduled(current, outcome)) this.#depart(`it came out as ${outcome.status === 'failed' ? outcome.reason : outcome.status}`);
    else this.#goOnIfDone(current);
  }

  noteStuck(isLive: (instance: string) => boolean): void {
    const current = this.#current();
    // Whoever seems to be stuck may be so only until his turn is taken.
    if (current === null || !this.#isIdle || isLive(current.instance)) return;
    if (current.op === 'timeout') this.#advance();
    // What it leads to may be there before its end, as a pool is stuck whose task is not over yet; all others are held back then as at its end. Not where whoever is next would do something else.
    else if (this.#stuck.size > 0 && ![...this.#stuck].some(isLive) && !this.#holdsOne(current.instance)) this.#advance(this.#operations.length);
    else this.#depart('nobody lets it come to that');
  }

  next(): Turn | null {
    const turn = this.#nextTurn();
    this.#isIdle = turn === null;
    return turn;
  }

  #nextTurn(): Turn | null {
    for (;;) {
      const current = this.#current();
      if (current === null) return this.#letGo();
      const turn = this.#turnOf(current);
      if (turn !== 'skip') return turn;
      this.#advance();
    }
  }

  #turnOf(current: ScheduledOperation): Turn | null | 'skip' {
    switch (current.op) {
      case 'timeout':
        return this.#endWait(current);
      case 'end':
        // A slot goes on after the end of a task.
        return current.on.length === 0 ? this.#end(current) : this.#begin(current);
      default:
        return this.#begin(current);
    }
  }

  /** It may end; that it has shows by itself. Whoever was ended by others asks nobody, and has done nothing to others since. */
  #end(current: ScheduledOperation): Turn | null | 'skip' {
    if (this.#ended.has(current.instance)) return 'skip';
    const held = [...this.#held.values()].filter(({ owner }) => owner.instance === current.instance);
    const request = held.find(({ owner, operation }) => isScheduled(current, owner.instance, operation));
    if (request === undefined && held.some(({ operation }) => isOrder(operation))) this.#depart('it does something else before');
    if (request === undefined) return this.#isLetGo ? 'skip' : null;
    this.#held.delete(request.id);
    return { type: 'pass', request };
  }

  #current(): ScheduledOperation | null {
    return this.#isLetGo ? null : (this.#operations[this.#position] ?? null);
  }

  /** The lock of a condition comes back in a turn of its own, so that nobody waits here for the answer. */
  #begin(current: ScheduledOperation): Turn | null | 'skip' {
    if (current.outcome === 'ends') {
      this.#closings.comeTo(current);
      const failed = this.#failed.findIndex(({ owner, operation }) => isScheduled(current, owner.instance, operation));
      if (failed !== -1) {
        this.#failed.splice(failed, 1);
        return 'skip';
      }
      // One that waits already hears of it by the closing.
      const waits = [...this.#asked.values()].filter((asked) => isScheduled(current, asked.owner.instance, asked.operation));
      if (this.#expected === null && waits.length > 0) this.#expected = new Set(waits.map(({ id }) => id));
      const due = this.#closings.due();
      if (due !== null) return due;
      if (waits.some(({ operation }) => operation.verb === 'wait_condition') && this.#closings.isTold(current)) return 'skip';
    }
    const request = [...this.#held.values()].find(({ id, owner, operation }) => isScheduled(current, owner.instance, operation) && !this.#begun.has(nameOf(current, this.#held.get(id))));
    // Whoever's turn it is may still be on his way to it.
    if (request === undefined) return current.outcome === 'ends' && this.#expected !== null ? this.#passWhoEnds(current) : null;
    this.#held.delete(request.id);
    if (current.op === 'start') for (const name of current.on) this.#starts(name, current.outcome === 'done');
    // Whoever waits there hears of it, and the schedule says nothing of that.
    if (current.op === 'reset') for (const [id, { operation }] of this.#asked) if (operation.verb === 'wait_barrier' && current.on.includes(operation.name)) this.#asked.delete(id);
    this.#asked.set(request.id, request);
    if (current.outcome === 'waits') {
      const passed = { ...request, deadlineMs: this.#endingOf(current, request) };
      this.#advance();
      return { type: 'pass', request: passed };
    }
    this.#begun.add(nameOf(current, request));
    (this.#expected ??= new Set()).add(request.id);
    return { type: 'pass', request: { ...request, deadlineMs: null } };
  }

  #starts(instance: string, isStarted: boolean): void {
    this.#ended.delete(instance);
    if (isStarted) this.#onStart(instance);
  }

  /** A queue that feeds itself is at its end only once all who take from it wait for its next item. */
  #passWhoEnds({ on }: ScheduledOperation): Turn | null {
    const other = [...this.#held.values()].find(({ owner, operation }) => {
      const next = this.#nextOf(owner.instance);
      return next?.outcome === 'ends' && next.op === 'get' && on.some((name) => next.on.includes(name)) && isScheduled(next, owner.instance, operation);
    });
    if (other === undefined) return null;
    this.#held.delete(other.id);
    this.#asked.set(other.id, other);
    return { type: 'pass', request: { ...other, deadlineMs: null } };
  }

  /** A wait that the schedule ends has the position of that as its time; of others only one that could not be asked anew has any, behind all. */
  #endingOf({ instance }: ScheduledOperation, request: HeldRequest): number | null {
    const { id } = request;
    const next = this.#operations.findIndex((other, position) => position > this.#position && other.instance === instance);
    const ending = this.#operations[next];
    if (ending?.op !== 'timeout' || isAttemptsTime(ending)) return isTimedAtCondition(request) ? endingMs(this.#operations.length + (this.#stuck.has(instance) ? 0 : 1)) : null;
    this.#endings.set(id, endingMs(next));
    return endingMs(next);
  }

  #endWait(current: ScheduledOperation): Turn | null | 'skip' {
    const { instance } = current;
    if (this.#expected !== null) return null;
    if (isAttemptsTime(current)) return this.#ended.has(instance) ? 'skip' : null;
    // Its time is over when it goes on.
    if (isAwaitedTime(current)) return this.#holdsOne(instance) ? 'skip' : null;
    const asked = [...this.#asked.values()].find(({ owner }) => owner.instance === instance);
    const atMs = asked === undefined ? undefined : this.#endings.get(asked.id);
    if (asked !== undefined && atMs !== undefined) {
      if (asked.operation.verb === 'wait_condition') this.#advance();
      else this.#expected = new Set([asked.id]);
      return { type: 'expire', atMs };
    }
    const held = [...this.#held.values()].find(({ owner }) => owner.instance === instance);
    if (held === undefined) return null;
    // The time of the whole attempt is nothing that the primitives know of.
    if (held.deadlineMs === null) return 'skip';
    const { owner, operation } = held;
    if (operation.verb === 'wait_barrier' && this.#breaks !== operation.name) {
      // Whoever gives up there breaks it for all.
      this.#breaks = operation.name;
      return { type: 'pass', request: { id: unlisted, owner, operation: { verb: 'abort_barrier', name: operation.name }, deadlineMs: null } };
    }
    this.#breaks = null;
    this.#held.delete(held.id);
    this.#expected = new Set([held.id]);
    return { type: 'answer', requestId: held.id, outcome: { status: 'timed_out' } };
  }

  #goOnIfDone({ op, on, outcome }: ScheduledOperation): void {
    const isWhole = op !== 'wait' || outcome !== 'done' || on.every((name) => this.#begun.has(name));
    if (this.#expected?.size === 0 && isWhole) this.#advance();
  }

  #advance(to = this.#position + 1): void {
    this.#isIdle = false;
    this.#position = to;
    this.#expected = null;
    this.#begun.clear();
    this.#heldUp.clear();
  }

  #depart(why: string): void {
    const operation = this.#current();
    if (operation === null) return;
    this.#isLetGo = true;
    this.#onDeparture({ position: this.#position, operation, why });
  }

  /** One after the other, as they came. */
  #letGo(): Turn | null {
    const closing = this.#closings.first();
    if (closing !== null) return closing;
    // Those who wait to be notified have no lock to ask with again: their time is over.
    const notified = this.#free(this.#asked).filter(isTimedAtCondition);
    for (const { id } of notified) this.#asked.delete(id);
    if (notified.length > 0) return { type: 'expire', atMs: endingMs(this.#operations.length + (this.ledTo.size > 0 ? 0 : 1)) };
    for (const { operation, ...request } of this.#free(this.#asked)) {
      this.#asked.delete(request.id);
      if (request.deadlineMs !== null && !isRunDeed(operation)) return { type: 'renew', request: { ...request, operation } };
    }
    const [request] = this.#free(this.#held);
    if (request === undefined) return null;
    this.#held.delete(request.id);
    return { type: 'pass', request };
  }

  /** Those of them whose turn comes some time. */
  #free(requests: ReadonlyMap<number, HeldRequest>): readonly HeldRequest[] {
    return [...requests.values()].filter(({ owner }) => !this.#isHeldForGood(owner));
  }

  /** At the end of the schedule of a deadlock all who are not in it. */
  #isHeldForGood({ instance }: Pick<HeldRequest['owner'], 'instance'>): boolean {
    return this.ledTo.size > 0 && !this.ledTo.has(instance);
  }

  /** The next thing that the schedule has of it is that a time is over. */
  #isAwaited(instance: string): boolean {
    return this.#operations.slice(this.#position).filter((other) => other.instance === instance).slice(0, 1).some(isAwaitedTime);
  }

  #holdsOne(instance: string): boolean {
    return [...this.#held.values()].some(({ owner }) => owner.instance === instance);
  }

  /** That a time is over shows by what comes next; and an end that was heard of before its turn is behind whoever has. */
  #nextOf(instance: string, behind = 0): ScheduledOperation | undefined {
    if (this.#isLetGo) return undefined;
    const heard = new Set(this.#failed.filter(({ owner }) => owner.instance === instance));
    const isHeard = (other: ScheduledOperation): boolean => {
      const one = other.outcome === 'ends' ? [...heard].find(({ operation }) => isScheduled(other, instance, operation)) : undefined;
      return one !== undefined && heard.delete(one);
    };
    return this.#operations.filter((other, position) => position >= this.#position && other.instance === instance && !isAwaitedTime(other) && !isHeard(other))[behind];
  }

  #isNextOf(instance: string, { operation }: HeldRequest): boolean {
    const next = this.#nextBehindSlot(instance);
    return next !== undefined && isScheduled(next, instance, operation);
  }

  /** Behind a slot of `max_parallel` that is on its way back, for whose turn nobody waits. */
  #nextBehindSlot(instance: string): ScheduledOperation | undefined {
    return this.#nextOf(instance, [...this.#held.values()].filter((held) => held.owner.instance === instance && held.operation.verb === 'release').length);
  }

  /** Whether somebody is to end, such as by others, before he comes to this step; what comes with a moment has a time. */
  #endsBefore({ owner, deadlineMs }: Pick<HeldRequest, 'owner' | 'deadlineMs'>): boolean {
    const next = this.#nextOf(owner.instance);
    return this.#isWhole && deadlineMs === null && next !== undefined && (isAttemptsTime(next) || (next.op === 'end' && next.on.length === 0));
  }

  /**
   * Whether what somebody does to others is to wait for its turn. Ends, waits for those of others, and tasks are not in every schedule;
   * and whoever is to do something else next does this on his way there.
   */
  #isDeedInOrder({ owner, operation, deadlineMs }: HeldRequest): boolean {
    const next = this.#nextBehindSlot(owner.instance);
    // One that is to have waited long enough waits for that, and one that others are to end before it comes to end or start anybody for that.
    if (next !== undefined) return isScheduled(next, owner.instance, operation) || (next.op === 'timeout' && (deadlineMs !== null || isAttemptsTime(next))) || (isOrder(operation) && this.#endsBefore({ owner, deadlineMs }));
    // Of the ends of tasks only those are in it that others wait for.
    return operation.verb === 'end' ? this.#isWhole && operation.names.length === 0 : this.#isWhole || !onlyInWhole.has(operation.verb);
  }

  /** Whether something is still done to it before its end is found. */
  #isStillUsed(name: string): boolean {
    return this.#operations.some(({ on }, position) => position >= this.#position && on.includes(name));
  }
}
