import type { Actor } from '../plan/plan.ts';
import { roundsOf } from '../plan/rounds-of.ts';
import type { Step } from '../plan/step.ts';
import { goesOn, letPass, mayTimeOut, oneAfterTheOther, type WaysOut, waysOutFrom, waysOutOf } from '../plan/ways-out.ts';
import type { Frame, MachineState } from './machine-state.ts';

/** What steps can do that somebody else may wait for. */
type StepAction = Actor['action'] | 'release' | 'run' | 'end' | StopAction;

/** What ends the waits of others: `stop` ends them, `break` breaks a barrier. */
export type StopAction = 'stop' | 'break';

/** One thing that steps can do to another thing, as `put:work`. */
export type ActionKey = `${StepAction}:${string}`;

/** The key of an action on a thing. */
export function actionKey(action: StepAction, name: string): ActionKey {
  return `${action}:${name}`;
}

/** A command may do whatever its instance may; and steps come to their end by `exit` wherever that stands. */
const anyCommand = actionKey('run', '');
const itsEnd = actionKey('end', '');

const known = new WeakMap<readonly Step[], ReadonlyMap<ActionKey, number>>();

/**
 * Where in a list each action stands last, nested steps included, as far as steps can be reached. Found out once for each list: thousands
 * of questions are asked about the same steps.
 */
function lastPlaces(steps: readonly Step[]): ReadonlyMap<ActionKey, number> {
  const before = known.get(steps);
  if (before !== undefined) return before;
  const last = new Map<ActionKey, number>();
  for (const [position, step] of steps.entries()) {
    for (const key of stepActions(step)) last.set(key, position);
    if (!waysOutOf(step).through) break;
  }
  known.set(steps, last);
  return last;
}

/** Whether somebody who has not begun with these steps can do this in them. */
export function stepsCan(steps: readonly Step[], key: ActionKey): boolean {
  return lastPlaces(steps).has(key);
}

const knownSteps = new WeakMap<Step, ReadonlySet<ActionKey>>();

/** Everything that one step may do, nested steps included. */
function stepActions(step: Step): ReadonlySet<ActionKey> {
  const before = knownSteps.get(step);
  if (before !== undefined) return before;
  const actions = new Set<ActionKey>();
  addOwnActions(step, actions);
  if (step.verb === 'with' || step.verb === 'each' || (step.verb === 'repeat' && roundsOf(step.rounds) > 0)) {
    for (const key of lastPlaces(step.steps).keys()) actions.add(key);
  }
  if (step.onTimeout.type === 'steps' && mayTimeOut(step)) for (const key of lastPlaces(step.onTimeout.steps).keys()) actions.add(key);
  knownSteps.set(step, actions);
  return actions;
}

/** What the step itself does, without the steps inside it. */
function addOwnActions(step: Step, actions: Set<ActionKey>): void {
  switch (step.verb) {
    case 'set':
      actions.add(actionKey('set', step.event));
      return;
    case 'wait':
      if (step.kind === 'barrier') actions.add(actionKey('wait', step.name));
      return;
    case 'notify':
      actions.add(actionKey('notify', step.condition));
      return;
    case 'put':
      actions.add(actionKey('put', step.queue));
      return;
    case 'get':
      actions.add(actionKey('get', step.queue));
      return;
    case 'each':
      if (step.source.kind === 'queue') actions.add(actionKey('get', step.source.name));
      return;
    case 'submit':
      actions.add(actionKey('submit', step.pool));
      return;
    case 'release':
      for (const { name } of step.demands) actions.add(actionKey('release', name));
      return;
    case 'run':
      actions.add(anyCommand);
      return;
    case 'exit':
    case 'shutdown':
      actions.add(itsEnd);
      return;
    case 'start':
      for (const instance of step.instances) actions.add(actionKey('start', instance));
      if (step.pool) actions.add(actionKey('start', step.name));
      return;
    default:
      for (const [action, name] of stopActions(step)) actions.add(actionKey(action, name));
  }
}

/** Whose waits a step ends. */
export function stopActions(step: Step): readonly (readonly [StopAction, string])[] {
  switch (step.verb) {
    case 'terminate':
    case 'kill':
      return [...step.instances, ...(step.pool ? [step.name] : [])].map((name) => ['stop', name]);
    case 'abort':
    case 'reset':
      return [['break', step.barrier]];
    default:
      return [];
  }
}

/**
 * Whether the steps that a machine has still before it can do this. The step that it is blocked in
 * counts, since it has not been done.
 */
export function machineCan(machine: MachineState, key: ActionKey): boolean {
  if (machine.end !== null || machine.stopping || machine.isEnding) return false;
  let inner: WaysOut = goesOn;
  for (let level = machine.frames.length - 1; level >= 0; level -= 1) {
    const frame = machine.frames[level];
    if (frame === undefined) continue;
    if (frameCan(frame, key, inner.through) || (givesBack(frame, key) && isLeft(inner, machine.frames.slice(0, level + 1)))) return true;
    inner = waysOutOfFrame(frame, inner);
  }
  return false;
}

/**
 * Whether what a machine holds of this stays held as long as nobody stops it: whatever the others do, it comes to no release of it and to
 * no end, and runs no command, which might give it back.
 */
export function machineKeeps(machine: MachineState, resource: string): boolean {
  if (machine.end !== null || machine.stopping || machine.isEnding || machine.cleanups.length > 0 || machine.blocked?.type === 'cleanup') return false;
  if ([actionKey('release', resource), anyCommand, itsEnd].some((key) => machineCan(machine, key))) return false;
  const { through, endsLoop, fails } = machine.frames.reduceRight((inner, frame) => waysOutOfFrame(frame, inner), goesOn);
  return !through && !endsLoop && !fails;
}

/** Whether it may be done in this frame itself. `isBack`: the steps in it may come back to it, or stand at it. */
function frameCan(frame: Frame, key: ActionKey, isBack: boolean): boolean {
  switch (frame.type) {
    case 'sequence':
      return isBack && (lastPlaces(frame.steps).get(key) ?? -1) >= frame.index;
    case 'with':
    case 'on_timeout':
      return false;
    case 'each':
      return isBack && stepActions(frame.step).has(key);
    case 'repeat':
      // Of the last round, only what is left of its steps comes, which the frame above this one knows.
      return isBack && !isLastRound(frame) && stepActions(frame.step).has(key);
  }
}

/** A `with` gives back what it holds when it is left. */
function givesBack(frame: Frame, key: ActionKey): boolean {
  return frame.type === 'with' && frame.step.demands.some(({ name }) => key === actionKey('release', name));
}

/** Whether what is in these frames can be over without that all is, which a failure is that nobody lets pass. */
function isLeft({ through, endsLoop, fails }: WaysOut, frames: readonly Frame[]): boolean {
  return through || endsLoop || (fails && frames.some((frame) => frame.type !== 'sequence' && frame.step.allowFailure));
}

/** How a frame may be left, given how what is in it may be. */
function waysOutOfFrame(frame: Frame, inner: WaysOut): WaysOut {
  switch (frame.type) {
    case 'sequence':
      return oneAfterTheOther(inner, waysOutFrom(frame.steps)[frame.index] ?? goesOn);
    case 'with':
    case 'on_timeout':
      return letPass(frame.step, inner);
    case 'each':
    case 'repeat': {
      const isOver = frame.type === 'repeat' && isLastRound(frame);
      const rounds: WaysOut = inner.through && !isOver ? waysOutOf(frame.step) : { through: false, endsLoop: false, fails: false };
      const own = letPass(frame.step, { through: inner.endsLoop || (inner.through && isOver), endsLoop: false, fails: inner.fails });
      return { through: own.through || rounds.through, endsLoop: rounds.endsLoop, fails: own.fails || rounds.fails };
    }
  }
}

/** `round` counts the rounds that have begun. */
function isLastRound({ step: { rounds }, round }: Extract<Frame, { type: 'repeat' }>): boolean {
  return round >= roundsOf(rounds);
}
