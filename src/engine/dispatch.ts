/* Hands messages from one part of the engine to the other. */
import { present, unreachable } from '../base/invariant.ts';
import type { Dependency, Moment } from '../plan/plan.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context, Message } from './context.ts';
import type { ReadAnswers } from './engine-event.ts';
import { commandDone, machineEnded } from './attempt-end.ts';
import type { StuckInstance } from './run-event.ts';
import { findFrom } from './find-from.ts';
import { awaitedDaemons } from './finally-waits.ts';
import {
  beginInstance,
  commandExited,
  commandStarted,
  refuseStart,
  restartInstance,
  stopInstance,
  takeHolds,
} from './instance-life.ts';
import type { MachineEnd } from './machine-state.ts';
import { dependencyStatus, neverStarts, unitsOf } from './moments.ts';
import { beginPool, fillPool, poolClosed, refusePool, startPool } from './pool-life.ts';
import { stopCommandOver } from './process-life.ts';
import type { ProcessState } from './process-state.ts';
import { continueRun, limitBegun, stopRun, stopUnit, unitFailed } from './run-life.ts';
import { continueDependencies } from './start-waits.ts';
import { executeStep, fetchItem } from './step-execute.ts';
import { advanceMachine } from './step-machine.ts';
import { runStepDone } from './step-outcome.ts';
import { StdioPairs } from './stdio-pairs.ts';
import type { SecondLook } from './second-look.ts';
import { startsNothingAsked } from './stop-order.ts';
import { abandonOutput, warnOfDroppedLines } from './stream-queues.ts';
import { taskCommandDone, taskCommandExited, taskCommandStarted, taskMachineEnded } from './task-life.ts';
import type { PoolState, Unit, WorkerState } from './unit-state.ts';
import { dismissWorker, workerExited, workerProcessDone, workerStarted } from './worker-life.ts';
import { answersRead, taskHeld, workerOf } from './worker-tasks.ts';
import { watchCalls } from './watch-calls.ts';
import { watchJoins } from './watch-joins.ts';

/** Carries out what the parts told each other, in order. */
export class Dispatcher {
  readonly #context: Context;
  readonly #index: ActorIndex;
  readonly #pairs: StdioPairs;
  /** Who waits for the moment of a dependency just now. */
  readonly #waiters = new Map<Dependency, Set<Unit>>();
  /** Of each moment of several instances, the place of one that has not come to it yet. */
  readonly #late = new Map<string, number>();
  /** Units that wait for a moment of something with `autostart: false`. */
  readonly #onLateStarters: readonly Unit[];

  constructor(context: Context, index: ActorIndex) {
    this.#context = context;
    this.#index = index;
    this.#pairs = new StdioPairs(context, index);
    const dependencies = new Set(context.allUnits().flatMap((unit) => unit.plan.dependsOn));
    const late = new Set([...dependencies].filter((dependency) => unitsOf(context, dependency).some((target) => !target.plan.autostart)));
    this.#onLateStarters = context.allUnits().filter((unit) => unit.plan.dependsOn.some((dependency) => late.has(dependency)));
  }

  /** Handles every message, and what follows from it. */
  drain(): void {
    for (;;) {
      const message = this.#context.takeMessage();
      if (message === null) {
        if (watchJoins(this.#context, this.#index)) continue;
        watchCalls(this.#context, this.#index);
        // Only now: the end of a unit that nobody has handled yet may be one that fails the run.
        if (!this.#context.runChanged) return;
        this.#context.runChanged = false;
        continueRun(this.#context);
        continue;
      }
      this.#handle(message);
    }
  }

  /** Looks again at everything that waits for a moment: it may have become impossible. */
  reconsiderStarts(): void {
    for (const unit of this.#onLateStarters) {
      if (unit.phase !== 'dependencies') continue;
      const waitsForIdle = unit.plan.dependsOn.some((dependency) =>
        unitsOf(this.#context, dependency).some((target) => neverStarts(this.#context, this.#index, target)),
      );
      if (waitsForIdle) this.#lookAtDependencies(unit, null);
    }
  }

  /** Looks again at the pipes that keep an end for somebody who may be started again. */
  reconsiderPairs(): void {
    this.#pairs.look();
  }

  /** Ends the daemons whose end is all that `finally` waits for; false where there are none. */
  endAwaitedDaemons(secondLook: SecondLook): boolean {
    const awaited = awaitedDaemons(this.#context, this.#index);
    const waits = [...this.#context.requests.values()].filter(({ instance }) => this.#context.instances.get(instance)?.plan.kind === 'finally');
    if (awaited.length > 0 && !secondLook.isCertain(`end of ${awaited.map(({ daemon }) => daemon.name).join(' ')}: ${waits.map(({ id }) => id).join(' ')}`)) return true;
    for (const { daemon, waiter } of awaited) {
      stopInstance(this.#context, daemon, `\`${waiter}\` of \`finally\` waits for its end`, false);
    }
    return awaited.length > 0;
  }

  /** A deadlock among the last processes ends them, so that the run can end. */
  endStuckFinally(stuck: readonly StuckInstance[], why: string): void {
    for (const { instance } of stuck) stopUnit(this.#context, this.#context.unit(instance), why, false);
  }

  #handle(message: Message): void {
    const context = this.#context;
    switch (message.type) {
      case 'begin_unit': {
        const unit = context.unit(message.unit);
        // It may have been stopped before it could begin, and then it is over.
        if (unit.phase !== 'idle') return;
        if (context.run.phase === 'stopping') stopUnit(context, unit, context.run.cause?.why ?? '', false);
        else this.#begin(unit);
        return;
      }
      case 'start_units':
        for (const unit of message.units) context.toBegin.delete(unit);
        // Between the step and this message the run may have begun to be stopped.
        if (startsNothingAsked(context)) return;
        // What has ended begins anew: a moment of it that had come has not come any more.
        context.statusesAtBegin.clear();
        this.#pairs.starting(message.units);
        for (const unit of message.units) this.#begin(context.unit(unit));
        return;
      case 'start_waits_over':
        this.#startWaitsOver(context.unit(message.unit));
        return;
      case 'moment':
        this.#moment(context.unit(message.unit), message.moment);
        return;
      case 'unit_ended':
        this.#ended(context.unit(message.unit));
        return;
      case 'process_started':
        this.#processStarted(message.key);
        return;
      case 'process_exited': {
        const process = context.processes.get(message.key);
        if (process !== undefined) this.#processExited(process);
        if (process?.inputGet !== null && process?.inputGet !== undefined) context.cancelRequest(process.inputGet);
        abandonOutput(context, message.key);
        return;
      }
      case 'abandon_output':
        abandonOutput(context, message.key);
        return;
      case 'process_done':
        this.#processDone(message.key);
        return;
      case 'advance': {
        const machine = context.machines.get(message.machine);
        if (machine === undefined) return;
        context.touched.add(machine.instance);
        advanceMachine(context, machine, executeStep, fetchItem);
        return;
      }
      case 'machine_done':
        this.#machineDone(message.machine, message.end);
        return;
      case 'restart_unit':
        this.#restart(context.unit(message.unit), message.why);
        return;
      case 'fill_pool':
        fillPool(context, context.pool(message.pool));
        return;
      case 'task_held': {
        const pool = context.pool(message.pool);
        const task = pool.tasks.get(message.task);
        if (task !== undefined) taskHeld(context, pool, task);
        return;
      }
      case 'pool_closed':
        poolClosed(context, context.pool(message.pool));
        return;
      case 'stop_unit':
        stopUnit(context, context.unit(message.unit), message.why, message.kill);
        return;
      case 'shutdown':
        stopRun(context, { type: 'shutdown', code: message.code, why: message.why });
        context.runChanged = true;
        return;
      default:
        unreachable(message);
    }
  }

  /** Lines of long-lived workers were read. */
  answersRead(read: readonly ReadAnswers[]): void {
    const context = this.#context;
    const pools = new Set<string>();
    for (const { key, answers, isLast } of read) {
      const purpose = context.processes.get(key)?.purpose;
      if (purpose?.type !== 'worker') continue;
      const pool = context.pool(purpose.pool);
      const worker = memberOf(pool, purpose.slot);
      answersRead(context, pool, worker, answers, isLast === true);
      if (isLast === true) dismissWorker(context, pool, worker);
      pools.add(pool.name);
    }
    for (const pool of pools) context.post({ type: 'fill_pool', pool });
  }

  #machineDone(id: string, end: MachineEnd): void {
    const context = this.#context;
    const machine = context.machines.get(id);
    if (machine === undefined) return;
    context.watching.delete(machine.id);
    if (machine.purpose.type === 'instance') {
      machineEnded(context, context.instance(machine.purpose.instance), end);
      return;
    }
    const pool = context.pool(machine.purpose.pool);
    const task = pool.tasks.get(machine.purpose.task);
    if (task !== undefined) taskMachineEnded(context, pool, task, end);
  }

  #restart(unit: Unit, why: string): void {
    const context = this.#context;
    if (unit.type === 'pool' || startsNothingAsked(context)) return;
    if (unit.phase === 'ended') context.startUnits([unit.name]);
    else restartInstance(context, unit, why);
  }

  #processStarted(key: number): void {
    const context = this.#context;
    const process = context.processes.get(key);
    if (process?.purpose.type === 'main') commandStarted(context, context.instance(process.purpose.instance), process);
    if (process?.purpose.type === 'worker') {
      const pool = context.pool(process.purpose.pool);
      workerStarted(context, pool, memberOf(pool, process.purpose.slot));
    }
    if (process?.purpose.type !== 'task') return;
    const task = context.pool(process.purpose.pool).tasks.get(process.purpose.task);
    if (task !== undefined) taskCommandStarted(context, task);
  }

  /** Nothing that comes after the end of its leader is charged to its time. */
  #processExited(process: ProcessState): void {
    const context = this.#context;
    const { purpose } = process;
    if (purpose.type === 'main') commandExited(context, context.instance(purpose.instance), process);
    const timed = purpose.type === 'step' ? context.machines.get(purpose.machine) : undefined;
    if (timed?.timer !== undefined && timed.timer !== null) timed.timer.armed = false;
    if (purpose.type === 'worker') {
      const pool = context.pool(purpose.pool);
      workerExited(pool, memberOf(pool, purpose.slot));
    }
    if (purpose.type !== 'task') return;
    const task = context.pool(purpose.pool).tasks.get(purpose.task);
    if (task !== undefined) taskCommandExited(context, context.pool(purpose.pool), task, process);
  }

  #startWaitsOver(unit: Unit): void {
    // It may have been stopped in between, and then it is over.
    if (unit.phase !== 'barriers' || unit.stopWhy !== null) return;
    if (unit.type === 'pool') startPool(this.#context, unit);
    else takeHolds(this.#context, unit);
  }

  #begin(unit: Unit): void {
    if (unit.type === 'pool') beginPool(this.#context, unit);
    else beginInstance(this.#context, unit);
    limitBegun(this.#context, unit);
    this.#lookAtDependencies(unit, 'begun');
    if (unit.phase !== 'dependencies') return;
    for (const dependency of unit.plan.dependsOn) {
      const waiters = this.#waiters.get(dependency);
      if (waiters === undefined) this.#waiters.set(dependency, new Set([unit]));
      else waiters.add(unit);
    }
  }

  /** Whoever waits for something else as well is looked at again when that has come to its moment. */
  #lookAtDependents(changed: Unit): void {
    const context = this.#context;
    context.statuses.clear();
    context.statusesAtBegin.clear();
    for (const dependency of context.dependents.on(changed.name)) {
      const waiters = this.#waiters.get(dependency);
      if (waiters === undefined || waiters.size === 0) continue;
      if (dependencyStatus(context, this.#index, dependency, changed) === 'pending') continue;
      for (const unit of waiters) {
        this.#lookAtDependencies(unit, changed);
        if (unit.phase !== 'dependencies') waiters.delete(unit);
      }
    }
  }

  #lookAtDependencies(unit: Unit, changed: Unit | 'begun' | null): void {
    const refusal = continueDependencies(this.#context, this.#index, unit, changed);
    if (refusal === null) return;
    if (unit.type === 'pool') refusePool(this.#context, unit, refusal);
    else refuseStart(this.#context, unit, refusal);
  }

  #processDone(key: number): void {
    const context = this.#context;
    const process = context.processes.get(key);
    if (process === undefined) return;
    context.processes.delete(key);
    warnOfDroppedLines(context, process);
    switch (process.purpose.type) {
      case 'main':
        commandDone(context, context.instance(process.purpose.instance), process);
        return;
      case 'step': {
        const machine = context.machines.get(process.purpose.machine);
        if (machine === undefined) return;
        runStepDone(context, machine, process);
        context.post({ type: 'advance', machine: machine.id });
        return;
      }
      case 'task': {
        const pool = context.pool(process.purpose.pool);
        const task = pool.tasks.get(process.purpose.task);
        if (task !== undefined) taskCommandDone(context, pool, task, process);
        return;
      }
      case 'worker':
      case 'initializer': {
        const pool = context.pool(process.purpose.pool);
        workerProcessDone(context, pool, memberOf(pool, process.purpose.slot), process);
        return;
      }
      case 'stop_command':
        stopCommandOver(context, process.purpose.target);
        context.runChanged = true;
        return;
      default:
        unreachable(process.purpose);
    }
  }

  #moment(unit: Unit, moment: Moment): void {
    this.#context.changedActors.add(unit.name);
    this.#setEvents(unit, moment);
    this.#lookAtDependents(unit);
  }

  #ended(unit: Unit): void {
    const context = this.#context;
    // It may have been the last that could end somebody's wait.
    context.waitsChanged = true;
    for (const moment of ['success', 'failure', 'exit'] as const) this.#setEvents(unit, moment);
    context.run.justEnded.push(unit);
    if (unit.end?.failsRun === true) unitFailed(context, unit, unit.end.why);
    this.#lookAtDependents(unit);
    context.runChanged = true;
  }

  /** `sets`: a moment of several instances is one of all of them. */
  #setEvents(unit: Unit, moment: Moment): void {
    const context = this.#context;
    for (const sets of unit.plan.sets) {
      if (sets.moment !== moment || !this.#hasCome(unit, moment)) continue;
      for (const name of sets.events) {
        context.tell(unit.name, { verb: 'set', name });
      }
    }
  }

  #hasCome(unit: Unit, moment: Moment): boolean {
    const siblings: readonly Unit[] = unit.type === 'pool' ? [unit] : this.#context.instancesOfProcess(unit.plan.process);
    // Whoever was seen not to be there yet usually still is not: no walk over thousands at every moment.
    const key = `${moment}:${unit.type === 'pool' ? unit.name : unit.plan.process}`;
    const missing = findFrom(siblings, this.#late.get(key) ?? 0, (one) => !isAt(one, moment));
    this.#late.set(key, Math.max(missing, 0));
    if (missing >= 0) return false;
    return moment !== 'failure' || siblings.some((one) => one.end?.state === 'failed');
  }
}

function memberOf(pool: PoolState, slot: number): WorkerState {
  return present(workerOf(pool, slot), `\`${pool.name}\` has no slot ${slot}`);
}

/** `failure` of one is its end; which end it was is asked of all of them together. */
function isAt(one: Unit, moment: Moment): boolean {
  switch (moment) {
    case 'start':
      return one.hasStarted;
    case 'ready':
      return one.isReady;
    case 'success':
      return one.end?.state === 'succeeded';
    case 'failure':
    case 'exit':
      return one.end !== null;
  }
}
