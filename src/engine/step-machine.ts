/*
 * Runs a list of steps, one instruction after the other, on an explicit stack of frames.
 *
 * A frame is pushed when a nested list begins and popped however it ends: at its last step, at end of
 * stream, by a failure that `allow_failure` catches. Leaving a `with` owes a release, leaving an `each`
 * owes its item; these cleanups are carried out before the next instruction.
 */
import type { Json } from '../base/json.ts';
import type { Step } from '../plan/step.ts';
import type { Operation } from '../sync/operation.ts';
import type { Context } from './context.ts';
import type { Frame, MachineEnd, MachineState } from './machine-state.ts';
import type { WaitReason } from './run-event.ts';
import { requestEndTurn } from './step-turns.ts';

/** Instructions without a wait after which a machine lets the rest of the run in. */
const busyLimit = 256;

/** Creates a machine that stands before its first step. */
export function createMachine(
  context: Context,
  id: string,
  instance: string,
  purpose: MachineState['purpose'],
  steps: readonly Step[],
): MachineState {
  const machine: MachineState = {
    id,
    instance,
    purpose,
    frames: [{ type: 'sequence', steps, index: 0 }],
    vars: new Map(),
    handles: new Map(),
    blocked: null,
    waits: [],
    cleanups: [],
    afterCleanup: null,
    timer: null,
    deadlineMs: null,
    progress: 0,
    items: null,
    busy: 0,
    stopping: false,
    isEnding: false,
    mayEnd: false,
    closed: new Set(),
    tokens: new Map(),
    inHand: new Map(),
    output: [],
    end: null,
  };
  context.machines.set(id, machine);
  return machine;
}

/** Deals with the next thing: a cleanup, a step, the next round. `execute` begins one step. */
export function advanceMachine(
  context: Context,
  machine: MachineState,
  execute: (context: Context, machine: MachineState, step: Step) => void,
  fetch: (context: Context, machine: MachineState, frame: Extract<Frame, { type: 'each' }>) => void,
): void {
  while (machine.blocked === null && machine.end === null) {
    if (machine.stopping) {
      endMachine(context, machine, { type: 'stopped' });
      return;
    }
    if (cleanUp(context, machine)) return;
    machine.busy += 1;
    if (machine.busy > busyLimit) {
      letRunIn(context, machine);
      return;
    }
    const frame = machine.frames.at(-1);
    if (frame === undefined) {
      endMachine(context, machine, { type: 'done' });
      return;
    }
    advanceFrame(context, machine, frame, execute, fetch);
  }
}

/** Goes on only after what is under way in the rest of the run, which may stop this machine. */
export function letRunIn(context: Context, machine: MachineState): void {
  machine.busy = 0;
  machine.blocked = { type: 'yield' };
  machine.timer = context.timers.arm(context.nowMs, { type: 'continue_machine', machine: machine.id });
}

function advanceFrame(
  context: Context,
  machine: MachineState,
  frame: Frame,
  execute: (context: Context, machine: MachineState, step: Step) => void,
  fetch: (context: Context, machine: MachineState, frame: Extract<Frame, { type: 'each' }>) => void,
): void {
  switch (frame.type) {
    case 'sequence': {
      const step = frame.steps[frame.index];
      if (step === undefined) {
        machine.frames.pop();
        actorChanged(context, machine);
      } else {
        execute(context, machine, step);
      }
      return;
    }
    case 'with':
      machine.frames.pop();
      machine.cleanups.push({ verb: 'release', demands: frame.step.demands, isOwed: true });
      return;
    case 'on_timeout':
      leaveTop(context, machine);
      return;
    case 'each':
      if (frame.itemId !== null) {
        machine.cleanups.push({ verb: 'item_done', name: frame.step.source.name, itemId: frame.itemId });
        frame.itemId = null;
        return;
      }
      fetch(context, machine, frame);
      return;
    case 'repeat':
      nextRound(context, machine, frame);
      return;
  }
}

function nextRound(context: Context, machine: MachineState, frame: Extract<Frame, { type: 'repeat' }>): void {
  const { rounds, as, steps } = frame.step;
  const index = frame.round;
  frame.round += 1;
  let value: Json = index;
  if (typeof rounds === 'object') {
    const element = rounds[index];
    if (element === undefined) {
      leaveTop(context, machine);
      return;
    }
    value = element;
  } else if (rounds !== 'forever' && index >= rounds) {
    leaveTop(context, machine);
    return;
  }
  if (as !== null) machine.vars.set(as, value);
  machine.frames.push({ type: 'sequence', steps, index: 0 });
}

function leaveTop(context: Context, machine: MachineState): void {
  machine.frames.pop();
  actorChanged(context, machine);
}

/** Carries out what is owed; true while something is under way. */
function cleanUp(context: Context, machine: MachineState): boolean {
  const operation = machine.cleanups.shift();
  if (operation !== undefined) {
    const requestId = context.request(machine.instance, operation, context.nowMs, {
      type: 'cleanup',
      machine: machine.id,
    });
    machine.blocked = { type: 'cleanup', requestId };
    return true;
  }
  const after = machine.afterCleanup;
  machine.afterCleanup = null;
  if (after === null) return false;
  endMachine(context, machine, after);
  return true;
}

/** The step is over: its value goes to its `as`, and the next step is on. */
export function completeStep(context: Context, machine: MachineState, step: Step, value: Json): void {
  if (step.as !== null) machine.vars.set(step.as, value);
  unblock(machine);
  passStep(context, machine);
}

/** Goes behind the step that the innermost sequence stands at. */
export function passStep(context: Context, machine: MachineState): void {
  const frame = machine.frames.at(-1);
  if (frame?.type === 'sequence') frame.index += 1;
  machine.progress = 0;
  machine.items = null;
  actorChanged(context, machine);
}

/** Enters the steps of a compound step: the sequence around it goes on behind it. */
export function enterFrame(context: Context, machine: MachineState, frame: Frame): void {
  passStep(context, machine);
  machine.frames.push(frame);
}

/** Runs the steps of an `on_timeout` in place of the step that the machine is behind by now. */
export function enterOnTimeout(machine: MachineState, step: Step, steps: readonly Step[]): void {
  machine.frames.push({ type: 'on_timeout', step }, { type: 'sequence', steps, index: 0 });
}

/** The step has failed; `allow_failure` of it or of a step around it goes on behind that one. */
export function failStep(context: Context, machine: MachineState, step: Step, why: string): void {
  unblock(machine);
  if (step.allowFailure) {
    if (step.as !== null) machine.vars.set(step.as, null);
    passStep(context, machine);
    return;
  }
  failFrames(context, machine, why);
}

/** A failure inside the frames, which the innermost `allow_failure` around it catches. */
export function failFrames(context: Context, machine: MachineState, why: string): void {
  unblock(machine);
  const catching = machine.frames.findLastIndex((frame) => frame.type !== 'sequence' && frame.step.allowFailure);
  if (catching < 0) {
    endMachine(context, machine, { type: 'failed', why });
    return;
  }
  popTo(context, machine, catching);
}

/** End of stream: the innermost `each` or `repeat` ends; false when there is none. */
export function endInnermostLoop(context: Context, machine: MachineState): boolean {
  unblock(machine);
  const loop = machine.frames.findLastIndex((frame) => frame.type === 'each' || frame.type === 'repeat');
  if (loop < 0) return false;
  popTo(context, machine, loop);
  return true;
}

/** The `exit` step: everything in hand is done, then the machine ends. */
export function exitMachine(context: Context, machine: MachineState, code: number): void {
  popTo(context, machine, 0);
  machine.afterCleanup = { type: 'exit', code };
}

/** Leaves every frame from the innermost to the one at `level`, which is left as well. */
function popTo(context: Context, machine: MachineState, level: number): void {
  while (machine.frames.length > level) {
    const frame = machine.frames.pop();
    if (frame !== undefined) machine.cleanups.push(...owed(frame));
  }
  machine.progress = 0;
  machine.items = null;
  actorChanged(context, machine);
}

function owed(frame: Frame): readonly Operation[] {
  if (frame.type === 'with') return [{ verb: 'release', demands: frame.step.demands, isOwed: true }];
  if (frame.type === 'each' && frame.itemId !== null) {
    return [{ verb: 'item_done', name: frame.step.source.name, itemId: frame.itemId }];
  }
  return [];
}

/** The step that the machine stands at; null when it stands at a frame. */
export function currentStep(machine: MachineState): Step | null {
  const frame = machine.frames.at(-1);
  return frame?.type === 'sequence' ? (frame.steps[frame.index] ?? null) : null;
}

/** Says that the machine waits, and for what. */
export function block(
  context: Context,
  machine: MachineState,
  blocked: NonNullable<MachineState['blocked']>,
  waits: readonly WaitReason[],
): void {
  machine.blocked = blocked;
  machine.busy = 0;
  machine.waits = waits;
  context.touched.add(machine.instance);
  context.waitsChanged = true;
  if (
    blocked.type === 'join' ||
    blocked.type === 'join_pool' ||
    blocked.type === 'result' ||
    blocked.type === 'started'
  ) {
    context.watching.add(machine.id);
  }
}

/** Its steps stand somewhere else: whoever they belong to may have lost what it could do. */
export function actorChanged(context: Context, { purpose }: MachineState): void {
  context.changedActors.add(purpose.type === 'instance' ? purpose.instance : purpose.pool);
}

/** The machine goes on. */
export function unblock(machine: MachineState): void {
  machine.blocked = null;
  machine.waits = [];
  if (machine.timer !== null) machine.timer.armed = false;
  machine.timer = null;
}

/** Ends it, in its turn. */
export function endMachine(context: Context, machine: MachineState, end: MachineEnd): void {
  if (machine.end !== null) return;
  unblock(machine);
  actorChanged(context, machine);
  const requestId = requestEndTurn(context, machine, end);
  if (requestId !== null) {
    machine.isEnding = true;
    block(context, machine, { type: 'request', requestId }, []);
    return;
  }
  machine.end = end;
  context.post({ type: 'machine_done', machine: machine.id, end });
}
