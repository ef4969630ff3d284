import { roundsOf } from './rounds-of.ts';
import type { Step } from './step.ts';

/** How the steps of somebody may go on from behind a step, or a list of steps. */
export interface WaysOut {
  /** To what comes next. */
  readonly through: boolean;
  /** Behind the innermost loop around, at the end of a stream. */
  readonly endsLoop: boolean;
  /** By a failure, which somebody around may let pass. */
  readonly fails: boolean;
}

/** Only to what comes next. */
export const goesOn: WaysOut = { through: true, endsLoop: false, fails: false };
const nowhere: WaysOut = { through: false, endsLoop: false, fails: false };

/** Steps that come to their end, whatever the others do and whatever values there are. */
const neverFailing: ReadonlySet<Step['verb']> = new Set(['sleep', 'set', 'clear', 'abort', 'reset', 'close', 'terminate', 'kill', 'load']);

const known = new WeakMap<readonly Step[], readonly WaysOut[]>();

/** How a list of steps may be left by whoever stands before each of them, or behind the last one. */
export function waysOutFrom(steps: readonly Step[]): readonly WaysOut[] {
  const before = known.get(steps);
  if (before !== undefined) return before;
  const found: WaysOut[] = [goesOn];
  for (const step of steps.toReversed()) found.unshift(oneAfterTheOther(waysOutOf(step), found[0] ?? goesOn));
  known.set(steps, found);
  return found;
}

/** How a step may be left. */
export function waysOutOf(step: Step): WaysOut {
  const inTime = ofStep(step);
  const late = step.onTimeout.type === 'steps' && mayTimeOut(step) ? ofList(step.onTimeout.steps) : nowhere;
  const failsInTime = mayTimeOut(step) && step.onTimeout.type === 'fail';
  const goesOnInTime = mayTimeOut(step) && step.onTimeout.type === 'continue';
  return letPass(step, {
    through: inTime.through || late.through || goesOnInTime,
    endsLoop: inTime.endsLoop || late.endsLoop,
    fails: inTime.fails || late.fails || failsInTime,
  });
}

/** What `allow_failure` makes of it. */
export function letPass({ allowFailure }: Step, { through, endsLoop, fails }: WaysOut): WaysOut {
  return allowFailure ? { through: through || fails, endsLoop, fails: false } : { through, endsLoop, fails };
}

/** Whether it has only so much time; a barrier may have its own. */
export function mayTimeOut(step: Step): boolean {
  return step.timeoutMs !== null || (step.verb === 'wait' && step.kind === 'barrier');
}

function ofStep(step: Step): WaysOut {
  switch (step.verb) {
    case 'exit':
    case 'shutdown':
      // What is known only in the run may be no code; and a run that is ended ends those last whom others need.
      return { through: step.verb === 'shutdown', endsLoop: false, fails: typeof step.code !== 'number' };
    case 'get':
    case 'recv':
      return { through: true, endsLoop: true, fails: true };
    case 'with':
      return ofList(step.steps);
    case 'each':
      return { through: true, endsLoop: false, fails: ofList(step.steps).fails };
    case 'repeat': {
      if (roundsOf(step.rounds) === 0) return goesOn;
      const round = ofList(step.steps);
      return { through: round.endsLoop || (round.through && step.rounds !== 'forever'), endsLoop: false, fails: round.fails };
    }
    default:
      return neverFailing.has(step.verb) ? goesOn : { through: true, endsLoop: false, fails: true };
  }
}

/** Whether the loop around these steps may end with a stream: a `get` or `recv` with no other loop between finds that nothing more comes. */
export function endsWithStream(steps: readonly Step[]): boolean {
  return ofList(steps).endsLoop;
}

function ofList(steps: readonly Step[]): WaysOut {
  return waysOutFrom(steps)[0] ?? goesOn;
}

/** Behind what is never gone through nothing comes. */
export function oneAfterTheOther(first: WaysOut, second: WaysOut): WaysOut {
  if (!first.through) return first;
  return { through: second.through, endsLoop: first.endsLoop || second.endsLoop, fails: first.fails || second.fails };
}
