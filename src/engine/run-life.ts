/*
 * The life of the run as a whole: processes and pools, then `finally`, then the end of the daemons; and
 * the ladder that signals climb (language page, "The ladder"). The first cause of an early end is kept.
 */
import type { Dependency, InstancePlan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { describeSignal } from './describe-signal.ts';
import { describeDuration } from './describe-duration.ts';
import type { HeardSignal } from './engine-event.ts';
import { findFrom } from './find-from.ts';
import { stopInstance } from './instance-life.ts';
import { unitsOf } from './moments.ts';
import { stopPool } from './pool-life.ts';
import { killProcess } from './process-life.ts';
import type { RunCause } from './run-state.ts';
import { runEnd } from './run-end.ts';
import { isUnderWay, stageOf } from './stop-order.ts';
import type { Unit } from './unit-state.ts';

/** For stopping a whole run, unless a grace period is longer; in ms. */
const stopBudgetMs = 7000;
/** What everything has left after the second signal, in ms. */
const lastBudgetMs = 1000;
/** Two signals closer together than this are one, in ms. */
const signalGapMs = 250;
/** What a process of `finally` has after a signal, unless it declares a timeout; in ms. */
const finallyAfterSignalMs = 30_000;

/** Begins the run. */
export function beginRun(context: Context): void {
  const { timeoutMs } = context.plan;
  if (timeoutMs !== null) context.timers.arm(context.nowMs + timeoutMs, { type: 'run_timeout' });
  for (const unit of context.allUnits()) {
    if (stageOf(unit) !== 'finally' && unit.plan.autostart) context.post({ type: 'begin_unit', unit: unit.name });
  }
}

/** Something that counts has failed. */
export function unitFailed(context: Context, unit: Unit, why: string): void {
  const { run } = context;
  const sentence = `\`${unit.name}\` ${verbOf(unit)}: ${why}`;
  run.firstFailure ??= sentence;
  if (context.plan.onFailure === 'stop' && run.phase === 'main') {
    stopRun(context, { type: 'failure', why: sentence });
  }
}

function verbOf(unit: Unit): string {
  return unit.end?.state === 'skipped' ? 'was skipped' : 'failed';
}

/** Ends the run early: nothing new starts, waits are cancelled, what runs is stopped in order. */
export function stopRun(context: Context, cause: RunCause): void {
  const { run } = context;
  run.cause ??= cause;
  context.changedActors.addAll();
  if (run.phase !== 'main') return;
  run.phase = 'stopping';
  // Where only daemons are left, nobody ends who would say so.
  context.runChanged = true;
  run.stopBeganMs ??= context.nowMs;
  context.report({ type: 'run.stopping', cause: cause.type, why: cause.why });
  armBudget(context);
  // A pool that is needed by others is stopped after them, but starts no more tasks.
  for (const pool of context.pools.values()) context.post({ type: 'fill_pool', pool: pool.name });
  stopWaiting(context, 'process', cause.why);
  stopStage(context, 'process', cause.why);
}

function armBudget(context: Context): void {
  const { run } = context;
  if (run.budgetTimer !== null) run.budgetTimer.armed = false;
  const longestMs = Math.max(stopBudgetMs, ...context.allUnits().map((unit) => unit.plan.stop.graceMs));
  const dueMs = Math.min(run.hardDeadlineMs, (run.stopBeganMs ?? context.nowMs) + longestMs + run.finallyMs);
  run.budgetTimer = context.timers.arm(Math.max(dueMs, context.nowMs), { type: 'stop_budget' });
}

/** What has not started is over at once. */
function stopWaiting(context: Context, stage: 'process' | 'daemon', why: string): void {
  for (const unit of context.allUnits()) {
    const isHere = stageOf(unit) === stage || (stage === 'process' && stageOf(unit) === 'daemon' && unit.phase !== 'ended');
    if (isHere && !isUnderWay(unit) && unit.phase !== 'idle') stopUnit(context, unit, why, false);
  }
}

/** Stops whatever nobody alive of its kind depends on; called again at every end. */
function stopStage(context: Context, stage: 'process' | 'daemon', why: string): void {
  const { run } = context;
  const sweep = `${run.phase} ${stage}`;
  // At first all of them; later only what something that has ended depended on.
  const candidates = run.swept === sweep ? freedBy(context, stage, run.justEnded) : context.unitsOf(stage);
  run.swept = sweep;
  for (const unit of candidates) {
    if (!isOpen(unit) || unit.stopWhy !== null) continue;
    const isNeeded = context.dependents.on(unit.name).some((dependency) => isHeld(context, stage, dependency));
    if (!isNeeded) stopUnit(context, unit, why, false);
  }
}

/** Somebody alive of this kind has the dependency. */
function isHeld(context: Context, stage: 'process' | 'daemon', dependency: Dependency): boolean {
  return context.dependents.some(dependency, (name) => {
    const dependent = context.unit(name);
    return stageOf(dependent) === stage && isOpen(dependent);
  });
}

/** What nobody needs any more, as far as the ends of these decide it. */
function freedBy(context: Context, stage: 'process' | 'daemon', ended: readonly Unit[]): readonly Unit[] {
  const dependencies = new Set(ended.flatMap((unit) => unit.plan.dependsOn));
  return [...dependencies]
    .filter((dependency) => !isHeld(context, stage, dependency))
    .flatMap((dependency) => unitsOf(context, dependency))
    .filter((unit) => stageOf(unit) === stage);
}

/** Stops one instance or pool for good. */
export function stopUnit(context: Context, unit: Unit, why: string, kill: boolean): void {
  if (unit.type === 'pool') stopPool(context, unit, why, kill);
  else stopInstance(context, unit, why, kill);
}

/** Looks whether the run can go on to its next phase; called after every end. */
export function continueRun(context: Context): void {
  lookAtPhase(context);
  context.run.justEnded.length = 0;
}

function lookAtPhase(context: Context): void {
  const { run } = context;
  if (run.phase === 'stopping') stopStage(context, 'process', run.cause?.why ?? '');
  if (run.phase === 'main' || run.phase === 'stopping') {
    if (!mainIsOver(context)) return;
    beginFinally(context);
  }
  if (run.phase === 'finally') {
    if (findOpen(context, 'finally', isToCome) !== null) return;
    skipIdle(context, 'finally');
    beginDaemonStop(context);
  }
  if (run.phase === 'daemons') {
    // Processes once more: a `start` step of `finally` may have begun one.
    for (const stage of ['process', 'daemon'] as const) {
      if (run.isOver.has(stage)) continue;
      stopStage(context, stage, run.cause?.why ?? 'the run is over');
      if (findOpen(context, stage, isOpen) !== null) return;
      run.isOver.add(stage);
    }
    if (context.processes.size > 0) return;
    if (context.hasMessages) {
      context.runChanged = true;
      return;
    }
    run.phase = 'over';
    const end = runEnd(context);
    context.effect({ type: 'finish', end });
  }
}

/** It lives, or is on its way to. */
function isOpen(unit: Unit): boolean {
  return unit.phase !== 'ended' && unit.phase !== 'idle';
}

/** It lives, or begins by itself: what waits to be started by somebody keeps no run. */
function isToCome(unit: Unit): boolean {
  return isOpen(unit) || (unit.phase === 'idle' && unit.plan.autostart);
}

/** The last one that was seen open usually still is: no walk over thousands at every end. */
function findOpen(context: Context, kind: InstancePlan['kind'], fits: (unit: Unit) => boolean): Unit | null {
  const units = context.unitsOf(kind);
  const place = findFrom(units, context.run.open.get(kind) ?? 0, fits);
  context.run.open.set(kind, Math.max(place, 0));
  return units[place] ?? null;
}

function mainIsOver(context: Context): boolean {
  if (findOpen(context, 'process', isOpen) !== null) return false;
  // A run that has only daemons lasts until it is stopped, or until none of them is left.
  if (context.run.cause !== null || findOpen(context, 'daemon', isOpen) === null) return true;
  return context.unitsOf('process').some((unit) => unit.plan.autostart || unit.phase === 'ended');
}

function beginFinally(context: Context): void {
  const { run } = context;
  run.phase = 'finally';
  context.changedActors.addAll();
  run.finallyBeganMs = context.nowMs;
  if (run.budgetTimer !== null) run.budgetTimer.armed = false;
  skipIdle(context, 'process');
  const last = context.instancesOf('finally');
  if (last.length === 0) return;
  context.report({ type: 'run.finally' });
  // Whichever of them is started anew takes the tasks of what runs now.
  for (const { action, name } of context.plan.actors) {
    const pool = action === 'submit' ? context.pools.get(name) : undefined;
    if (pool !== undefined) pool.submitOpen = true;
  }
  for (const state of last) if (state.plan.autostart) context.post({ type: 'begin_unit', unit: state.name });
  if (run.signal !== null) limitFinally(context);
}

/** What was to be started by somebody, and was not, is not started any more. */
function skipIdle(context: Context, kind: 'process' | 'finally'): void {
  for (const unit of context.unitsOf(kind)) {
    if (unit.phase === 'idle') stopUnit(context, unit, 'nobody started it', false);
  }
}

function limitFinally(context: Context): void {
  context.run.isFinallyLimited = true;
  for (const state of context.instancesOf('finally')) limitBegun(context, state);
  // What `finally` has started: it may wait for that.
  for (const unit of context.unitsOf('process')) if (unit.phase !== 'idle' && unit.phase !== 'ended') limitBegun(context, unit);
}

/** Whoever begins when the time of `finally` is over, as a user may have asked, has as long again. */
export function limitBegun(context: Context, unit: Unit): void {
  if (!context.run.isFinallyLimited || stageOf(unit) === 'daemon' || unit.finallyTimer?.armed === true) return;
  if (unit.type === 'instance' && unit.plan.timeoutMs !== null) return;
  unit.finallyTimer = context.timers.arm(context.nowMs + finallyAfterSignalMs, { type: 'finally_timeout', unit: unit.name });
}

/** The time of the whole run is over: what is left of `finally` has as long as after a signal. */
export function runTimedOut(context: Context): void {
  const why = `the run took longer than ${describeDuration(context.plan.timeoutMs ?? 0)}`;
  stopRun(context, { type: 'timeout', why });
  if (context.run.phase === 'finally') limitFinally(context);
}

/** The 30 s after a signal are over for what runs in `finally`. */
export function finallyTimedOut(context: Context, unit: Unit): void {
  const took = `it took longer than ${describeDuration(finallyAfterSignalMs)} after the signal`;
  const why = unit.phase === 'idle' ? 'nobody started it' : took;
  if (unit.type === 'instance' && unit.stopWhy === null) unit.cause ??= { reason: 'timed_out', why };
  stopUnit(context, unit, why, false);
}

function beginDaemonStop(context: Context): void {
  const { run } = context;
  run.phase = 'daemons';
  context.changedActors.addAll();
  if (run.finallyBeganMs !== null) run.finallyMs = context.nowMs - run.finallyBeganMs;
  run.stopBeganMs ??= context.nowMs - run.finallyMs;
  armBudget(context);
  if (run.killing) {
    killEverything(context, run.cause?.why ?? 'the run is over');
    return;
  }
  stopWaiting(context, 'process', run.cause?.why ?? 'the run is over');
}

/** Nobody reads the output of mpctl any more: the run is stopped, as by a signal that stands on no rung. */
function readerGone(context: Context): void {
  const { run } = context;
  if (run.phase !== 'main') return;
  run.signal = 'SIGPIPE';
  reportSignal(context, 'SIGPIPE', 1);
  stopRun(context, { type: 'signal', signal: 'SIGPIPE', why: describeSignal('SIGPIPE') });
}

/** What waited for mpctl in the foreground has ended: the same, and what is in `finally` has its time as after a signal. */
function orphaned(context: Context): void {
  const { run } = context;
  if (run.signal !== null) return;
  // What loses its session gets that one.
  run.signal = 'SIGHUP';
  context.report({ type: 'run.signal', signal: 'SIGHUP', rung: 1, killInMs: null, orphaned: true });
  firstSignal(context, 'SIGHUP', describeSignal('orphaned'));
}

function firstSignal(context: Context, signal: string, why: string): void {
  const { run } = context;
  if (run.phase === 'main') stopRun(context, { type: 'signal', signal, why });
  else run.cause ??= { type: 'signal', signal, why };
  if (run.phase === 'finally') limitFinally(context);
}

/**
 * mpctl was sent a signal: first graceful, second a second left, third now; it dies of the first. SIGPIPE
 * is none of them: a pager or `tee` that the same Ctrl-C ends goes before or after it, and neither makes
 * it a second one, nor is mpctl to die of SIGPIPE then. Nor is the end of what waits for mpctl one, such
 * as npm, which the same SIGTERM may have ended.
 */
export function signalReceived(context: Context, signal: HeardSignal): void {
  const { run } = context;
  if (run.phase === 'over') return;
  if (signal === 'SIGPIPE' || signal === 'orphaned') {
    if (signal === 'SIGPIPE') readerGone(context);
    else orphaned(context);
    return;
  }
  if (signal !== 'SIGQUIT' && context.nowMs - run.lastSignalMs < signalGapMs) return;
  run.lastSignalMs = context.nowMs;
  if (run.signals === 0) run.signal = signal;
  run.signals = signal === 'SIGQUIT' ? 3 : run.signals + 1;
  const why = describeSignal(signal);
  reportSignal(context, signal, run.signals);
  if (run.signals === 1) {
    firstSignal(context, signal, why);
  } else if (run.signals === 2) {
    stopRun(context, { type: 'signal', signal, why });
    killFinally(context, why);
    stopAllAtOnce(context, why);
    run.hardDeadlineMs = context.nowMs + lastBudgetMs;
    armBudget(context);
  } else {
    // Killed before it is stopped: no stop command and no stop signal begins now.
    killEverything(context, why);
    stopRun(context, { type: 'signal', signal, why });
    killFinally(context, why);
  }
}

function reportSignal(context: Context, signal: string, count: number): void {
  if (count === 1) context.report({ type: 'run.signal', signal, rung: 1, killInMs: null });
  else if (count === 2) context.report({ type: 'run.signal', signal, rung: 2, killInMs: lastBudgetMs });
  else context.report({ type: 'run.signal', signal, rung: 3, killInMs: 0 });
}

/** With a second left nothing waits for its turn: whatever has not had its stop signal gets it now. */
function stopAllAtOnce(context: Context, why: string): void {
  for (const unit of context.allUnits()) {
    if (stageOf(unit) !== 'finally' && isOpen(unit) && unit.stopWhy === null) stopUnit(context, unit, why, false);
  }
}

/** After the second signal `finally` is killed, and what has not begun never begins. */
function killFinally(context: Context, why: string): void {
  for (const state of context.instancesOf('finally')) stopUnit(context, state, why, true);
}

/** The time for stopping is over: whatever is left is killed. */
export function budgetOver(context: Context): void {
  if (context.run.phase === 'over' || context.run.phase === 'finally') return;
  killEverything(context, 'the time for stopping the run was over');
}

function killEverything(context: Context, why: string): void {
  context.run.killing = true;
  for (const unit of context.allUnits()) {
    if (unit.phase !== 'ended' && unit.phase !== 'idle') stopUnit(context, unit, why, true);
  }
  for (const key of context.processes.keys()) killProcess(context, key, 'stopped', why);
}
