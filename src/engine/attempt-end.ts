/*
 * The end of an attempt, and what follows from it: another attempt after a backoff, or the end for good.
 * The first cause is kept: what we stopped is stopped, whatever code it then gave.
 */
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import { enterPhase } from './enter-phase.ts';
import type { MachineEnd } from './machine-state.ts';
import type { ProcessState } from './process-state.ts';
import { endProbes } from './probes.ts';
import { releaseHolds, releaseEverything } from './release-holds.ts';
import { restartVerdict } from './restart.ts';
import type { EndReason } from './run-event.ts';
import { describeExit, describeLoss } from './step-outcome.ts';
import { startsNothingNew } from './stop-order.ts';
import type { InstanceState, UnitEnd } from './unit-state.ts';

/** How one attempt ended, before anybody has decided what follows. */
export interface AttemptEnd {
  readonly outcome: 'success' | 'failure' | 'stopped';
  readonly reason: EndReason;
  readonly why: string;
  /** What would mend it, where that is known. */
  readonly hint?: string | null;
  readonly code: number | null;
  readonly signal: string | null;
}

/** An attempt that never got as far as a process. */
export function failedToStart(why: string): AttemptEnd {
  return { outcome: 'failure', reason: 'failed_to_start', why, code: null, signal: null };
}

/** The command of an attempt is over and all of its output was delivered. */
export function commandDone(context: Context, state: InstanceState, process: ProcessState): void {
  state.process = null;
  endAttempt(context, state, attemptOf(context, state, process));
}

function attemptOf(context: Context, state: InstanceState, process: ProcessState): AttemptEnd {
  const { exit, failure, stopping } = process;
  const code = exit?.code ?? null;
  const signal = exit?.signal ?? null;
  if (failure !== null) return { ...failedToStart(failure.message), hint: failure.hint, code: failure.exitCode };
  if (state.cause !== null) return { outcome: 'failure', ...state.cause, code, signal };
  if (stopping !== null) {
    const outcome = stopping.cause === 'stopped' ? 'stopped' : 'failure';
    return { outcome, reason: stopping.cause, why: stopping.why, code, signal };
  }
  if (exit?.isLost === true) return { outcome: 'failure', reason: 'lost', why: describeLoss('it'), code, signal };
  return {
    outcome: isSuccess(context, state, code, signal) ? 'success' : 'failure',
    reason: signal === null ? 'exited' : 'signalled',
    why: describeExit('it', code, signal),
    code,
    signal,
  };
}

function isSuccess(context: Context, state: InstanceState, code: number | null, signal: string | null): boolean {
  if (code !== null && state.plan.successExitCodes.includes(code)) return true;
  // A shell counts only the last command of a pipe, unless pipefail is set.
  return (
    diedOfClosedPipe(context, state, code, signal) &&
    context.plan.stdioPipes.some((pipe) => pipe.from === state.name && !pipe.pipefail)
  );
}

/** By SIGPIPE itself, or by a shell's word for it: 128 + its number. */
function diedOfClosedPipe(context: Context, state: InstanceState, code: number | null, signal: string | null): boolean {
  if (signal !== null) return signal === 'SIGPIPE';
  const { body } = state.plan;
  const isShell = body.type === 'command' && body.command.type === 'shell';
  return isShell && code === 128 + context.options.signalNumber('SIGPIPE');
}

/** Its steps have come to their end. */
export function machineEnded(context: Context, state: InstanceState, end: MachineEnd): void {
  if (state.machine !== null) context.machines.delete(state.machine);
  state.machine = null;
  const isClean = end.type === 'done' || (end.type === 'exit' && state.plan.successExitCodes.includes(end.code));
  if (isClean) releaseHolds(context, state);
  endAttempt(context, state, machineAttemptOf(context, state, end));
}

function machineAttemptOf(context: Context, state: InstanceState, end: MachineEnd): AttemptEnd {
  if (state.cause !== null) return { outcome: 'failure', ...state.cause, code: 1, signal: null };
  switch (end.type) {
    case 'done':
      return { outcome: 'success', reason: 'exited', why: 'its last step was done', code: 0, signal: null };
    case 'exit':
      return {
        outcome: isSuccess(context, state, end.code, null) ? 'success' : 'failure',
        reason: 'exited',
        why: describeExit('it', end.code, null),
        code: end.code,
        signal: null,
      };
    case 'failed':
      return { outcome: 'failure', reason: 'step_failed', why: end.why, code: 1, signal: null };
    case 'stopped':
      return { outcome: 'stopped', reason: 'stopped', why: state.stopWhy ?? context.run.cause?.why ?? 'it was stopped', code: null, signal: null };
  }
}

/** Ends an attempt: everything it holds is released, then it is restarted or over. */
export function endAttempt(context: Context, state: InstanceState, attempt: AttemptEnd): void {
  disarmAttempt(state);
  endProbes(context, state);
  releaseEverything(context, state.name, false);
  state.tokens = {};
  state.lastExit = exitOf(context, attempt);
  const { restartWhy } = state;
  state.restartWhy = null;
  if (restartWhy !== null && state.stopWhy === null && !startsNothingNew(context, state.plan.kind)) {
    backOff(context, state, 0, state.restartTimesMs, restartWhy);
    return;
  }
  if (attempt.outcome === 'stopped') {
    finish(context, state, attempt, 'stopped', state.stopWhy ?? attempt.why);
    return;
  }
  // An end of its own that was there before the request to stop stays what it was.
  if (state.stopWhy !== null || startsNothingNew(context, state.plan.kind)) {
    finish(context, state, attempt, attempt.outcome === 'success' ? 'succeeded' : 'failed', attempt.why);
    return;
  }
  const verdict = restartVerdict(state.plan, attempt.outcome, state.restartTimesMs, context.nowMs, context.options.random);
  switch (verdict.type) {
    case 'restart':
      backOff(context, state, verdict.delayMs, verdict.recentMs, attempt.why);
      return;
    case 'give_up':
      finish(context, state, attempt, 'failed', `${attempt.why}; ${verdict.why}`);
      return;
    case 'end':
      finish(context, state, attempt, attempt.outcome === 'success' ? 'succeeded' : 'failed', attempt.why);
      return;
  }
}

function finish(
  context: Context,
  state: InstanceState,
  { reason, hint, code, signal }: AttemptEnd,
  end: 'succeeded' | 'failed' | 'stopped',
  why: string,
): void {
  endInstance(context, state, {
    state: end,
    reason: end === 'stopped' ? 'stopped' : reason,
    why,
    hint: hint ?? null,
    ...exitOf(context, { code, signal }),
    failsRun: end === 'failed' && !state.plan.allowFailure,
  });
}

/** The end of a process as Python tells it: N, or -N when signal N ended it. */
function exitOf(context: Context, { code, signal }: Pick<AttemptEnd, 'code' | 'signal'>): Pick<UnitEnd, 'exitcode' | 'signal'> {
  return { exitcode: signal === null ? code : -context.options.signalNumber(signal), signal };
}

function backOff(context: Context, state: InstanceState, delayMs: number, recentMs: readonly number[], why: string): void {
  enterPhase(context, state, 'backoff');
  state.restartTimesMs = [...recentMs];
  context.changedActors.add(state.name);
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

/** The running time of the attempt no longer counts. */
export function disarmAttempt(state: InstanceState): void {
  if (state.attemptTimer !== null) state.attemptTimer.armed = false;
  state.attemptTimer = null;
}

/** Ends an instance for good. */
export function endInstance(context: Context, state: InstanceState, end: UnitEnd): void {
  enterPhase(context, state, 'ended');
  state.end = end;
  state.waits = [];
  context.changedActors.add(state.name);
  releaseEverything(context, state.name, true);
  context.effect({ type: 'close_instance', instance: state.name });
  context.report({
    type: 'instance.ended',
    instance: state.name,
    state: end.state,
    reason: end.reason,
    exitcode: end.exitcode,
    signal: end.signal,
    shellCode: end.signal === null || end.exitcode === null ? end.exitcode : 128 - end.exitcode,
    durationMs: state.firstStartedMs === null ? null : context.nowMs - state.firstStartedMs,
    attempts: state.attempt,
    why: end.why,
    hint: end.hint ?? null,
    allowed: end.state === 'failed' && state.plan.allowFailure,
  });
  context.post({ type: 'unit_ended', unit: state.name });
}
