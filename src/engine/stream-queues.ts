/* Queues on standard streams: items become lines of stdin, lines of stdout become items. */
import type { Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { StdinPlan } from '../plan/command.ts';
import type { WorkPlan } from '../plan/plan.ts';
import type { Operation, Outcome } from '../sync/operation.ts';
import type { Context } from './context.ts';
import type { ProcessKey } from './engine-event.ts';
import { lineItem, tooLong } from './line-item.ts';
import { ownHolders } from './own-holders.ts';
import { finishProcess, stopProcess } from './process-life.ts';
import { workOfMachine } from './step-print.ts';
import type { PendingLine, ProcessState } from './process-state.ts';

/** Lines on their way into a queue beyond which the process is no longer read. */
const maxPendingLines = 1024;
/** The same of their characters: a line may be as long as an item. */
const maxPendingCharacters = 4 * 1024 * 1024;

function workOf(context: Context, state: ProcessState): WorkPlan | null {
  switch (state.purpose.type) {
    case 'main':
      return context.instance(state.purpose.instance).plan;
    case 'task':
    case 'worker':
    case 'initializer':
      return context.pool(state.purpose.pool).plan;
    case 'step': {
      const machine = context.machines.get(state.purpose.machine);
      return machine === undefined ? null : workOfMachine(context, machine);
    }
    case 'stop_command':
      return null;
  }
}

/** Asks for the next item for standard input. */
export function feedInput(context: Context, key: ProcessKey): void {
  const state = context.processes.get(key);
  if (state === undefined || state.inputState !== 'open' || state.inputGet !== null || state.exit !== null) return;
  const stdin = workOf(context, state)?.stdin;
  if (stdin?.type !== 'queue') return;
  state.inputGet = context.request(state.instance, { verb: 'get', name: stdin.queue, inHand: false }, null, {
    type: 'input',
    key,
  });
}

/** The queue has an item for standard input, or is at its end. */
export function inputSettled(context: Context, key: ProcessKey, outcome: Outcome): void {
  const state = context.processes.get(key);
  if (state === undefined) return;
  state.inputGet = null;
  if (state.exit !== null) return;
  if (outcome.status === 'failed') {
    state.inputState = 'ended';
    context.effect({ type: 'end_input', key });
    return;
  }
  const stdin = workOf(context, state)?.stdin;
  if (outcome.status !== 'granted' || stdin?.type !== 'queue') return;
  const line = lineOf(stdin, outcome.value);
  if (!line.ok) {
    stopProcess(context, key, 'step_failed', line.error);
    return;
  }
  // The runtime answers with `input_ready` when the pipe takes more.
  context.effect({ type: 'write_line', key, text: line.value });
}

function lineOf(stdin: Extract<StdinPlan, { type: 'queue' }>, item: Json): Result<string, string> {
  if (stdin.format === 'json' || typeof item !== 'string') return ok(JSON.stringify(item));
  if (item.includes('\n')) {
    return err(`an item of \`${stdin.queue}\` has a newline in it and is no line of text: use \`format: json\``);
  }
  return ok(item);
}

/** A line of output that is to become an item. */
export function lineRead(context: Context, key: ProcessKey, { stream, text, mostBytes }: PendingLine): void {
  const state = context.processes.get(key);
  if (state === undefined) return;
  state.pendingLines.push({ stream, text, ...(mostBytes === undefined ? {} : { mostBytes }) });
  state.pendingCharacters += text.length;
  if (state.lineState === 'dropped') {
    dropLines(context, state);
    return;
  }
  if ((state.pendingLines.length > maxPendingLines || state.pendingCharacters > maxPendingCharacters) && !state.outputPaused) {
    state.outputPaused = true;
    // From now on it may block in writing.
    context.waitsChanged = true;
    context.effect({ type: 'pause_output', key });
  }
  putNextLine(context, state);
}

function putNextLine(context: Context, state: ProcessState): void {
  while (state.linePut === null) {
    const [line] = state.pendingLines;
    if (line === undefined) return;
    const output = workOf(context, state)?.[line.stream];
    if (output?.type !== 'queue') {
      dropLines(context, state);
      return;
    }
    const item = line.mostBytes === undefined ? lineItem(output, line.text) : tooLong(output, line.mostBytes);
    if (!item.ok) {
      refuseOutput(context, state, item.error);
      return;
    }
    const operation: Operation = { verb: 'put', name: output.queue, item: item.value, priority: 0 };
    if (context.askNow(state.instance, operation, ownHolders.lines)?.status === 'granted') lineTaken(context, state);
    else state.linePut = context.request(state.instance, operation, state.lineState === 'offered' ? context.nowMs : null, { type: 'output', key: state.key }, ownHolders.lines);
  }
}

/** The queue has it. */
function lineTaken(context: Context, state: ProcessState): void {
  state.pendingCharacters -= state.pendingLines.shift()?.text.length ?? 0;
  if (!state.outputPaused || state.pendingLines.length >= maxPendingLines / 2 || state.pendingCharacters > maxPendingCharacters / 2) return;
  state.outputPaused = false;
  context.effect({ type: 'resume_output', key: state.key });
}

/** Nothing of its output is put any more, and nothing of it is held up: what blocks on a full pipe goes on. */
function dropLines(context: Context, state: ProcessState): void {
  state.lineState = 'dropped';
  if (state.refusal === null) state.droppedLines += state.pendingLines.length;
  state.pendingLines.length = 0;
  state.pendingCharacters = 0;
  if (!state.outputPaused) return;
  state.outputPaused = false;
  context.effect({ type: 'resume_output', key: state.key });
}

/** A line that is no item, or that nobody takes: the process has failed, also when it has ended meanwhile. */
function refuseOutput(context: Context, state: ProcessState, why: string): void {
  // What is being ended already keeps the cause of its end.
  if (state.stopping === null && !state.isAbandoned) {
    state.refusal = why;
    if (state.purpose.type === 'main') context.instance(state.instance).cause ??= { reason: 'step_failed', why };
  }
  dropLines(context, state);
  stopProcess(context, state.key, 'step_failed', why);
  finishProcess(context, state);
}

/** The queue has taken a line, has no room for it, or nobody takes them any more. */
export function outputSettled(context: Context, key: ProcessKey, outcome: Outcome): void {
  const state = context.processes.get(key);
  if (state === undefined) return;
  state.linePut = null;
  switch (outcome.status) {
    case 'granted':
      lineTaken(context, state);
      putNextLine(context, state);
      break;
    case 'failed':
      refuseOutput(context, state, 'nobody can still get what it writes to its queue');
      return;
    case 'timed_out':
    case 'cancelled':
      dropLines(context, state);
  }
  if (state.linePut === null) finishProcess(context, state);
}

/**
 * Whoever it belongs to is being stopped. Until its leader has ended its lines are put as ever; from then
 * on only those for which there is room: whoever takes from the queue may begin only after this end.
 */
export function abandonOutput(context: Context, key: ProcessKey): void {
  const state = context.processes.get(key);
  if (state === undefined || !state.isAbandoned || state.exit === null || state.lineState !== 'put') return;
  state.lineState = 'offered';
  if (state.linePut !== null) context.withdrawRequest(state.linePut);
}

/** Counts the lines that are lost with an end that is no failure of theirs. */
export function warnOfDroppedLines(context: Context, { instance, droppedLines }: ProcessState): void {
  if (droppedLines === 0) return;
  const what = droppedLines === 1 ? `a line of \`${instance}\` was` : `${droppedLines} lines of \`${instance}\` were`;
  const message = `${what} not taken: it was stopped before there was room in their queue`;
  context.report({ type: 'warning', code: 'MP841', message, instance });
}
