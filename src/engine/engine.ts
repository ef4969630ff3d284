/*
 * The life of a run, pure: an event and the time go in, effects come out.
 *
 * One event is handled in two phases. First it changes states, and the parts tell each other what
 * follows by messages until none is left (propagate); then the effects that were gathered on the way
 * are handed out (execute). Nothing here waits, reads a clock or touches the outside.
 */
import { unreachable } from '../base/invariant.ts';
import type { Json } from '../base/json.ts';
import type { Plan } from '../plan/plan.ts';
import { ActorIndex } from './can-act.ts';
import { Closings } from './closings.ts';
import { Context } from './context.ts';
import { DeadlockSearch } from './deadlock-search.ts';
import type { Effect } from './effect.ts';
import type { EngineEvent } from './engine-event.ts';
import type { EngineOptions } from './engine-options.ts';
import { newInstance } from './instance-state.ts';
import { Dispatcher } from './dispatch.ts';
import { resultsClosed, resultsOpened } from './pool-life.ts';
import { newPool } from './pool-tasks.ts';
import { groupGone, processDrained, processExited, processNotSpawned, processSpawned } from './process-life.ts';
import { probed } from './probes.ts';
import { beginRun, signalReceived, stopRun } from './run-life.ts';
import { printed } from './step-print.ts';
import { runState } from './run-view.ts';
import { SecondLook } from './second-look.ts';
import { heardAtLast, isHeldUntilItsTurn } from './held-exits.ts';
import { settle } from './settle.ts';
import { feedInput, lineRead } from './stream-queues.ts';
import { tasksRead } from './pool-source.ts';
import { beginJobservers, moveTokens, tokenRead } from './token-moves.ts';
import { fireTimer } from './fire-timer.ts';
import { isHeldUp } from './held-up.ts';
import { stoppersOf } from './stoppers.ts';
import { timerViews } from './timer-view.ts';
import { actorsOfThing, type ThingActors } from './thing-actors.ts';
import { Views } from './views.ts';
import { wrongCall } from './call-check.ts';
import type { Answer, Caller } from './caller.ts';
import { answerTo, answerToMissed, countOf, isPrimitiveCall, mayBeAttempted, noteHolds, operationOf } from './primitive-call.ts';
import type { Call } from '../protocol/call.ts';
import type { Operation, Outcome } from '../sync/operation.ts';
import { beginCall } from './worker-call.ts';
import { cancelCall, holderGone } from './end-call.ts';

/** How long a look at all waits is put off, so that what is answered at once is never looked at, in ms. */
const lookDelayMs = 40;
/** How long it is put off for each instance and pool, in ms. */
const lookMsPerUnit = 0.1;

/** How a run stands. */
export interface RunLook {
  /** As `mpctl ps` has it. */
  readonly state: Json;
  /** What comes by time, soonest first. */
  readonly timers: readonly Json[];
}

/** The life of one run. */
export class Engine {
  readonly #context: Context;
  readonly #index: ActorIndex;
  readonly #closings: Closings;
  readonly #dispatcher: Dispatcher;
  readonly #views: Views;
  readonly #deadlocks: DeadlockSearch;
  readonly #secondLook = new SecondLook();

  constructor(plan: Plan, options: EngineOptions) {
    const context = new Context(plan, options);
    this.#context = context;
    const taskDone = [...plan.instances, ...plan.pools].flatMap(({ name, taskDoneQueues }) => taskDoneQueues.map((queue) => ({ who: name, queue })));
    this.#index = new ActorIndex([...plan.actors, ...stoppersOf(plan)], taskDone);
    for (const instance of plan.instances) context.instances.set(instance.name, newInstance(instance));
    for (const pool of plan.pools) {
      context.pools.set(pool.name, newPool(pool, this.#index.of('submit', pool.name).length > 0));
    }
    this.#closings = new Closings(context, this.#index, this.#secondLook);
    this.#dispatcher = new Dispatcher(context, this.#index);
    this.#views = new Views(context, this.#index);
    this.#deadlocks = new DeadlockSearch(context, this.#index, this.#secondLook);
  }

  /** Handles one event; the effects are to be carried out in this order. */
  step(event: EngineEvent, nowMs: number): readonly Effect[] {
    const context = this.#context;
    context.nowMs = nowMs;
    if (context.run.phase === 'over') {
      // The last end may still make the broker warn.
      if (event.type === 'sync' && event.event.type !== 'settled') this.#handle(event);
      return context.takeEffects();
    }
    context.begunTasks = 0;
    this.#handle(event);
    this.#propagate();
    moveTokens(context);
    this.#watchForDeadlock();
    return context.takeEffects();
  }

  /**
   * What to attempt at the broker for a call that may need no wait, before it is handled as an event; null
   * where it has to be handled as one. `attempted` is to follow at once.
   */
  attempt(caller: Caller, call: Call, nowMs: number): Operation | null {
    const context = this.#context;
    context.nowMs = nowMs;
    if (context.run.phase === 'over' || !mayBeAttempted(call)) return null;
    if (wrongCall(context, this.#index, caller.instance, call) !== null) return null;
    return operationOf(context, caller, call, 0);
  }

  /** The answer to the call after its attempt, or how many of its items are done: the rest waits, as an event. */
  attempted(caller: Caller, call: Call, operation: Operation, outcome: Outcome): Answer | number {
    if (!isPrimitiveCall(call) || (outcome.status === 'timed_out' && call.timeoutMs !== 0)) return 0;
    noteHolds(this.#context, caller, operation, outcome);
    if (outcome.status !== 'granted') return answerToMissed(call, operation, outcome, 0);
    return answerTo(call, operation, outcome, 0) ?? countOf(outcome.value);
  }

  /**
   * Tells who waits for what. To be called when every event so far has been handled: what was granted
   * meanwhile was no wait that anybody would have seen.
   */
  rest(): readonly Effect[] {
    this.#views.tell();
    return this.#context.takeEffects();
  }

  /** Who can still wake those who wait at a thing, by what they would have to do. */
  actorsOf(thing: string): ThingActors {
    return actorsOfThing(this.#context, this.#index, thing);
  }

  /** The run as it stands, between two events. */
  look(nowMs: number): RunLook {
    this.#context.nowMs = nowMs;
    return { state: runState(this.#context, this.#index, null), timers: timerViews(this.#context) };
  }

  /** When a `tick` is needed; null while nothing is timed. */
  nextWakeMs(): number | null {
    return this.#context.timers.nextMs();
  }

  #handle(event: EngineEvent): void {
    const context = this.#context;
    if (isHeldUntilItsTurn(context, event)) return;
    this.#hear(event);
  }

  #hear(event: EngineEvent): void {
    const context = this.#context;
    switch (event.type) {
      case 'begin':
        beginJobservers(context);
        beginRun(context);
        this.#dispatcher.drain();
        context.runChanged = true;
        return;
      case 'tick':
        this.#fireTimers();
        return;
      case 'signal':
        signalReceived(context, event.signal);
        context.runChanged = true;
        return;
      case 'spawned':
        processSpawned(context, event.key, event.pid);
        feedInput(context, event.key);
        return;
      case 'spawn_failed':
        processNotSpawned(context, event.key, event);
        return;
      case 'exited':
        processExited(context, event.key, event.exit, event.groupIsAlive);
        if (event.drained !== undefined) processDrained(context, event.key, event.drained);
        return;
      case 'group_gone':
        groupGone(context, event.key);
        return;
      case 'drained':
        processDrained(context, event.key, event);
        return;
      case 'line':
        lineRead(context, event.key, event);
        return;
      case 'long_line':
        lineRead(context, event.key, { ...event, text: '' });
        return;
      case 'answers':
        this.#dispatcher.answersRead(event.read);
        return;
      case 'input_ready':
        feedInput(context, event.key);
        return;
      case 'probed': {
        const name = context.probes.get(event.probe);
        context.probes.delete(event.probe);
        if (name !== undefined) probed(context, context.instance(name), event.ok, event.message);
        return;
      }
      case 'call':
        beginCall(context, this.#index, event);
        return;
      case 'cancel_call':
        cancelCall(context, event.id);
        return;
      case 'holder_gone':
        holderGone(context, event.holder);
        return;
      case 'sync':
        for (const late of heardAtLast(context, event.event)) this.#hear(late);
        settle(context, this.#index, event.event);
        return;
      case 'token_read':
        tokenRead(context, event.jobserver);
        return;
      case 'token_unasked':
        context.jobservers.of(event.jobserver)?.tokens.unasked();
        return;
      case 'program_seen':
        this.#deadlocks.seen(event.key, event.seen);
        return;
      case 'echoed':
        if (event.look === this.#secondLook.number) this.#checkForDeadlock(event.look);
        return;
      case 'printed':
        printed(context, event.machine, event.failure);
        return;
      case 'results_opened':
        resultsOpened(context, context.pool(event.pool), event.failure);
        return;
      case 'results_closed':
        resultsClosed(context, context.pool(event.pool), event.failure);
        return;
      case 'tasks':
        tasksRead(context, context.pool(event.pool), event);
        context.post({ type: 'fill_pool', pool: event.pool });
        return;
      default:
        unreachable(event);
    }
  }

  #fireTimers(): void {
    for (;;) {
      const timer = this.#context.timers.takeDue(this.#context.nowMs);
      if (timer === null) return;
      if (timer.purpose.type === 'deadlock_check') this.#checkForDeadlock(null);
      else if (timer.purpose.type === 'retell_waits') this.#views.retellDue();
      else if (!isHeldUp(this.#context, timer)) fireTimer(this.#context, timer.purpose);
    }
  }

  #propagate(): void {
    const context = this.#context;
    for (;;) {
      this.#dispatcher.drain();
      if (context.changedActors.isEmpty || context.run.phase === 'over') return;
      this.#closings.look('events');
      // A moment that nobody can bring about any more is noticed here as well.
      this.#dispatcher.reconsiderStarts();
      this.#dispatcher.reconsiderPairs();
    }
  }

  /**
   * Arms one look at all waits. A look costs about a thousandth of a millisecond for each instance and pool:
   * the more there are, the later it comes, so that looking never takes more than a hundredth of the time.
   */
  #watchForDeadlock(): void {
    const context = this.#context;
    if (!context.waitsChanged) return;
    context.waitsChanged = false;
    if (context.run.deadlockTimer?.armed === true) return;
    const units = context.instances.size + context.pools.size;
    const delayMs = Math.max(lookDelayMs, units * lookMsPerUnit);
    context.run.deadlockTimer = context.timers.arm(context.nowMs + delayMs, { type: 'deadlock_check' });
  }

  /** `echo` is the number of the look before, where this one comes after its echo. */
  #checkForDeadlock(echo: number | null): void {
    const context = this.#context;
    if (context.run.phase !== 'main' && context.run.phase !== 'finally') return;
    this.#secondLook.begin(echo);
    this.#lookAtWaits();
    if (!this.#secondLook.isInDoubt) return;
    // What is concluded from other waits than before the echo is looked at again in its time.
    if (echo === null || this.#secondLook.hasSuspects) context.effect({ type: 'echo', look: this.#secondLook.number });
    else context.waitsChanged = true;
  }

  #lookAtWaits(): void {
    const context = this.#context;
    if (context.options.heldBack?.isHolding === true) {
      if (!this.#closings.look('rest') && !this.#secondLook.isInDoubt) this.#deadlocks.tellStuck(context.options.heldBack);
      // Until nothing is held back any more, however little else happens.
      context.waitsChanged = true;
      return;
    }
    // A queue that only feeds itself is at its end, and nobody is stuck in it.
    context.waitsChanged = false;
    if (this.#closings.look('rest')) context.waitsChanged = true;
    if (context.run.phase === 'finally' && this.#dispatcher.endAwaitedDaemons(this.#secondLook)) return;
    // Something was closed, or may be.
    if (context.waitsChanged || this.#secondLook.isInDoubt) return;
    const deadlock = this.#deadlocks.find();
    if (deadlock === null) return;
    // So is one that programs feed which all wait for its next item.
    if (this.#closings.look('deadlock', this.#deadlocks.blockedIn)) {
      context.waitsChanged = true;
      return;
    }
    const { stuck, isCircle } = deadlock;
    context.report({ type: 'run.deadlock', cycle: stuck, circle: isCircle });
    const why = `deadlock: ${stuck.map(({ instance }) => `\`${instance}\``).join(isCircle ? ' → ' : ', ')}`;
    context.run.deadlock ??= { why, isFirst: context.run.firstFailure === null };
    if (context.run.phase === 'finally') {
      this.#dispatcher.endStuckFinally(stuck, why);
      // Others may be stuck behind those.
      context.waitsChanged = true;
    }
    stopRun(context, { type: 'deadlock', why });
    context.runChanged = true;
  }
}
