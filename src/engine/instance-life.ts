/*
 * The life of one instance: waits → holds → start → body → exit, and round again from the holds when it
 * is restarted. An attempt ends once; the first cause of its end is kept. Between two attempts nothing
 * is held.
 */
import type { Outcome } from '../sync/operation.ts';
import { disarmAttempt, endAttempt, endInstance, failedToStart } from './attempt-end.ts';
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import { enterPhase } from './enter-phase.ts';
import { limitsCommands } from './engine-options.ts';
import { renewInstance } from './instance-state.ts';
import { lockTokens } from './lock-tokens.ts';
import { killProcess, startProcess, stopProcess } from './process-life.ts';
import type { ProcessState } from './process-state.ts';
import { beginProbes, endProbes } from './probes.ts';
import { demandsOf, releaseAllButLines, releaseEverything, releaseHolds } from './release-holds.ts';
import { emptyScope } from './scope.ts';
import { completeCommand, instanceEnvironment } from './spawn-order.ts';
import { beginStartWaits, cancelStartWaits, type StartRefusal } from './start-waits.ts';
import { holdReasons } from './hold-reasons.ts';
import { createMachine } from './step-machine.ts';
import { stopMachine } from './step-outcome.ts';
import type { InstanceState } from './unit-state.ts';

/** Begins the life of an instance, for the first time or again after it has ended. */
export function beginInstance(context: Context, state: InstanceState): void {
  if (state.phase === 'ended') renewInstance(state);
  if (state.phase !== 'idle' || state.stopWhy !== null) return;
  beginStartWaits(context, state);
}

/** It can never start, or not in time. */
export function refuseStart(context: Context, state: InstanceState, refusal: StartRefusal): void {
  cancelStartWaits(context, state);
  endInstance(context, state, {
    state: refusal.kind === 'skipped' ? 'skipped' : 'failed',
    reason: refusal.kind,
    why: refusal.why,
    exitcode: null,
    signal: null,
    failsRun: refusal.failsRun && !state.plan.allowFailure,
  });
}

/** The waits are over, or the backoff is: takes its holds in one step, then starts. */
export function takeHolds(context: Context, state: InstanceState): void {
  const demands = demandsOf(context, state);
  if (demands.length === 0) {
    launch(context, state);
    return;
  }
  enterPhase(context, state, 'holds');
  state.waits = holdReasons(context, demands);
  context.touched.add(state.name);
  state.holdRequest = context.request(state.name, { verb: 'acquire', demands }, null, {
    type: 'start_holds',
    instance: state.name,
  });
}

/** The broker's answer to its holds. */
export function holdsSettled(context: Context, state: InstanceState, outcome: Outcome): void {
  state.holdRequest = null;
  state.waits = [];
  context.touched.add(state.name);
  if (outcome.status === 'granted') {
    context.holdings.granted(state.name, demandsOf(context, state));
    const names = state.plan.holds.map((demand) => demand.name);
    state.tokens = lockTokens(context, state.plan.holds, outcome.tokens);
    if (names.length > 0) {
      context.report({
        type: 'instance.granted',
        instance: state.name,
        holds: names,
        ownerDied: outcome.ownerDied.filter((name) => !limitsCommands(name)),
      });
    }
    launch(context, state);
  } else if (outcome.status === 'failed') {
    endAttempt(context, state, failedToStart('what it wants to hold can never be had'));
  }
}

function launch(context: Context, state: InstanceState): void {
  state.attempt += 1;
  state.cause = null;
  // What the last attempt has closed this one has not.
  context.closedBy(state.name).clear();
  enterPhase(context, state, 'starting');
  const { body } = state.plan;
  if (body.type === 'steps') {
    const machine = createMachine(
      context,
      `${state.name}/${state.attempt}`,
      state.name,
      { type: 'instance', instance: state.name },
      body.steps,
    );
    state.machine = machine.id;
    hasStarted(context, state, null);
    beginProbes(context, state);
    context.post({ type: 'advance', machine: machine.id });
    return;
  }
  const environment = instanceEnvironment(context, state, emptyScope, null);
  const command = completeCommand(context, emptyScope, body.command, environment, state.plan);
  if (!command.ok) {
    endAttempt(context, state, failedToStart(command.error));
    return;
  }
  state.process = startProcess(
    context,
    {
      instance: state.name,
      workingDir: state.plan.workingDir,
      ...command.value,
      collect: false,
      jobserver: null,
      tty: state.plan.tty,
      slot: false,
      maxLineBytes: state.plan.log.maxLineBytes,
    },
    { type: 'main', instance: state.name },
    state.plan.stop,
  );
}

/** Its command was started. */
export function commandStarted(context: Context, state: InstanceState, process: ProcessState): void {
  if (state.stopWhy !== null) {
    // It was on its way when it was stopped: its signal reaches it, and nobody is told of a start.
    enterPhase(context, state, 'running');
    state.pid = process.pid;
    state.firstStartedMs ??= context.nowMs;
    return;
  }
  hasStarted(context, state, process.pid);
  beginProbes(context, state);
}

function hasStarted(context: Context, state: InstanceState, pid: number | null): void {
  enterPhase(context, state, 'running');
  state.pid = pid;
  state.hasStarted = true;
  state.firstStartedMs ??= context.nowMs;
  if (state.plan.timeoutMs !== null) state.attemptTimer = context.timers.arm(context.nowMs + state.plan.timeoutMs, { type: 'attempt_timeout', instance: state.name });
  context.report({ type: 'instance.started', instance: state.name, attempt: state.attempt, pid });
  context.post({ type: 'moment', unit: state.name, moment: 'start' });
}

/** The running time of an attempt is over. */
export function attemptTimedOut(context: Context, state: InstanceState): void {
  const why = `it took longer than ${describeDuration(state.plan.timeoutMs ?? 0)}`;
  state.cause ??= { reason: 'timed_out', why };
  if (state.process !== null) stopProcess(context, state.process, 'timed_out', why);
  if (state.machine !== null) stopMachine(context, context.machine(state.machine), why, false);
}

/** The leader has ended: what it holds goes to the next in the same turn, its output may still come. */
export function commandExited(context: Context, state: InstanceState, process: ProcessState): void {
  endProbes(context, state);
  disarmAttempt(state);
  const code = process.exit?.code ?? null;
  const clean = code !== null && state.plan.successExitCodes.includes(code);
  const feedsQueue = state.plan.stdout.type === 'queue' || state.plan.stderr.type === 'queue';
  if (clean) releaseHolds(context, state);
  if (feedsQueue) releaseAllButLines(context, state.name, demandsOf(context, state), clean);
  else releaseEverything(context, state.name, false);
}

/** The backoff is over: a new attempt begins at its holds. */
export function backoffOver(context: Context, state: InstanceState): void {
  if (state.phase !== 'backoff') return;
  state.backoffTimer = null;
  state.waits = [];
  takeHolds(context, state);
}

/** Ends the attempt that is under way, so that the next one begins at once; a backoff is cut short. */
export function restartInstance(context: Context, state: InstanceState, why: string): void {
  if (state.phase === 'backoff') {
    if (state.backoffTimer !== null) state.backoffTimer.armed = false;
    backoffOver(context, state);
    return;
  }
  if (state.phase !== 'running' && state.phase !== 'starting') return;
  state.restartWhy ??= why;
  endLimits(context, state);
  if (state.process !== null) stopProcess(context, state.process, 'stopped', why);
  if (state.machine !== null) stopMachine(context, context.machine(state.machine), why, false);
}

/** It is being stopped: that its time is over or its probes fail meanwhile is not why it ends. */
function endLimits(context: Context, state: InstanceState): void {
  disarmAttempt(state);
  endProbes(context, state);
}

/** Ends it for good, whatever it is doing; `kill` leaves out the grace period. */
export function stopInstance(context: Context, state: InstanceState, why: string, kill: boolean): void {
  if (state.phase === 'ended') return;
  state.stopWhy ??= why;
  context.changedActors.add(state.name);
  endLimits(context, state);
  if (state.process !== null) {
    if (kill) killProcess(context, state.process, 'stopped', why);
    else stopProcess(context, state.process, 'stopped', why);
    return;
  }
  if (state.machine !== null) {
    stopMachine(context, context.machine(state.machine), why, kill);
    return;
  }
  cancelStartWaits(context, state);
  if (state.holdRequest !== null) context.cancelRequest(state.holdRequest);
  state.holdRequest = null;
  if (state.backoffTimer !== null) state.backoffTimer.armed = false;
  state.backoffTimer = null;
  const ran = state.attempt > 0;
  endInstance(context, state, {
    state: ran ? 'stopped' : 'skipped',
    reason: ran ? 'stopped' : 'skipped',
    why,
    // Between two attempts the end of the last one stands, as Python's `exitcode` does.
    exitcode: state.lastExit?.exitcode ?? null,
    signal: state.lastExit?.signal ?? null,
    failsRun: false,
  });
}
