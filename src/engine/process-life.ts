/*
 * The life of one process, whoever it belongs to.
 *
 *   ordered ─► running ─► leader gone ─► group gone and output drained ─► done
 *
 * Stopping climbs its own small ladder: the stop command, the stop signal to the whole group, SIGKILL
 * after the grace period. The first cause of the end is kept: a death by a signal that we sent is a
 * stop, not a failure. A process counts as done only when nothing of its group is alive.
 */
import type { StopPlan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import type { SpawnOrder } from './effect.ts';
import { cancelCall } from './end-call.ts';
import type { DrainedOutput, ProcessExit, ProcessKey } from './engine-event.ts';
import { joinedWaits } from './joined-waits.ts';
import { letExit } from './held-exits.ts';
import { notifiedAttempt } from './notified-attempt.ts';
import type { ProcessPurpose, ProcessState, SpawnFailure, StopCause } from './process-state.ts';
import { emptyScope } from './scope.ts';
import { argvOf } from './spawn-order.ts';

/** What stays of the group after its leader may take so long to go before SIGKILL, in ms. */
const leftoverGraceMs = 1000;

/** Orders a process and returns its key. */
export function startProcess(
  context: Context,
  order: Omit<SpawnOrder, 'key' | 'notifies'>,
  purpose: ProcessPurpose,
  stop: StopPlan,
): ProcessKey {
  const key = context.nextProcessKey();
  context.processes.set(key, {
    key,
    instance: order.instance,
    purpose,
    stop,
    surroundings: { workingDir: order.workingDir, environment: order.environment, maxLineBytes: order.maxLineBytes },
    startedMs: context.nowMs,
    pid: null,
    exit: null,
    failure: null,
    drained: false,
    groupIsAlive: false,
    captured: null,
    stdoutBytes: 0,
    file: null,
    stopping: null,
    stage: 'none',
    graceTimer: null,
    pendingLines: [],
    pendingCharacters: 0,
    linePut: null,
    lineState: 'put',
    droppedLines: 0,
    outputPaused: false,
    refusal: null,
    isAbandoned: false,
    inputGet: null,
    inputState: order.stdin.type === 'lines' ? 'open' : 'none',
  });
  context.effect({ type: 'spawn', order: orderOf(key, order, notifiedAttempt(context, purpose)) });
  return key;
}

/** Field by field: to spread a thing of so many costs a pool of short commands more than all that they mean. */
function orderOf(key: ProcessKey, order: Omit<SpawnOrder, 'key' | 'notifies'>, notifies: number | null): SpawnOrder {
  const { instance, argv, workingDir, environment, stdin, stdout, stderr, collect, tty, jobserver, slot, maxLineBytes } = order;
  const ordered = { key, instance, argv, workingDir, environment, stdin, stdout, stderr, collect, tty, jobserver, slot, maxLineBytes };
  return notifies === null ? ordered : { ...ordered, notifies };
}

/** The process runs. */
export function processSpawned(context: Context, key: ProcessKey, pid: number): void {
  const state = context.process(key);
  state.pid = pid;
  // With a pipe that another command has the other end of it may wait from the first on, and nobody tells.
  if (joinedWaits(context.plan, state.instance).length > 0) context.waitsChanged = true;
  context.post({ type: 'process_started', key });
  if (state.stopping !== null) climb(context, state);
}

/** The process never ran. */
export function processNotSpawned(context: Context, key: ProcessKey, failure: SpawnFailure): void {
  const state = context.process(key);
  state.failure = failure;
  state.drained = true;
  if (state.purpose.type === 'stop_command') {
    const { message, hint } = failure;
    warnOfStopCommand(context, state.instance, 'was not run', hint === null ? message : `${message} (${hint})`);
  }
  finishProcess(context, state);
}

/** Its leader has ended. */
export function processExited(context: Context, key: ProcessKey, exit: ProcessExit, groupIsAlive: boolean): void {
  const state = context.process(key);
  state.exit = exit;
  state.groupIsAlive = groupIsAlive;
  if (state.purpose.type !== 'stop_command') context.calls.left(state.instance);
  if (groupIsAlive) {
    // Whatever the leader left behind in its group ends with it, as under systemd's control-group.
    if (state.stage !== 'killed') {
      disarm(state);
      signalGroup(context, state, state.stop.signal);
      state.graceTimer = context.timers.arm(
        context.nowMs + Math.min(state.stop.graceMs, leftoverGraceMs),
        { type: 'grace', key },
      );
    }
  } else {
    disarm(state);
  }
  context.waitsChanged = true;
  context.post({ type: 'process_exited', key });
  finishProcess(context, state);
}

/** Nobody of its group is alive any more. */
export function groupGone(context: Context, key: ProcessKey): void {
  const state = context.process(key);
  state.groupIsAlive = false;
  context.waitsChanged = true;
  disarm(state);
  finishProcess(context, state);
}

/** All of its output was delivered. */
export function processDrained(context: Context, key: ProcessKey, { captured, stdoutBytes, file }: DrainedOutput): void {
  const state = context.process(key);
  state.drained = true;
  state.captured = captured;
  state.stdoutBytes = stdoutBytes;
  state.file = file ?? null;
  finishProcess(context, state);
}

/** Called whenever something that holds up its end has gone: posts `process_done` once. */
export function finishProcess(context: Context, state: ProcessState): void {
  const over = state.failure !== null || (state.exit !== null && !state.groupIsAlive);
  if (!over || !state.drained || state.linePut !== null || state.pendingLines.length > 0) return;
  context.post({ type: 'process_done', key: state.key });
}

/** Asks a process to end: command, signal, grace, SIGKILL. A second call changes nothing. */
export function stopProcess(context: Context, key: ProcessKey, cause: StopCause, why: string): void {
  const state = context.processes.get(key);
  if (state === undefined) return;
  if (cause === 'stopped') abandon(context, state);
  // What has ended by itself keeps its own end; what it left behind is being ended already.
  if (state.stopping !== null || state.exit !== null || isOver(state)) return;
  state.stopping = { cause, why };
  // It is over, and nobody had heard of it.
  if (letExit(context, key)) return;
  reportStopping(context, state, state.stop.command === null ? state.stop.signal : 'command', why);
  if (state.pid !== null) {
    climb(context, state);
    return;
  }
  // It is on its way: whoever starts it leaves it, or stops it as soon as it is there.
  state.stage = 'signalled';
  signalGroup(context, state, state.stop.signal);
}

/** Ends a process with SIGKILL, now. */
export function killProcess(context: Context, key: ProcessKey, cause: StopCause, why: string): void {
  const state = context.processes.get(key);
  if (state === undefined) return;
  abandon(context, state);
  if (isOver(state)) return;
  if (state.stopping === null && state.exit === null) {
    state.stopping = { cause, why };
    if (letExit(context, key)) return;
    reportStopping(context, state, 'SIGKILL', why);
  }
  if (state.stage === 'killed') return;
  state.stage = 'killed';
  disarm(state);
  signalGroup(context, state, 'SIGKILL');
}

function abandon(context: Context, state: ProcessState): void {
  state.isAbandoned = true;
  context.post({ type: 'abandon_output', key: state.key });
}

/** The grace period is over. */
export function graceOver(context: Context, key: ProcessKey): void {
  const state = context.processes.get(key);
  if (state === undefined || isOver(state)) return;
  if (state.stage === 'command') {
    climb(context, state);
    return;
  }
  if (state.purpose.type === 'stop_command' && state.stage === 'none' && state.exit === null) {
    const took = `it took longer than ${describeDuration(state.stop.graceMs)}`;
    warnOfStopCommand(context, state.instance, 'was ended', took);
    stopProcess(context, key, 'timed_out', took);
    return;
  }
  state.stage = 'killed';
  // What a process has left behind after its own end is no news of the process.
  if (state.exit === null) {
    reportStopping(context, state, 'SIGKILL', `it did not end within ${describeDuration(state.stop.graceMs)}`);
  }
  signalGroup(context, state, 'SIGKILL');
}

/** The stop command of `target` has ended, well or not: its signal is next. */
export function stopCommandOver(context: Context, target: ProcessKey): void {
  const state = context.processes.get(target);
  if (state === undefined || isOver(state) || state.stage !== 'command') return;
  climb(context, state);
}

/** Whether nothing of it is alive. */
function isOver(state: ProcessState): boolean {
  return state.failure !== null || (state.exit !== null && !state.groupIsAlive);
}

function climb(context: Context, state: ProcessState): void {
  disarm(state);
  if (state.stage === 'killed') {
    signalGroup(context, state, 'SIGKILL');
    return;
  }
  if (state.stage === 'none' && state.stop.command !== null && state.exit === null && startStopCommand(context, state)) {
    state.stage = 'command';
  } else if (state.stage !== 'signalled') {
    state.stage = 'signalled';
    signalGroup(context, state, state.stop.signal);
    // A stopped process cannot act on its signal; systemd and s6 wake it as well.
    signalGroup(context, state, 'SIGCONT');
    if (state.exit === null && state.purpose.type !== 'stop_command') callOffWaits(context, state.instance);
  }
  state.graceTimer = context.timers.arm(context.nowMs + state.stop.graceMs, { type: 'grace', key: state.key });
}

/** What ends waits for nothing any more: whoever ignores the signal would else get what others have left meanwhile. */
function callOffWaits(context: Context, instance: string): void {
  context.calls.leave(instance);
  for (const { id } of context.calls.of(instance)) cancelCall(context, id);
}

/** Its time is the one that its process has before it gets its signal; both may be over at once. */
function startStopCommand(context: Context, state: ProcessState): boolean {
  const { instance, surroundings, stop } = state;
  if (stop.command === null) return false;
  const argv = argvOf(context, { ...emptyScope, environment: new Map(surroundings.environment) }, stop.command);
  if (!argv.ok) {
    warnOfStopCommand(context, instance, 'was not run', argv.error);
    return false;
  }
  const key = startProcess(
    context,
    {
      instance,
      argv: argv.value,
      ...surroundings,
      stdin: { type: 'null' },
      stdout: { type: 'log' },
      stderr: { type: 'log' },
      collect: false,
      jobserver: null,
      tty: false,
      slot: false,
    },
    { type: 'stop_command', target: state.key },
    { signal: 'SIGTERM', graceMs: stop.graceMs, command: null },
  );
  context.process(key).graceTimer = context.timers.arm(context.nowMs + stop.graceMs, { type: 'grace', key });
  return true;
}

function warnOfStopCommand(context: Context, instance: string, what: 'was not run' | 'was ended', why: string): void {
  const message = `the stop command of \`${instance}\` ${what}: ${why}`;
  context.report({ type: 'warning', code: 'MP846', message, instance });
}

/** Lines of pools and helpers are split at this length, in bytes. */
export const defaultMaxLineBytes = 64 * 1024;

function signalGroup(context: Context, state: ProcessState, signal: StopPlan['signal']): void {
  context.effect({ type: 'signal', key: state.key, signal });
}

function reportStopping(context: Context, state: ProcessState, signal: string, why: string): void {
  if (state.purpose.type === 'stop_command') return;
  const graceMs = signal === 'SIGKILL' ? 0 : state.stop.graceMs;
  const step = endsStepOnly(context, state);
  context.report({ type: 'instance.stopping', instance: state.instance, signal, graceMs, why, step });
}

/** Its step alone is over, by its own timeout, and not the steps that it is one of. */
function endsStepOnly(context: Context, { purpose, stopping }: ProcessState): boolean {
  return purpose.type === 'step' && stopping?.cause === 'timed_out' && context.machines.get(purpose.machine)?.stopping !== true;
}

function disarm(state: ProcessState): void {
  if (state.graceTimer !== null) state.graceTimer.armed = false;
  state.graceTimer = null;
}
