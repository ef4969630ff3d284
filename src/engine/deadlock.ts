/*
 * Finds what can never go on: everything that waits for things that only others of the same kind could
 * give. Whatever runs a command that is not blocked, sleeps or waits with a limit can go on; from there
 * the set grows by all whose wait somebody in it can end. What is left over when it no longer grows is
 * deadlocked, however much else still runs (a greatest fixed point, as for wait-for graphs with OR and
 * AND edges).
 */
import { arrivedAt, mayBeBroken, mayBeFilled } from './barrier-ends.ts';
import { type ActorIndex, canStillAct, type EngineAction, type EngineActor } from './can-act.ts';
import { lockOfCondition } from './condition-lock.ts';
import type { Context } from './context.ts';
import { type Deadlock, type FoundDeadlock, nameDeadlock } from './deadlock-circle.ts';
import type { ProcessKey } from './engine-event.ts';
import { willCome } from './held-up.ts';
import { HoldWaits } from './hold-waits.ts';
import { type Known, mayBeRefused, mayBeStopped } from './may-be-refused.ts';
import { dependencyStatus, unitsOf } from './moments.ts';
import { openPutOf } from './open-put.ts';
import { isAliveInItsWait } from './probed-waits.ts';
import type { HeldOfPrograms, ProgramWait } from './program-waits.ts';
import type { PendingRequest } from './request-purpose.ts';
import type { Suspects } from './second-look.ts';
import { unitsNamed } from './unit-list.ts';
import type { PoolState, Unit } from './unit-state.ts';
import { takesSubmitted, takesTasks } from './pool-takes.ts';
import { slotName } from './task-life.ts';
import { crewGoesOn } from './worker-tasks.ts';

/** A deadlock, or null when everything can still go on. Whoever is none of the `suspects`, where there are any, goes on. */
export function findDeadlock(context: Context, index: ActorIndex, programs: HeldOfPrograms, suspects: Suspects | null): FoundDeadlock | null {
  return new Search(context, index, programs, suspects).run();
}

class Search {
  readonly #context: Context;
  readonly #index: ActorIndex;
  readonly #programs: HeldOfPrograms;
  readonly #suspects: Suspects | null;
  readonly #live = new Set<string>();
  readonly #waiting = new Map<string, Unit>();
  /** Who asked for the key while it could not go on. */
  readonly #waitsFor = new Map<string, Set<string>>();
  readonly #barriers = new Map<string, { readonly liveCount: number; readonly canEnd: boolean }>();
  readonly #arrivals = new Map<string, ReadonlyMap<string, number>>();
  readonly #known: Known;
  readonly #holds: HoldWaits;
  /** Pools of which it is asked who may give them tasks, which they do not by that alone. */
  readonly #fed = new Set<string>();
  /** Who is being looked at. */
  #looking = '';

  constructor(context: Context, index: ActorIndex, programs: HeldOfPrograms, suspects: Suspects | null) {
    this.#context = context;
    this.#index = index;
    this.#programs = programs;
    this.#suspects = suspects;
    this.#known = { context, index, mayRun: (unit) => this.#mayRun(unit) };
    this.#holds = new HoldWaits({
      context,
      live: this.#live,
      isLive: (unit) => this.#isLive(unit),
      mayRun: this.#known.mayRun,
      isHeldBack: (id) => this.#isHeldBack(id),
      isTimed: (id) => this.#isTimed(id),
      mayBeStopped: (unit) => mayBeStopped(unit, this.#known),
    });
  }

  run(): FoundDeadlock | null {
    for (const unit of [...this.#context.instances.values(), ...this.#context.pools.values()]) {
      if (unit.phase === 'idle' || unit.phase === 'ended') continue;
      if (this.#goesOn(unit)) this.#live.add(unit.name);
      else this.#waiting.set(unit.name, unit);
    }
    for (let grew = true; grew; ) {
      const before = this.#waiting.size;
      for (const unit of this.#waiting.values()) this.#lookAt(unit);
      grew = this.#waiting.size < before;
    }
    const named = this.#counts() ? this.#named() : null;
    return named === null ? null : { units: [...this.#waiting.values()], live: this.#live, named };
  }

  /** Looks whether it can go on; who waits for it is looked at next, so that a chain takes one pass. */
  #lookAt(first: Unit): void {
    const queue = [first.name];
    for (const name of queue) {
      const unit = this.#waiting.get(name);
      if (unit === undefined) continue;
      this.#looking = name;
      if (this.#isEndless(unit) || (!this.#canEnd(unit) && !mayBeRefused(unit, this.#known) && !mayBeStopped(name, this.#known))) continue;
      this.#waiting.delete(name);
      this.#live.add(name);
      queue.push(...(this.#waitsFor.get(name) ?? []));
    }
  }

  /** Whether it can go on, as far as is known; otherwise whoever asks is looked at again once it can. */
  #isLive(name: string): boolean {
    if (this.#live.has(name)) return true;
    this.#waitsFor.set(name, (this.#waitsFor.get(name) ?? new Set()).add(this.#looking));
    return false;
  }

  /**
   * Daemons that hang while everything else goes on are stopped at the end anyway, as is whatever `finally` has started. Where nobody who goes
   * on may start a process or pool, or end one before its start, there is no end.
   */
  #counts(): boolean {
    const isLast = this.#context.run.phase === 'finally';
    const onlyDaemons = this.#context.unitsOf('process').every(({ name, phase, plan }) => phase === 'idle' && !plan.autostart && !this.#mayRun(name) && !mayBeStopped(name, this.#known));
    for (const unit of this.#waiting.values()) {
      const kind = unit.type === 'pool' ? 'process' : unit.plan.kind;
      if (this.#isEndless(unit) || (isLast && kind !== 'finally')) continue;
      if (onlyDaemons || kind !== 'daemon') return true;
    }
    return false;
  }

  #goesOn(unit: Unit): boolean {
    if (this.#suspects?.has(unit.name) === false) return true;
    if (this.#isEndless(unit)) return false;
    if (unit.dependencyTimers.some((timer) => willCome(this.#context, timer))) return true;
    if (unit.type === 'pool') return this.#poolGoesOn(unit);
    if (unit.phase === 'starting' || unit.phase === 'backoff') return true;
    const isProbed = unit.probeTimer?.armed === true ? willCome(this.#context, unit.probeTimer) : unit.probe !== null;
    if (willCome(this.#context, unit.attemptTimer) || (isProbed && !isAliveInItsWait(this.#context, unit))) return true;
    if (unit.process !== null) return this.#processGoesOn(unit.process);
    if (unit.phase === 'running') return unit.machine === null || this.#machineGoesOn(unit.machine);
    return [...unit.startRequests.keys()].some((id) => this.#isTimed(id));
  }

  /** What has ended goes on only when the last of its lines has been taken, what is blocked when a call is answered. */
  #processGoesOn(key: ProcessKey): boolean {
    return !this.#context.isExitHeld(key) && openPutOf(this.#context, key) === null && this.#programs.blockedIn(key).length === 0;
  }

  #machineGoesOn(id: string): boolean {
    const machine = this.#context.machines.get(id);
    if (machine === undefined || machine.blocked === null || willCome(this.#context, machine.timer)) return true;
    switch (machine.blocked.type) {
      case 'process':
        return this.#processGoesOn(machine.blocked.key);
      case 'sleep':
      case 'yield':
      case 'print':
      case 'started':
        return true;
      case 'cleanup':
        return !this.#isHeldBack(machine.blocked.requestId);
      case 'request':
        return !this.#context.requests.has(machine.blocked.requestId) || this.#isTimed(machine.blocked.requestId);
      case 'join':
      case 'join_pool':
      case 'result':
        return false;
    }
  }

  /** It goes on by itself, be it a slot of a pool. */
  #holderGoesOn(holder: string): boolean {
    const unit = this.#context.unit(this.#context.ownerOf(holder));
    if (unit.phase === 'idle' || unit.phase === 'ended') return false;
    return unit.type === 'pool' && unit.name !== holder ? this.#poolGoesOn(unit, holder) : this.#goesOn(unit);
  }

  #poolGoesOn(pool: PoolState, slot: string | null = null): boolean {
    if (pool.sourceState === 'reading' || crewGoesOn(pool)) return true;
    for (const task of pool.tasks.values()) {
      if (slot !== null && (task.slot === null || slotName(pool, task.slot) !== slot)) continue;
      if (task.phase === 'backoff' || willCome(this.#context, task.timer)) return true;
      if (task.process !== null && this.#processGoesOn(task.process)) return true;
      if (task.machine !== null && this.#machineGoesOn(task.machine)) return true;
    }
    return false;
  }

  #isHeldBack(id: number): boolean {
    return this.#context.options.heldBack?.holds(id) === true;
  }

  /** Its time ends it; a wait at a condition needs the lock for that as well. */
  #isTimed(id: number): boolean {
    const request = this.#context.requests.get(id);
    return request !== undefined && request.verb !== 'wait_condition' && this.#hasTime(request);
  }

  #hasTime({ id, hasDeadline }: PendingRequest): boolean {
    return hasDeadline && this.#context.options.heldBack?.isUntimed(id) !== true;
  }

  /** It does not end, and waits for nothing. */
  #isEndless({ name, phase }: Unit): boolean {
    return phase === 'running' && this.#context.options.endless?.has(name) === true;
  }

  /** Whether somebody who can go on could end the wait. */
  #canEnd(unit: Unit): boolean {
    switch (unit.phase) {
      case 'dependencies':
        return unit.plan.dependsOn.every(
          (dependency) =>
            unitsOf(this.#context, dependency).every((target) => this.#mayBeEnded(target)) ||
            dependencyStatus(this.#context, this.#index, dependency) === 'met',
        );
      case 'events':
      case 'barriers':
        return [...unit.startRequests.keys()].every((id) => this.#requestCanEnd(id));
      case 'holds':
        return unit.type === 'instance' && unit.holdRequest !== null && this.#requestCanEnd(unit.holdRequest);
      case 'running':
        if (unit.type === 'pool') return this.#poolCanEnd(unit);
        return unit.process === null ? this.#machineCanEnd(unit.machine) : this.#processCanEnd(unit.process);
      default:
        return true;
    }
  }

  /** It goes on, or somebody who goes on may start it, or give it tasks beside those that do not go on. */
  #mayRun(name: string, asked: Set<string> = new Set()): boolean {
    const unit = this.#context.unit(name);
    if (unit.phase !== 'idle' && unit.phase !== 'ended') return this.#isLive(name) || (unit.type === 'pool' && unit.phase === 'running' && this.#mayHaveMore(unit));
    // Whoever was asked before has not been found to, or is being asked.
    if (asked.has(name)) return false;
    asked.add(name);
    return this.#index.of('start', name).some((starter) => this.#mayRun(starter.who, asked) && canStillAct(this.#context, this.#index, starter));
  }

  #actorIsLive(actor: EngineActor): boolean {
    return this.#mayRun(actor.who) && canStillAct(this.#context, this.#index, actor);
  }

  #someoneCan(action: EngineAction, name: string): boolean {
    return this.#index.of(action, name).some((actor) => this.#actorIsLive(actor));
  }

  #processCanEnd(key: ProcessKey): boolean {
    const put = openPutOf(this.#context, key);
    if (put !== null || this.#context.isExitHeld(key)) return put !== null && this.#requestCanEnd(put.id);
    const waits = this.#programs.blockedIn(key);
    if (this.#programs.isGuess && waits.every(({ call }) => call === null)) return waits.every((wait) => this.#waitCanEnd(wait));
    // One thread that goes on may do whatever the others wait for.
    return waits.length === 0 || waits.some((wait) => this.#waitCanEnd(wait));
  }

  #waitCanEnd(wait: ProgramWait): boolean {
    const { call, requestId } = wait;
    if (requestId !== null) return this.#requestCanEnd(requestId);
    if (call === null) return this.#otherEndCanAct(wait.other);
    switch (call.type) {
      case 'join':
      case 'await':
        return unitsNamed(this.#context, call.name).every((unit) => this.#mayBeEnded(unit));
      case 'result':
        return this.#mayRun(call.pool);
      default:
        return true;
    }
  }

  /** Of one that has ended for good the system tells, and whoever has its pipe open besides is not known here; and one that is idle a user may start. */
  #otherEndCanAct(name: string): boolean {
    const { end, phase } = this.#context.unit(name);
    return end !== null || phase === 'idle' || this.#mayRun(name);
  }

  #machineCanEnd(id: string | null): boolean {
    const machine = id === null ? undefined : this.#context.machines.get(id);
    switch (machine?.blocked?.type) {
      case 'request':
      case 'cleanup':
        return this.#requestCanEnd(machine.blocked.requestId);
      case 'process':
        return this.#processCanEnd(machine.blocked.key);
      case 'join':
        return machine.blocked.instances.every((name) => this.#mayBeEnded(this.#context.unit(name)));
      case 'join_pool':
        return this.#mayBeEnded(this.#context.unit(machine.blocked.pool));
      case 'result':
        return this.#mayRun(machine.blocked.handle.pool);
      default:
        return true;
    }
  }

  #poolCanEnd(pool: PoolState): boolean {
    const waits: boolean[] = [];
    for (const task of pool.tasks.values()) {
      if (task.holdRequest !== null) waits.push(this.#requestCanEnd(task.holdRequest));
      if (task.machine !== null) waits.push(this.#machineCanEnd(task.machine));
      if (task.process !== null) waits.push(this.#processCanEnd(task.process));
    }
    // Where its tasks do not go on, more of them bring it no nearer to its end.
    if (waits.length === 0 && takesTasks(pool)) waits.push(this.#mayHaveMore(pool));
    for (const id of [pool.recordPut, ...pool.takes.values()]) if (id !== null) waits.push(this.#requestCanEnd(id));
    return waits.length === 0 || waits.includes(true);
  }

  /** Somebody who goes on may give it tasks, which do what its tasks do. */
  #mayHaveMore(pool: PoolState): boolean {
    const { name, getRequest } = pool;
    if (!takesTasks(pool) || this.#fed.has(name)) return false;
    this.#fed.add(name);
    const isFed = (getRequest !== null && this.#requestCanEnd(getRequest)) || (takesSubmitted(pool) && this.#someoneCan('submit', name));
    this.#fed.delete(name);
    return isFed;
  }

  /** It has ended, or may come to it, be it that somebody ends it who never was started. */
  #mayBeEnded({ end, type, phase, name }: Unit): boolean {
    return end !== null || (phase === 'idle' && this.#someoneCan('stop', name)) || (type === 'pool' && phase === 'running' ? this.#isLive(name) : this.#mayRun(name));
  }

  #requestCanEnd(id: number): boolean {
    // What is held back waits for all that is to come before, whoever else is needed for it.
    if (this.#isHeldBack(id)) return false;
    const request = this.#context.requests.get(id);
    if (request === undefined || this.#isTimed(id)) return true;
    const name = request.names[0] ?? '';
    switch (request.verb) {
      case 'acquire':
        return this.#holds.canHave(request);
      case 'wait_event':
        return this.#someoneCan('set', name);
      case 'wait_condition':
        // Its lock is needed in the end. Whether it is notified by now only the broker knows.
        return this.#holds.comesBack(lockOfCondition(this.#context, name) ?? '', request) ?? (this.#hasTime(request) || this.#someoneCan('notify', name));
      case 'wait_barrier':
        return this.#barrierCanEnd(name);
      case 'get':
        return this.#someoneCan('put', name) || this.#canRun(this.#index.of('put', name)) || this.#handMayOpen(name);
      case 'put':
        return this.#someoneCan('get', name);
      case 'join_queue':
        // The last item may be in hand of somebody who gets no more.
        return this.#canRun(this.#index.of('get', name));
      case 'receive':
      case 'poll':
      case 'send':
        return this.#peerIsLive(name, request.instance);
      default:
        return true;
    }
  }

  /** Whoever has an item in hand may be done with it, which is the end of the stream, or give it back by his death. */
  #handMayOpen(queue: string): boolean {
    const definition = this.#context.primitive(queue);
    return definition?.kind === 'queue' && definition.onConsumerDeath === 'redeliver' && this.#canRun(this.#index.of('get', queue));
  }

  /** One of them is live, whatever it can still do: its end closes the stream. */
  #canRun(actors: readonly EngineActor[]): boolean {
    return actors.some((actor) => this.#mayRun(actor.who));
  }

  /** It may be filled, or break. The verdict holds until somebody else can go on: a thousand parties ask for it. */
  #barrierCanEnd(name: string): boolean {
    const known = this.#barriers.get(name);
    if (known?.liveCount === this.#live.size) return known.canEnd;
    const definition = this.#context.primitive(name);
    if (definition?.kind !== 'barrier') return true;
    const barrier = { name, parties: definition.parties, arrived: this.#waitersAt(name) };
    const canEnd = mayBeFilled(barrier, this.#known) || mayBeBroken(barrier, this.#known);
    this.#barriers.set(name, { liveCount: this.#live.size, canEnd });
    return canEnd;
  }

  /** Who waits at a barrier, and with how many slots. */
  #waitersAt(barrier: string): ReadonlyMap<string, number> {
    const known = this.#arrivals.get(barrier);
    if (known !== undefined) return known;
    const arrived = arrivedAt(this.#context, barrier, (id) => this.#isHeldBack(id));
    this.#arrivals.set(barrier, arrived);
    return arrived;
  }

  #peerIsLive(pipe: string, self: string): boolean {
    const definition = this.#context.primitive(pipe);
    return definition?.kind !== 'pipe' || definition.ends.some((end) => end !== self && this.#mayRun(end));
  }

  #named(): Deadlock | null {
    return nameDeadlock({
      context: this.#context,
      index: this.#index,
      waiting: new Map([...this.#waiting].filter(([, unit]) => !this.#isEndless(unit))),
      ownerOf: (holder) => this.#context.ownerOf(holder),
      blockedIn: this.#programs.blockedIn,
      isAtBarrier: (name, barrier) => this.#waitersAt(barrier).has(name),
      goesOn: (holder) => this.#holderGoesOn(holder),
    });
  }
}
