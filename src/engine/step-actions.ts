import type { Actor } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import type { Frame, MachineState } from './machine-state.ts';

/** What steps can do that somebody else may wait for. */
type StepAction = Actor['action'] | 'release';

/** One thing that steps can do to another thing, as `put:work`. */
export type ActionKey = `${StepAction}:${string}`;

/** The key of an action on a thing. */
export function actionKey(action: StepAction, name: string): ActionKey {
  return `${action}:${name}`;
}

/** What a list of steps may do, nested steps included, and where. */
interface StepsIndex {
  /** Where each action stands last, as far as steps can be reached. */
  readonly last: ReadonlyMap<ActionKey, number>;
  /** Behind this step none can be reached; null where all can. */
  readonly lastStep: number | null;
}

const known = new WeakMap<readonly Step[], StepsIndex>();

/** Found out once for each list: thousands of questions are asked about the same steps. */
function indexOf(steps: readonly Step[]): StepsIndex {
  const before = known.get(steps);
  if (before !== undefined) return before;
  const last = new Map<ActionKey, number>();
  let lastStep: number | null = null;
  for (const [position, step] of steps.entries()) {
    for (const key of stepActions(step)) last.set(key, position);
    if (!isLast(step)) continue;
    lastStep = position;
    break;
  }
  const index = { last, lastStep };
  known.set(steps, index);
  return index;
}

/** Every action of the steps, also of those that cannot be reached. */
function allActions(steps: readonly Step[]): ReadonlySet<ActionKey> {
  const before = knownActions.get(steps);
  if (before !== undefined) return before;
  const actions = new Set<ActionKey>();
  for (const step of steps) for (const key of stepActions(step)) actions.add(key);
  knownActions.set(steps, actions);
  return actions;
}

const knownActions = new WeakMap<readonly Step[], ReadonlySet<ActionKey>>();
const knownSteps = new WeakMap<Step, ReadonlySet<ActionKey>>();

/** Everything that one step may do, nested steps included. */
function stepActions(step: Step): ReadonlySet<ActionKey> {
  const before = knownSteps.get(step);
  if (before !== undefined) return before;
  const actions = new Set<ActionKey>();
  addOwnActions(step, actions);
  if (step.verb === 'with' || step.verb === 'each' || step.verb === 'repeat') {
    for (const key of allActions(step.steps)) actions.add(key);
  }
  if (step.onTimeout.type === 'steps') for (const key of allActions(step.onTimeout.steps)) actions.add(key);
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
    case 'start':
      for (const instance of step.instances) actions.add(actionKey('start', instance));
      if (step.pool) actions.add(actionKey('start', step.name));
      return;
    default:
  }
}

/** Whether a step ends a loop that is `forever`: the loop can only be left by end of stream. */
function canMeetEndOfStream(steps: readonly Step[]): boolean {
  return steps.some(
    (step) =>
      step.verb === 'get' ||
      step.verb === 'recv' ||
      (step.verb === 'with' && canMeetEndOfStream(step.steps)) ||
      (step.onTimeout.type === 'steps' && canMeetEndOfStream(step.onTimeout.steps)),
  );
}

/** Whether the steps behind this one are out of reach. */
function isLast(step: Step): boolean {
  if (step.verb === 'exit') return true;
  return step.verb === 'repeat' && step.rounds === 'forever' && !step.allowFailure && !canMeetEndOfStream(step.steps);
}

/**
 * Whether the steps that a machine has still before it can do this. The step that it is blocked in
 * counts, since it has not been done.
 */
export function machineCan(machine: MachineState, key: ActionKey): boolean {
  if (machine.end !== null || machine.stopping) return false;
  for (let level = machine.frames.length - 1; level >= 0; level -= 1) {
    const frame = machine.frames[level];
    if (frame === undefined) continue;
    const verdict = frameCan(frame, key);
    if (verdict === 'yes') return true;
    if (verdict === 'never') return false;
  }
  return false;
}

/** `never`: not in this frame, and the frames around it are out of reach. */
function frameCan(frame: Frame, key: ActionKey): 'yes' | 'no' | 'never' {
  switch (frame.type) {
    case 'sequence': {
      const { last, lastStep } = indexOf(frame.steps);
      if ((last.get(key) ?? -1) >= frame.index) return 'yes';
      return lastStep !== null && frame.index <= lastStep ? 'never' : 'no';
    }
    case 'with':
      // It gives back what it holds when it is left.
      return frame.step.demands.some(({ name }) => key === actionKey('release', name)) ? 'yes' : 'no';
    case 'on_timeout':
      return 'no';
    case 'each':
      return stepActions(frame.step).has(key) ? 'yes' : 'no';
    case 'repeat':
      // Of the last round, only what is left of its steps comes, which the frame above this one knows.
      if (isLastRound(frame)) return 'no';
      if (stepActions(frame.step).has(key)) return 'yes';
      return isLast(frame.step) ? 'never' : 'no';
  }
}

/** `round` counts the rounds that have begun. */
function isLastRound({ step: { rounds }, round }: Extract<Frame, { type: 'repeat' }>): boolean {
  return rounds !== 'forever' && round >= (typeof rounds === 'number' ? rounds : rounds.length);
}
