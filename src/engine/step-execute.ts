/* Begins one step: each verb asks the broker, orders a process, or acts on the run at once. */
import type { Json } from '../base/json.ts';
import { unreachable } from '../base/invariant.ts';
import { ok } from '../base/result.ts';
import type { JsonTemplate } from '../base/template.ts';
import type { Step } from '../plan/step.ts';
import type { Demand, Operation } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import { holdReasons } from './hold-reasons.ts';
import { machineScope } from './machine-scope.ts';
import type { Frame, MachineState } from './machine-state.ts';
import { addTask, poolTakesTasks } from './pool-tasks.ts';
import type { WaitReason } from './run-event.ts';
import { renderJson } from './scope.ts';
import { stepItems } from './step-items.ts';
import { actorChanged, block, completeStep, enterFrame, exitMachine, failStep, letRunIn } from './step-machine.ts';
import { startRunStep } from './step-run.ts';
import { requestStepTurn } from './step-turns.ts';
import { whyNotStarted } from './startable.ts';
import { keepsInHand } from './task-slots.ts';
import { printStep } from './step-print.ts';
import { waitTimeMs } from './wait-time.ts';

/** Begins a step, in its turn where it has one; it completes, fails or leaves the machine blocked. */
export function executeStep(context: Context, machine: MachineState, step: Step): void {
  const requestId = requestStepTurn(context, machine, step, deadlineOf(context, step));
  if (requestId === null) carryOutStep(context, machine, step);
  else block(context, machine, { type: 'request', requestId }, []);
}

/** Its turn has come. */
export function carryOutStep(context: Context, machine: MachineState, step: Step): void {
  switch (step.verb) {
    case 'run':
      startRunStep(context, machine, step);
      return;
    case 'print':
      printStep(context, machine, step);
      return;
    case 'sleep':
      machine.timer = context.timers.arm(context.nowMs + step.durationMs, { type: 'sleep', machine: machine.id });
      block(context, machine, { type: 'sleep' }, [reason('sleep', describeDuration(step.durationMs), null)]);
      return;
    case 'acquire':
    case 'with':
      ask(context, machine, step, { verb: 'acquire', demands: step.demands }, holdReasons(context, step.demands));
      return;
    case 'release':
      ask(context, machine, step, { verb: 'release', demands: step.demands }, []);
      return;
    case 'set':
    case 'clear':
      ask(context, machine, step, { verb: step.verb, name: step.event }, []);
      return;
    case 'wait':
      if (step.kind === 'condition') context.holdings.released(machine.instance, lockOf(context, step.name));
      ask(context, machine, step, waitOperation(step), [reason(step.kind, step.name, null)]);
      return;
    case 'notify':
      ask(context, machine, step, { verb: 'notify', name: step.condition, count: step.count }, []);
      return;
    case 'abort':
      ask(context, machine, step, { verb: 'abort_barrier', name: step.barrier }, []);
      return;
    case 'reset':
      ask(context, machine, step, { verb: 'reset_barrier', name: step.barrier }, []);
      return;
    case 'put':
      putNext(context, machine, step);
      return;
    case 'get':
      ask(context, machine, step, { verb: 'get', name: step.queue, inHand: keepsInHand(context, machine.instance, step.queue) }, [
        reason('queue', step.queue, 'get'),
      ]);
      return;
    case 'recv':
      ask(context, machine, step, { verb: 'receive', name: step.pipe }, [reason('pipe', step.pipe, 'recv')]);
      return;
    case 'each':
      enterFrame(context, machine, { type: 'each', step, itemId: null });
      return;
    case 'repeat':
      enterFrame(context, machine, { type: 'repeat', step, round: 0 });
      return;
    case 'task_done':
      ask(context, machine, step, { verb: 'task_done', name: step.queue, ofEach: itemsOfEach(machine, step.queue) }, []);
      return;
    case 'join':
      join(context, machine, step);
      return;
    case 'send':
      rendered(context, machine, step, step.item, (item) => {
        ask(context, machine, step, { verb: 'send', name: step.pipe, item }, [reason('pipe', step.pipe, 'send')]);
      });
      return;
    case 'close':
      close(context, machine, step);
      return;
    case 'submit':
      submit(context, machine, step);
      return;
    case 'result': {
      const handle = machine.handles.get(step.handle);
      if (handle === undefined) {
        failStep(context, machine, step, `\`${step.handle}\` is not the handle of a \`submit\` before`);
        return;
      }
      armStepTimeout(context, machine, step);
      block(context, machine, { type: 'result', handle }, [reason('result', handle.pool, null)]);
      return;
    }
    case 'start':
      start(context, machine, step);
      return;
    case 'terminate':
    case 'kill': {
      const why = `\`${machine.instance}\` asked for it (\`${step.verb}\`)`;
      const units = step.pool ? [step.name] : step.instances;
      context.postFirst(...units.map((unit) => ({ type: 'stop_unit', unit, why, kill: step.verb === 'kill' }) as const));
      completeStep(context, machine, step, true);
      // One of them may be its own: then this machine is stopped before its next step.
      letRunIn(context, machine);
      return;
    }
    case 'add':
      rendered(context, machine, step, step.by, (by) => {
        if (typeof by !== 'number') failStep(context, machine, step, `\`by\` is ${JSON.stringify(by)}, not a number`);
        else ask(context, machine, step, { verb: 'add', name: step.value, by }, []);
      });
      return;
    case 'store':
      rendered(context, machine, step, step.item, (item) => {
        ask(context, machine, step, { verb: 'store', name: step.value, item }, []);
      });
      return;
    case 'load':
      ask(context, machine, step, { verb: 'load', name: step.value }, []);
      return;
    case 'exit':
      codeOf(context, machine, step, step.code, (code) => {
        machine.mayEnd = true;
        exitMachine(context, machine, code);
      });
      return;
    case 'shutdown':
      shutdown(context, machine, step);
      return;
    default:
      unreachable(step);
  }
}

function shutdown(context: Context, machine: MachineState, step: Extract<Step, { verb: 'shutdown' }>): void {
  codeOf(context, machine, step, step.code, (code) => {
    context.post({ type: 'shutdown', code, why: `\`${machine.instance}\` asked to end the run with ${code}` });
    completeStep(context, machine, step, true);
    // The run stops this machine as well, before its next step.
    letRunIn(context, machine);
  });
}

/** A wait at a condition that goes on after its time anyway just runs it, where nobody can notify it: its lock is given up meanwhile, as in Python (semantics 4). */
function waitOperation({ kind, name, timeoutMs, onTimeout }: Extract<Step, { verb: 'wait' }>): Operation {
  if (kind !== 'condition') return { verb: `wait_${kind}`, name };
  return { verb: 'wait_condition', name, ...(onTimeout.type === 'continue' && timeoutMs !== null && timeoutMs > 0 ? { runsItsTime: true } : {}) };
}

/** The lock that a condition gives up while it is waited for. */
export function lockOf(context: Context, condition: string): readonly Demand[] {
  const definition = context.primitive(condition);
  return definition?.kind === 'condition' ? [{ name: definition.lock, permits: 1 }] : [];
}

/** Asks for the next item of an `each`. */
export function fetchItem(context: Context, machine: MachineState, frame: Extract<Frame, { type: 'each' }>): void {
  const { kind, name } = frame.step.source;
  ask(
    context,
    machine,
    frame.step,
    kind === 'queue' ? { verb: 'get', name, inHand: true } : { verb: 'receive', name },
    [reason(kind, name, kind === 'queue' ? 'get' : 'recv')],
  );
}

/** Puts the next of the items of a `put` step, or completes it. */
export function putNext(context: Context, machine: MachineState, step: Extract<Step, { verb: 'put' }>): void {
  // Completed once, before the first: a list of thousands is not completed again for every item.
  const items = machine.items === null ? stepItems(context, machine, step) : ok(machine.items);
  if (!items.ok) {
    failStep(context, machine, step, items.error);
    return;
  }
  machine.items = items.value;
  const item = items.value[machine.progress];
  if (item === undefined) {
    completeStep(context, machine, step, true);
    return;
  }
  if (machine.closed.has(step.queue)) {
    failStep(context, machine, step, `\`${machine.instance}\` has closed the queue \`${step.queue}\` before`);
    return;
  }
  ask(context, machine, step, { verb: 'put', name: step.queue, item, priority: step.priority }, [
    reason('queue', step.queue, 'put'),
  ]);
}

/** When the wait of a step ends, on the caller's clock; null is never. */
function deadlineOf(context: Context, step: Step): number | null {
  const timeMs = stepTimeMs(context, step);
  return timeMs === null ? null : context.nowMs + timeMs;
}

/** How long the wait of a step may last, in ms; null without limit. */
export function stepTimeMs(context: Context, step: Step): number | null {
  return step.verb === 'wait' ? waitTimeMs(context, step) : step.timeoutMs;
}

function armStepTimeout(context: Context, machine: MachineState, step: Step): void {
  const deadlineMs = deadlineOf(context, step);
  if (deadlineMs === null) return;
  machine.timer = context.timers.arm(deadlineMs, { type: 'step_timeout', machine: machine.id });
}

function ask(
  context: Context,
  machine: MachineState,
  step: Step,
  operation: Operation,
  waits: readonly WaitReason[],
): void {
  machine.deadlineMs = deadlineOf(context, step);
  const requestId = context.request(machine.instance, operation, machine.deadlineMs, {
    type: 'step',
    machine: machine.id,
  });
  block(context, machine, { type: 'request', requestId }, waits);
}

function rendered(
  context: Context,
  machine: MachineState,
  step: Step,
  template: JsonTemplate,
  use: (value: Json) => void,
): void {
  const value = renderJson(context, machineScope(context, machine), template);
  if (value.ok) use(value.value);
  else failStep(context, machine, step, value.error);
}

function codeOf(
  context: Context,
  machine: MachineState,
  step: Step,
  template: JsonTemplate,
  use: (code: number) => void,
): void {
  rendered(context, machine, step, template, (value) => {
    const code = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof code !== 'number' || !Number.isInteger(code) || code < 0 || code > 255) {
      failStep(context, machine, step, `\`${step.verb}\` wants a code from 0 to 255, not ${JSON.stringify(value)}`);
    } else {
      use(code);
    }
  });
}

function join(context: Context, machine: MachineState, step: Extract<Step, { verb: 'join' }>): void {
  const { target } = step;
  if (target.kind === 'queue') {
    ask(context, machine, step, { verb: 'join_queue', name: target.name }, [reason('queue', target.name, 'join')]);
    return;
  }
  armStepTimeout(context, machine, step);
  if (target.kind === 'pool') {
    block(context, machine, { type: 'join_pool', pool: target.name }, [reason('join', target.name, null)]);
  } else {
    block(context, machine, { type: 'join', instances: target.instances }, [
      { ...reason('join', target.name, null), by: target.instances },
    ]);
  }
}

function close(context: Context, machine: MachineState, step: Extract<Step, { verb: 'close' }>): void {
  if (step.kind === 'pipe') {
    ask(context, machine, step, { verb: 'close_pipe', name: step.name }, []);
    return;
  }
  machine.closed.add(step.name);
  // It is the process that closes it, so that its programs have as well.
  context.closedBy(machine.instance).add(step.name);
  actorChanged(context, machine);
  completeStep(context, machine, step, true);
}

function submit(context: Context, machine: MachineState, step: Extract<Step, { verb: 'submit' }>): void {
  const pool = context.pool(step.pool);
  if (machine.closed.has(step.pool)) {
    failStep(context, machine, step, `\`${machine.instance}\` has closed the pool \`${step.pool}\` before`);
    return;
  }
  if (!poolTakesTasks(pool)) {
    failStep(context, machine, step, `the pool \`${step.pool}\` has ended`);
    return;
  }
  const items = stepItems(context, machine, step);
  if (!items.ok) {
    failStep(context, machine, step, items.error);
    return;
  }
  const tasks = items.value.map((item) => addTask(pool, item, { remembered: step.as !== null }));
  context.post({ type: 'fill_pool', pool: step.pool });
  if (step.as !== null) machine.handles.set(step.as, { pool: step.pool, tasks, many: step.many });
  // The handle is no JSON value: `result` looks it up by its name.
  completeStep(context, machine, { ...step, as: null }, true);
}

function start(context: Context, machine: MachineState, step: Extract<Step, { verb: 'start' }>): void {
  const names = step.pool ? [step.name] : step.instances;
  const whyNot = whyNotStarted(context, names.map((name) => context.unit(name)), machine.instance);
  if (whyNot !== null) {
    failStep(context, machine, step, whyNot.message);
    return;
  }
  context.startUnits(names);
  block(context, machine, { type: 'started', instances: step.instances, pool: step.pool ? step.name : null }, []);
}

/** One reason to wait, with nobody named yet. */
export function reason(kind: WaitReason['kind'], name: string, detail: string | null): WaitReason {
  return { kind, name, detail, by: [] };
}

/** What the `each` around a step have of a queue, and are done with by themselves. */
function itemsOfEach({ frames }: MachineState, queue: string): readonly number[] {
  return frames.flatMap((frame) => (frame.type === 'each' && frame.itemId !== null && frame.step.source.name === queue ? [frame.itemId] : []));
}
