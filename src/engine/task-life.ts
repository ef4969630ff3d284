/* The life of one task: slot and holds, attempts with their retries, and one fate. */
import { describeTask } from '../base/describe-task.ts';
import { utf8Length } from '../base/utf8-length.ts';
import type { Outcome } from '../sync/operation.ts';
import type { TaskFate } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import { lockTokens } from './lock-tokens.ts';
import type { MachineEnd } from './machine-state.ts';
import { showPoolWaits, takesMore, taskDemands } from './pool-waits.ts';
import { countFailure, isHaltDue } from './pool-halt.ts';
import { forgetHeldValue, holdRecord } from './pool-results.ts';
import { giveSlot, submittedNumber, takeSlot } from './pool-tasks.ts';
import { ownHolders } from './own-holders.ts';
import { defaultMaxLineBytes, killProcess, startProcess, stopProcess } from './process-life.ts';
import type { ProcessState, StopCause } from './process-state.ts';
import { releaseAllButLines, releaseDemands, releaseEverything } from './release-holds.ts';
import { backoffMs } from './restart.ts';
import { emptyScope } from './scope.ts';
import { completeCommand, taskEnvironment } from './spawn-order.ts';
import { stepsTaskCommand, taskCommand } from './task-command.ts';
import { createMachine, letRunIn } from './step-machine.ts';
import { describeExit, stopMachine } from './step-outcome.ts';
import { countTokensAnew } from './token-moves.ts';
import type { PoolState, TaskState } from './unit-state.ts';

/** Tasks of steps after which the rest of the run is let in. */
const mostTasksAtOnce = 256;

/** The instance that a slot acts as. */
export function slotName(pool: PoolState, slot: number): string {
  return `${pool.name}-${slot}`;
}

/** Takes a slot, the lowest where it is not said which, and, in one step with it, what the task holds; one without an item fails instead. */
export function beginTask(context: Context, pool: PoolState, task: TaskState, slot: number | null = null): void {
  if (task.refusal !== null) {
    settleTask(context, pool, task, 'failed', task.refusal);
    return;
  }
  task.slot = takeSlot(pool, slot);
  if (task.slot === null) return;
  const demands = taskDemands(context, pool.plan);
  if (demands.length === 0) {
    launchTask(context, pool, task);
    return;
  }
  task.phase = 'holds';
  holdNext(context, pool, task.index);
  task.holdRequest = context.request(slotName(pool, task.slot), { verb: 'acquire', demands }, null, {
    type: 'task_holds',
    pool: pool.name,
    task: task.index,
  });
}

/** The next task waits for what it is to hold, and every task behind it waits with it; null when none does. */
function holdNext(context: Context, pool: PoolState, task: number | null): void {
  pool.holding = task;
  showPoolWaits(context, pool);
}

/** The broker's answer to the holds of a task. */
export function taskHoldsSettled(context: Context, pool: PoolState, task: TaskState, outcome: Outcome): void {
  task.holdRequest = null;
  if (pool.holding === task.index) holdNext(context, pool, null);
  if (outcome.status === 'granted' && task.slot !== null) {
    context.holdings.granted(slotName(pool, task.slot), taskDemands(context, pool.plan));
    task.tokens = lockTokens(context, pool.plan.holds, outcome.tokens);
    launchTask(context, pool, task);
  } else if (outcome.status === 'failed') {
    // No other attempt gets more.
    freeSlot(context, pool, task, false);
    settleTask(context, pool, task, 'failed', 'what it wants to hold can never be had');
  }
  context.post({ type: 'fill_pool', pool: pool.name });
}

function launchTask(context: Context, pool: PoolState, task: TaskState): void {
  const { body } = pool.plan;
  if (body.type === 'worker') {
    context.post({ type: 'task_held', pool: pool.name, task: task.index });
    return;
  }
  const slot = task.slot ?? 0;
  task.attempt += 1;
  task.phase = 'running';
  task.worker = slot;
  task.timedOut = false;
  task.startedMs ??= context.nowMs;
  task.attemptStartedMs = context.nowMs;
  task.stdoutBytes = 0;
  task.outputFile = null;
  pool.running += 1;
  const { plan } = pool;
  if (plan.taskTimeoutMs !== null) task.timer = context.timers.arm(context.nowMs + plan.taskTimeoutMs, { type: 'task_timeout', pool: pool.name, task: task.index });
  context.report({ type: 'task.started', pool: pool.name, task: task.index, worker: slot, attempt: task.attempt });
  if (body.type === 'steps') {
    const machine = createMachine(
      context,
      `${pool.name}#${task.index}/${task.attempt}`,
      slotName(pool, slot),
      { type: 'task', pool: pool.name, task: task.index },
      body.steps,
    );
    task.machine = machine.id;
    task.command = stepsTaskCommand(pool.name, task.item);
    context.begunTasks += 1;
    // Tasks that wait for nothing may bring others, without an end.
    if (context.begunTasks > mostTasksAtOnce) letRunIn(context, machine);
    else context.post({ type: 'advance', machine: machine.id });
    return;
  }
  const scope = { ...emptyScope, item: task.item };
  const environment = taskEnvironment(context, plan, task, scope, null);
  const command = completeCommand(context, scope, body.command, environment, plan);
  if (!command.ok) {
    endTaskAttempt(context, pool, task, 'failed', command.error);
    return;
  }
  task.command = taskCommand(body.command, command.value.argv, command.value.environment);
  task.process = startProcess(
    context,
    {
      instance: slotName(pool, slot),
      workingDir: plan.workingDir,
      argv: command.value.argv,
      environment: command.value.environment,
      stdin: command.value.stdin,
      stdout: command.value.stdout,
      stderr: command.value.stderr,
      collect: keepsValue(pool, task),
      jobserver: context.jobservers.offeredBy(plan),
      tty: false,
      slot: true,
      maxLineBytes: defaultMaxLineBytes,
    },
    { type: 'task', pool: pool.name, task: task.index },
    plan.stop,
  );
}

/** The command of a task runs: its time counts from here, and not from when it was ordered. */
export function taskCommandStarted(context: Context, task: TaskState): void {
  if (task.attempt === 1) task.startedMs = context.nowMs;
  task.attemptStartedMs = context.nowMs;
}

/** Whether anybody will look at the value of a task. */
function keepsValue(pool: PoolState, task: TaskState): boolean {
  return pool.plan.results.type !== 'none' || pool.submitted.has(submittedNumber(pool, task));
}

/** How the process of a task has ended. */
export function recordExit(context: Context, task: TaskState, { exit, failure, captured, stdoutBytes, file }: ProcessState): void {
  task.signal = exit?.signal ?? null;
  task.exitcode =
    task.signal === null ? (failure?.exitCode ?? exit?.code ?? null) : -context.options.signalNumber(task.signal);
  task.hint = failure?.hint ?? null;
  task.stdoutBytes = stdoutBytes;
  task.outputFile = file;
  task.value = captured === null ? null : captured.replace(/\n+$/, '');
}

/** The leader of a task has ended: what it holds goes to the next in the same turn, its lines may still be on their way. */
export function taskCommandExited(context: Context, pool: PoolState, task: TaskState, { exit, stopping }: ProcessState): void {
  disarmTask(task);
  const { stdout, stderr } = pool.plan;
  if (task.slot === null || (stdout.type !== 'queue' && stderr.type !== 'queue')) return;
  const name = slotName(pool, task.slot);
  const demands = taskDemands(context, pool.plan);
  const clean = stopping === null && fateOf(pool, exit?.code ?? null) === 'succeeded';
  if (clean) releaseDemands(context, name, demands);
  releaseAllButLines(context, name, demands, clean);
}

/** The command of a task is over and all of its output was delivered. */
export function taskCommandDone(context: Context, pool: PoolState, task: TaskState, process: ProcessState): void {
  task.process = null;
  const { exit, failure, stopping, refusal } = process;
  recordExit(context, task, process);
  const code = exit?.code ?? null;
  if (failure !== null) {
    endTaskAttempt(context, pool, task, 'failed', failure.message);
  } else if (refusal !== null) {
    endTaskAttempt(context, pool, task, 'failed', refusal);
  } else if (stopping !== null) {
    endTaskAttempt(context, pool, task, fateOfStopped(stopping.cause), stopping.why);
  } else if (exit?.isLost === true) {
    endTaskAttempt(context, pool, task, 'lost', 'the shell that ran it was ended');
  } else if (task.signal !== null) {
    endTaskAttempt(context, pool, task, 'signalled', describeExit('it', null, task.signal));
  } else {
    endTaskAttempt(context, pool, task, fateOf(pool, code), describeExit('it', code, null));
  }
}

/** What mpctl ended for a reason of its own counts as what it was ended for. */
function fateOfStopped(cause: StopCause): TaskFate {
  if (cause === 'timed_out') return 'timed_out';
  return cause === 'stopped' ? 'cancelled' : 'failed';
}

/** The steps of a task are over. */
export function taskMachineEnded(context: Context, pool: PoolState, task: TaskState, end: MachineEnd): void {
  const machine = task.machine === null ? undefined : context.machines.get(task.machine);
  const printed = machine === undefined || machine.output.length === 0 ? null : machine.output.join('\n');
  task.value = printed;
  task.stdoutBytes = printed === null ? 0 : utf8Length(`${printed}\n`);
  if (task.machine !== null) context.machines.delete(task.machine);
  task.machine = null;
  switch (end.type) {
    case 'done':
      task.exitcode = 0;
      endTaskAttempt(context, pool, task, 'succeeded', 'its last step was done');
      return;
    case 'exit': {
      task.exitcode = end.code;
      endTaskAttempt(context, pool, task, fateOf(pool, end.code), describeExit('it', end.code, null));
      return;
    }
    case 'failed':
      task.exitcode = 1;
      endTaskAttempt(context, pool, task, task.timedOut ? 'timed_out' : 'failed', task.timedOut ? timeoutWhy(pool) : end.why);
      return;
    case 'stopped':
      endTaskAttempt(
        context,
        pool,
        task,
        task.timedOut ? 'timed_out' : 'cancelled',
        task.timedOut ? timeoutWhy(pool) : (pool.stopWhy ?? context.run.cause?.why ?? 'it was stopped'),
      );
      return;
  }
}

function fateOf(pool: PoolState, code: number | null): TaskFate {
  return code !== null && pool.plan.successExitCodes.includes(code) ? 'succeeded' : 'failed';
}

function timeoutWhy(pool: PoolState): string {
  return `it took longer than ${describeDuration(pool.plan.taskTimeoutMs ?? 0)}`;
}

/** The running time of an attempt is over. */
export function taskTimedOut(context: Context, pool: PoolState, task: TaskState): void {
  if (task.phase !== 'running') return;
  if (task.process !== null) stopProcess(context, task.process, 'timed_out', timeoutWhy(pool));
  const machine = task.machine === null ? undefined : context.machines.get(task.machine);
  // Steps that end already, or are being stopped, keep the cause of their end.
  if (machine === undefined || machine.stopping || machine.end !== null) return;
  task.timedOut = true;
  stopMachine(context, machine, timeoutWhy(pool), false);
}

/** The running time of an attempt, or the time between two of them, counts no longer. */
function disarmTask(task: TaskState): void {
  if (task.timer !== null) task.timer.armed = false;
  task.timer = null;
}

/** Stops a running task. */
export function stopTask(context: Context, task: TaskState, why: string, kill: boolean): void {
  if (task.process !== null) {
    if (kill) killProcess(context, task.process, 'stopped', why);
    else stopProcess(context, task.process, 'stopped', why);
  }
  if (task.machine !== null) stopMachine(context, context.machine(task.machine), why, kill);
}

/** A task waits no more for what it is to hold. */
export function callOffHolds(context: Context, pool: PoolState, task: TaskState): void {
  if (task.holdRequest !== null) context.cancelRequest(task.holdRequest);
  task.holdRequest = null;
  if (pool.holding === task.index) holdNext(context, pool, null);
}

/** A task that is not running gets its fate without (another) attempt. */
export function cancelTask(context: Context, pool: PoolState, task: TaskState, why: string): void {
  callOffHolds(context, pool, task);
  freeSlot(context, pool, task, true);
  settleTask(context, pool, task, 'cancelled', why);
}

/** An attempt of a task is over: it is tried again, or has its fate. */
export function endTaskAttempt(context: Context, pool: PoolState, task: TaskState, fate: TaskFate, why: string): void {
  disarmTask(task);
  if (task.phase === 'running') pool.running -= 1;
  // Before its own token goes to the next.
  if (pool.running === 0) countTokensAnew(context, pool.plan);
  freeSlot(context, pool, task, fate === 'succeeded');
  const { retry } = pool.plan;
  const again = retry.on.includes(fate) && task.attempt < retry.attempts && takesMore(context, pool);
  if (again) {
    task.phase = 'backoff';
    const delayMs = backoffMs(retry.backoff, task.attempt, context.options.random);
    task.timer = context.timers.arm(context.nowMs + delayMs, {
      type: 'task_backoff',
      pool: pool.name,
      task: task.index,
    });
    const { index, item, attempt, worker } = task;
    context.report({ type: 'task.retrying', pool: pool.name, task: index, item, attempt: attempt + 1, worker, delayMs, why });
  } else {
    settleTask(context, pool, task, fate, why);
  }
  context.post({ type: 'fill_pool', pool: pool.name });
}

/** The backoff of a task is over: it is the next to start. */
export function taskBackoffOver(context: Context, pool: PoolState, task: TaskState): void {
  if (task.phase !== 'backoff') return;
  task.timer = null;
  task.phase = 'ready';
  pool.ready.putBack(task.index);
  context.post({ type: 'fill_pool', pool: pool.name });
}

/** `clean`: what it held is given back in order, and nobody hears of a dead owner. */
function freeSlot(context: Context, pool: PoolState, task: TaskState, clean: boolean): void {
  if (task.slot === null) return;
  task.tokens = {};
  const name = slotName(pool, task.slot);
  const demands = taskDemands(context, pool.plan);
  if (clean && demands.some((demand) => context.holdings.holdersOf(demand.name).includes(name))) context.tell(name, { verb: 'release', demands, isOwed: true });
  if (pool.plan.body.type === 'worker') {
    // What its worker has taken by itself stays with that; what the task was granted meanwhile does not.
    context.holdings.released(name, demands);
    context.effect({ type: 'holder_ended', instance: name, holder: ownHolders.steps });
  } else {
    // What its program has taken by itself goes with it, too; what it has closed, the next task has not.
    releaseEverything(context, name, false);
    const closed = context.closedBy(name);
    if (closed.size > 0) closed.clear();
  }
  giveSlot(pool, task.slot);
  task.slot = null;
}

function settleTask(context: Context, pool: PoolState, task: TaskState, fate: TaskFate, why: string): void {
  disarmTask(task);
  task.phase = 'ended';
  pool.withoutFate -= 1;
  task.fate = fate;
  task.why = why;
  task.endedMs = context.nowMs;
  if (pool.plan.order === 'completion') pool.unrecorded.push(task);
  else holdRecord(context, pool, task);
  if (task.queueItem !== null && pool.plan.tasks.type === 'queue') {
    context.tell(pool.name, { verb: 'item_done', name: pool.plan.tasks.queue, itemId: task.queueItem });
  }
  const number = submittedNumber(pool, task);
  if (pool.submitted.has(number)) pool.submitted.set(number, { fate, value: task.value, why, name: describeTask(task.index, task.item) });
  if (fate === 'succeeded') pool.succeeded += 1;
  else if (fate === 'cancelled') pool.cancelled += 1;
  else countFailure(pool, task);
  // As long as more tasks may come, what the pool can still do is the same without this one.
  if (pool.sourceState === 'ended') context.changedActors.add(pool.name);
  context.waitsChanged = true;
  context.report({
    type: 'task.ended',
    pool: pool.name,
    task: task.index,
    item: task.item,
    fate,
    value: task.value,
    exitcode: task.exitcode,
    signal: task.signal,
    attempts: task.attempt,
    worker: task.worker,
    durationMs: task.startedMs === null ? 0 : context.nowMs - task.startedMs,
    why,
    hint: task.hint,
  });
  forgetHeldValue(task);
  if (fate !== 'succeeded' && fate !== 'cancelled') haltIfDue(context, pool);
}

function haltIfDue(context: Context, pool: PoolState): void {
  if (pool.halted !== null || pool.stopWhy !== null || !isHaltDue(pool)) return;
  pool.halted = `halted after ${pool.failed} ${pool.failed === 1 ? 'failure' : 'failures'}`;
  context.changedActors.add(pool.name);
  if (pool.plan.onHalt === 'kill') {
    for (const task of pool.tasks.values()) if (task.phase === 'running') stopTask(context, task, pool.halted, true);
  }
}
