/* What a step waited for has come, failed, or did not come in time. */
import type { Json } from '../base/json.ts';
import type { Step } from '../plan/step.ts';
import type { Demand, Outcome } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { lockTokens } from './lock-tokens.ts';
import { describeFailure } from './describe-failure.ts';
import { describeDuration } from './describe-duration.ts';
import type { Frame, MachineEnd, MachineState } from './machine-state.ts';
import { killProcess, stopProcess } from './process-life.ts';
import type { ProcessState } from './process-state.ts';
import { carryOutStep, lockOf, putNext, stepTimeMs } from './step-execute.ts';
import {
  actorChanged,
  block,
  completeStep,
  currentStep,
  endInnermostLoop,
  endMachine,
  enterFrame,
  enterOnTimeout,
  failFrames,
  failStep,
  passStep,
  unblock,
} from './step-machine.ts';
import { releaseRunSlot, spawnRunStep } from './step-run.ts';

type Granted = Extract<Outcome, { status: 'granted' }>;

/** The broker's answer to the step that the machine stands at. */
export function stepSettled(context: Context, machine: MachineState, requestId: number, outcome: Outcome): void {
  if (machine.blocked?.type !== 'request' || machine.blocked.requestId !== requestId) return;
  const frame = machine.frames.at(-1);
  if (frame === undefined) return;
  unblock(machine);
  if (frame.type === 'each') {
    itemSettled(context, machine, frame, outcome);
    return;
  }
  const step = frame.type === 'sequence' ? frame.steps[frame.index] : undefined;
  if (step === undefined) return;
  // Whatever came of it, the lock of a condition is held again.
  if (step.verb === 'wait' && step.kind === 'condition' && outcome.status !== 'cancelled') {
    context.holdings.granted(machine.instance, lockOf(context, step.name));
  }
  switch (outcome.status) {
    case 'granted':
      granted(context, machine, step, outcome);
      return;
    case 'timed_out':
      timedOut(context, machine, step);
      return;
    case 'cancelled':
      return;
    case 'failed':
      if (outcome.reason === 'end_of_stream' && endInnermostLoop(context, machine)) return;
      if (runsItsTime(context, machine, step, outcome)) return;
      failStep(context, machine, step, describeFailure(step, outcome.reason));
      return;
  }
}

/** The turn of what a step does without the primitives has come, or its time is over before. */
export function stepTurnCame(context: Context, machine: MachineState, requestId: number, outcome: Outcome): void {
  const step = currentStep(machine);
  if (step === null || machine.blocked?.type !== 'request' || machine.blocked.requestId !== requestId) return;
  unblock(machine);
  if (outcome.status === 'granted') carryOutStep(context, machine, step);
  else if (outcome.status === 'timed_out') timedOut(context, machine, step);
}

/** The turn of its end has come. */
export function endTurnCame(context: Context, machine: MachineState, requestId: number, end: MachineEnd): void {
  if (machine.blocked?.type !== 'request' || machine.blocked.requestId !== requestId) return;
  machine.mayEnd = true;
  endMachine(context, machine, end);
}

/** A wait that can no longer come true, but goes on after its time anyway, just runs its time (semantics 4). */
function runsItsTime(
  context: Context,
  machine: MachineState,
  step: Step,
  outcome: Extract<Outcome, { status: 'failed' }>,
): boolean {
  if (outcome.reason !== 'impossible' || step.onTimeout.type !== 'continue' || machine.deadlineMs === null) return false;
  machine.timer = context.timers.arm(machine.deadlineMs, { type: 'step_timeout', machine: machine.id });
  block(context, machine, { type: 'sleep' }, []);
  return true;
}

function granted(context: Context, machine: MachineState, step: Step, outcome: Granted): void {
  switch (step.verb) {
    case 'run':
      spawnRunStep(context, machine, step);
      return;
    case 'with':
      if (step.as !== null) machine.vars.set(step.as, true);
      takeTokens(context, machine, step.demands, outcome);
      reportGrant(context, machine, step.demands.map((demand) => demand.name), outcome);
      enterFrame(context, machine, { type: 'with', step });
      machine.frames.push({ type: 'sequence', steps: step.steps, index: 0 });
      return;
    case 'acquire':
      takeTokens(context, machine, step.demands, outcome);
      reportGrant(context, machine, step.demands.map((demand) => demand.name), outcome);
      completeStep(context, machine, step, true);
      return;
    case 'release':
      context.holdings.released(machine.instance, step.demands);
      for (const { name } of step.demands) machine.tokens.delete(name);
      completeStep(context, machine, step, true);
      return;
    case 'put':
      machine.progress += 1;
      putNext(context, machine, step);
      return;
    case 'get':
      if (outcome.itemId !== null) countInHand(machine, step.queue, 1);
      completeStep(context, machine, step, outcome.value);
      return;
    case 'task_done':
      countInHand(machine, step.queue, -1);
      completeStep(context, machine, step, true);
      return;
    case 'recv':
    case 'load':
    case 'add':
      completeStep(context, machine, step, outcome.value);
      return;
    case 'wait':
      completeStep(context, machine, step, step.kind === 'barrier' ? outcome.value : true);
      return;
    default:
      completeStep(context, machine, step, true);
  }
}

function takeTokens(context: Context, machine: MachineState, demands: readonly Demand[], outcome: Granted): void {
  context.holdings.granted(machine.instance, demands);
  for (const [name, token] of Object.entries(lockTokens(context, demands, outcome.tokens))) machine.tokens.set(name, token);
}

function countInHand(machine: MachineState, queue: string, by: number): void {
  machine.inHand.set(queue, Math.max(0, (machine.inHand.get(queue) ?? 0) + by));
}

function reportGrant(context: Context, machine: MachineState, holds: readonly string[], outcome: Granted): void {
  context.report({ type: 'instance.granted', instance: machine.instance, holds, ownerDied: outcome.ownerDied });
}

function itemSettled(
  context: Context,
  machine: MachineState,
  frame: Extract<Frame, { type: 'each' }>,
  outcome: Outcome,
): void {
  const { step } = frame;
  switch (outcome.status) {
    case 'granted':
      frame.itemId = outcome.itemId;
      if (step.as !== null) machine.vars.set(step.as, outcome.value);
      machine.frames.push({ type: 'sequence', steps: step.steps, index: 0 });
      return;
    case 'timed_out':
      leaveEach(context, machine);
      if (step.as !== null) machine.vars.set(step.as, null);
      if (step.onTimeout.type === 'steps') {
        enterOnTimeout(machine, step, step.onTimeout.steps);
      } else if (step.onTimeout.type === 'fail' && !step.allowFailure) {
        failFrames(context, machine, `\`each: ${step.source.name}\` timed out after ${describeDuration(step.timeoutMs ?? 0)}`);
      }
      return;
    case 'cancelled':
      return;
    case 'failed':
      leaveEach(context, machine);
      if (outcome.reason !== 'end_of_stream' && !step.allowFailure) {
        failFrames(context, machine, describeFailure(step, outcome.reason));
      }
      return;
  }
}

function leaveEach(context: Context, machine: MachineState): void {
  machine.frames.pop();
  actorChanged(context, machine);
}

/** The time of a step is over before what it waited for came. */
export function timedOut(context: Context, machine: MachineState, step: Step): void {
  switch (step.onTimeout.type) {
    case 'fail':
      failStep(context, machine, step, `\`${step.verb}\` timed out after ${describeDuration(stepTimeMs(context, step) ?? 0)}`);
      return;
    case 'continue':
      completeStep(context, machine, step, valueAfterTimeout(step));
      return;
    case 'steps':
      if (step.as !== null) machine.vars.set(step.as, valueAfterTimeout(step));
      unblock(machine);
      passStep(context, machine);
      enterOnTimeout(machine, step, step.onTimeout.steps);
      return;
  }
}

/** False where `as` takes a true/false, null where it takes a value. */
function valueAfterTimeout(step: Step): Json {
  switch (step.verb) {
    case 'get':
    case 'recv':
    case 'each':
    case 'load':
    case 'add':
    case 'result':
    case 'run':
    case 'submit':
      return null;
    case 'wait':
      return step.kind === 'barrier' ? null : false;
    default:
      return false;
  }
}

/** The timer of a step that the engine itself times: `run`, `join`, `result`, `sleep`. */
export function stepTimerFired(context: Context, machine: MachineState): void {
  const step = currentStep(machine);
  if (step === null || machine.blocked === null) return;
  if (machine.blocked.type === 'process') {
    stopProcess(context, machine.blocked.key, 'timed_out', `\`run\` took longer than ${describeDuration(step.timeoutMs ?? 0)}`);
    return;
  }
  context.watching.delete(machine.id);
  unblock(machine);
  timedOut(context, machine, step);
}

/** The command of a `run` step has ended and all of its output was delivered. */
export function runStepDone(context: Context, machine: MachineState, process: ProcessState): void {
  const step = currentStep(machine);
  releaseRunSlot(context, machine);
  unblock(machine);
  if (step?.verb !== 'run' || machine.stopping) return;
  const refusal = process.failure?.message ?? process.refusal;
  if (refusal !== null) {
    failStep(context, machine, step, refusal);
  } else if (process.stopping?.cause === 'timed_out') {
    timedOut(context, machine, step);
  } else if (process.stopping !== null) {
    failStep(context, machine, step, process.stopping.why);
  } else if (process.exit?.code === 0) {
    const captured = process.captured ?? '';
    const value = captured.replace(/\n+$/, '');
    if (machine.purpose.type === 'task' && step.as === null && value !== '') machine.output.push(value);
    completeStep(context, machine, step, step.as === null ? true : value);
  } else {
    failStep(context, machine, step, describeEnd('`run`', process.exit));
  }
}

/** One clause about an exit: "`run` exited with 3", "`run` was ended by SIGKILL". */
export function describeExit(subject: string, code: number | null, signal: string | null): string {
  return signal === null ? `${subject} exited with ${code ?? 'no code'}` : `${subject} was ended by ${signal}`;
}

/** The same, also of a command whose own end nobody knows. */
export function describeEnd(subject: string, exit: ProcessState['exit']): string {
  if (exit?.isLost === true) return `${subject} was lost: what had started it was ended`;
  return describeExit(subject, exit?.code ?? null, exit?.signal ?? null);
}

/** Ends the steps: a running command is stopped, a wait is cancelled, no further step is begun. */
export function stopMachine(context: Context, machine: MachineState, why: string, kill: boolean): void {
  if (machine.end !== null) return;
  machine.stopping = true;
  actorChanged(context, machine);
  const { blocked } = machine;
  if (blocked?.type === 'process') {
    if (kill) killProcess(context, blocked.key, 'stopped', why);
    else stopProcess(context, blocked.key, 'stopped', why);
    return;
  }
  if (blocked?.type === 'request' || blocked?.type === 'cleanup') context.cancelRequest(blocked.requestId);
  context.watching.delete(machine.id);
  unblock(machine);
  machine.cleanups.length = 0;
  machine.afterCleanup = null;
  context.post({ type: 'advance', machine: machine.id });
}
