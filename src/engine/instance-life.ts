/*
 * The life of one instance: waits → holds → start → body → exit, and round again from the holds when it
 * is restarted. An attempt ends once; the first cause of its end is kept. Between two attempts nothing
 * is held.
 */
import type { Demand, Outcome } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import { runSlots } from './engine-options.ts';
import { renewInstance } from './instance-state.ts';
import { killProcess, startProcess, stopProcess } from './process-life.ts';
import type { ProcessState } from './process-state.ts';
import { beginProbes, endProbes } from './probes.ts';
import { restartVerdict } from './restart.ts';
import type { EndReason } from './run-event.ts';
import { emptyScope } from './scope.ts';
import { argvOf, instanceEnvironment, streamsOf } from './spawn-order.ts';
import { holdReasons } from './step-execute.ts';
import { createMachine } from './step-machine.ts';
import { describeExit, stopMachine } from './step-outcome.ts';
import type { MachineEnd } from './machine-state.ts';
import { beginStartWaits, cancelStartWaits, type StartRefusal } from './start-waits.ts';
import type { InstanceState, UnitEnd } from './unit-state.ts';

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

/** What one attempt holds: its own, and a slot of `max_parallel` for a command that is no daemon. */
function demandsOf(context: Context, state: InstanceState): readonly Demand[] {
  const takesSlot =
    context.plan.maxParallel !== null && state.plan.kind !== 'daemon' && state.plan.body.type === 'command';
  return takesSlot ? [{ name: runSlots, permits: 1 }, ...state.plan.holds] : state.plan.holds;
}

/** The waits are over, or the backoff is: takes its holds in one step, then starts. */
export function takeHolds(context: Context, state: InstanceState): void {
  const demands = demandsOf(context, state);
  if (demands.length === 0) {
    launch(context, state);
    return;
  }
  state.phase = 'holds';
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
    state.tokens = Object.fromEntries(names.map((name) => [name, outcome.tokens[name] ?? 0]));
    if (names.length > 0) {
      context.report({
        type: 'instance.granted',
        instance: state.name,
        holds: names,
        ownerDied: outcome.ownerDied.filter((name) => name !== runSlots),
      });
    }
    launch(context, state);
  } else if (outcome.status === 'failed') {
    endAttempt(context, state, 'failure', 'failed_to_start', 'what it wants to hold can never be had', null, null);
  }
}

function launch(context: Context, state: InstanceState): void {
  state.attempt += 1;
  state.cause = null;
  state.phase = 'starting';
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
  const argv = argvOf(context, emptyScope, body.command);
  const environment = instanceEnvironment(context, state, emptyScope, null);
  const streams = streamsOf(context, emptyScope, state.plan);
  if (!argv.ok || !environment.ok || !streams.ok) {
    const why = !argv.ok ? argv.error : !environment.ok ? environment.error : !streams.ok ? streams.error : '';
    endAttempt(context, state, 'failure', 'failed_to_start', why, null, null);
    return;
  }
  state.process = startProcess(
    context,
    {
      instance: state.name,
      argv: argv.value,
      workingDir: state.plan.workingDir,
      environment: environment.value,
      ...streams.value,
      collect: false,
      tty: state.plan.tty,
      maxLineBytes: state.plan.log.maxLineBytes,
    },
    { type: 'main', instance: state.name },
    state.plan.stop,
  );
}

/** Its command was started. */
export function commandStarted(context: Context, state: InstanceState, process: ProcessState): void {
  hasStarted(context, state, process.pid);
  if (state.stopWhy === null) beginProbes(context, state);
}

function hasStarted(context: Context, state: InstanceState, pid: number | null): void {
  state.phase = 'running';
  state.pid = pid;
  state.hasStarted = true;
  state.firstStartedMs ??= context.nowMs;
  if (state.plan.timeoutMs !== null) {
    state.attemptTimer = context.timers.arm(context.nowMs + state.plan.timeoutMs, {
      type: 'attempt_timeout',
      instance: state.name,
    });
  }
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
  const clean = process.exit?.code === 0;
  const feedsQueue = state.plan.stdout.type === 'queue' || state.plan.stderr.type === 'queue';
  if (clean || feedsQueue) releaseHolds(context, state);
  // Lines that are still on their way into a queue are put by this owner.
  if (!feedsQueue) ownerEnded(context, state.name, false);
}

function releaseHolds(context: Context, state: InstanceState): void {
  const demands = demandsOf(context, state);
  if (demands.length === 0) return;
  context.request(state.name, { verb: 'release', demands }, context.nowMs, { type: 'none' });
  context.holdings.released(state.name, demands);
}

/** Everything that it holds is released in one step. */
function ownerEnded(context: Context, instance: string, final: boolean): void {
  context.holdings.ownerEnded(instance);
  context.effect({ type: 'owner_ended', instance, final });
}

/** The command of an attempt is over and all of its output was delivered. */
export function commandDone(context: Context, state: InstanceState, process: ProcessState): void {
  state.process = null;
  const { exit, failure, stopping } = process;
  const exitcode = exit?.code ?? null;
  const signal = exit?.signal ?? null;
  if (failure !== null) {
    endAttempt(context, state, 'failure', 'failed_to_start', failure.message, failure.exitCode, null);
  } else if (state.cause !== null) {
    endAttempt(context, state, 'failure', state.cause.reason, state.cause.why, exitcode, signal);
  } else if (stopping !== null) {
    const outcome = stopping.cause === 'stopped' ? 'stopped' : 'failure';
    endAttempt(context, state, outcome, reasonOf(stopping.cause), stopping.why, exitcode, signal);
  } else if (isSuccess(context, state, exitcode, signal)) {
    endAttempt(context, state, 'success', signal === null ? 'exited' : 'signalled', describeExit('it', exitcode, signal), exitcode, signal);
  } else {
    endAttempt(context, state, 'failure', signal === null ? 'exited' : 'signalled', describeExit('it', exitcode, signal), exitcode, signal);
  }
}

function reasonOf(cause: NonNullable<ProcessState['stopping']>['cause']): EndReason {
  return cause;
}

function isSuccess(context: Context, state: InstanceState, code: number | null, signal: string | null): boolean {
  if (code !== null) return code === 0 || state.plan.successExitCodes.includes(code);
  // A shell counts only the last command of a pipe, unless pipefail is set.
  return (
    signal === 'SIGPIPE' && context.plan.stdioPipes.some((pipe) => pipe.from === state.name && !pipe.pipefail)
  );
}

/** Its steps have come to their end. */
export function machineEnded(context: Context, state: InstanceState, end: MachineEnd): void {
  if (state.machine !== null) context.machines.delete(state.machine);
  state.machine = null;
  disarmAttempt(state);
  endProbes(context, state);
  if (end.type === 'done' || (end.type === 'exit' && end.code === 0)) releaseHolds(context, state);
  if (state.cause !== null) {
    endAttempt(context, state, 'failure', state.cause.reason, state.cause.why, 1, null);
    return;
  }
  switch (end.type) {
    case 'done':
      endAttempt(context, state, 'success', 'exited', 'its last step was done', 0, null);
      return;
    case 'exit': {
      const good = isSuccess(context, state, end.code, null);
      endAttempt(context, state, good ? 'success' : 'failure', 'exited', describeExit('it', end.code, null), end.code, null);
      return;
    }
    case 'failed':
      endAttempt(context, state, 'failure', 'step_failed', end.why, 1, null);
      return;
    case 'stopped':
      endAttempt(context, state, 'stopped', 'stopped', state.stopWhy ?? 'it was stopped', null, null);
      return;
  }
}

function endAttempt(
  context: Context,
  state: InstanceState,
  outcome: 'success' | 'failure' | 'stopped',
  reason: EndReason,
  why: string,
  code: number | null,
  signal: string | null,
): void {
  disarmAttempt(state);
  endProbes(context, state);
  ownerEnded(context, state.name, false);
  state.tokens = {};
  const exitcode = signal === null ? code : -context.options.signalNumber(signal);
  const stopped = outcome === 'stopped' || state.stopWhy !== null;
  let finalWhy = why;
  if (!stopped) {
    const verdict = restartVerdict(state.plan, outcome, state.restartTimesMs, context.nowMs, context.options.random);
    if (verdict.type === 'restart') {
      backOff(context, state, verdict.delayMs, verdict.recentMs, why);
      return;
    }
    if (verdict.type === 'give_up') finalWhy = `${why}; ${verdict.why}`;
    if (verdict.type === 'give_up' && outcome === 'success') {
      endInstance(context, state, { state: 'failed', reason, why: finalWhy, exitcode, signal, failsRun: !state.plan.allowFailure });
      return;
    }
  }
  // An outcome of its own that was there before the request to stop stays what it was.
  const own = stopped && outcome !== 'stopped' && reason === 'exited' && outcome === 'success';
  const endState = own || (!stopped && outcome === 'success') ? 'succeeded' : stopped ? 'stopped' : 'failed';
  endInstance(context, state, {
    state: endState,
    reason: endState === 'stopped' ? 'stopped' : reason,
    why: endState === 'stopped' ? (state.stopWhy ?? finalWhy) : finalWhy,
    exitcode,
    signal,
    failsRun: endState === 'failed' && !state.plan.allowFailure,
  });
}

function backOff(context: Context, state: InstanceState, delayMs: number, recentMs: readonly number[], why: string): void {
  state.phase = 'backoff';
  state.restartTimesMs = [...recentMs];
  context.actorsChanged = true;
  state.backoffTimer = context.timers.arm(context.nowMs + delayMs, { type: 'backoff', instance: state.name });
  context.touched.add(state.name);
  state.waits = [{ kind: 'backoff', name: describeDuration(delayMs), detail: null, by: [] }];
  context.report({
    type: 'instance.restarting',
    instance: state.name,
    attempt: state.attempt + 1,
    delayMs,
    why,
  });
}

/** The backoff is over: a new attempt begins at its holds. */
export function backoffOver(context: Context, state: InstanceState): void {
  if (state.phase !== 'backoff') return;
  state.backoffTimer = null;
  state.waits = [];
  takeHolds(context, state);
}

/** Ends it for good, whatever it is doing; `kill` leaves out the grace period. */
export function stopInstance(context: Context, state: InstanceState, why: string, kill: boolean): void {
  if (state.phase === 'ended') return;
  state.stopWhy ??= why;
  context.actorsChanged = true;
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
    exitcode: null,
    signal: null,
    failsRun: false,
  });
}

function disarmAttempt(state: InstanceState): void {
  if (state.attemptTimer !== null) state.attemptTimer.armed = false;
  state.attemptTimer = null;
}

function endInstance(context: Context, state: InstanceState, end: UnitEnd): void {
  state.phase = 'ended';
  state.end = end;
  state.waits = [];
  context.actorsChanged = true;
  ownerEnded(context, state.name, true);
  context.effect({ type: 'close_instance', instance: state.name });
  context.report({
    type: 'instance.ended',
    instance: state.name,
    state: end.state,
    reason: end.reason,
    exitcode: end.exitcode,
    signal: end.signal,
    durationMs: state.firstStartedMs === null ? null : context.nowMs - state.firstStartedMs,
    attempts: state.attempt,
    why: end.why,
    allowed: end.state === 'failed' && state.plan.allowFailure,
  });
  context.post({ type: 'unit_ended', unit: state.name });
}
