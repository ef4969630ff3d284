import type { Place } from '../../base/place.ts';
import type { InstancePlan, PoolPlan, WorkPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import type { Script, Way } from '../model.ts';
import { firstOf, orFails } from '../script-words.ts';
import type { CompileContext } from './compile-context.ts';

/** What may end an attempt before its last step: its own time, and a probe that fails. */
export interface Lifetime {
  /** null without a limit. */
  readonly timeMs: number | null;
  readonly isProbed: boolean;
}

/** Whose attempts those are: the instance or pool of the plan. */
interface Mortal {
  readonly who: string;
  readonly lifetime: Lifetime;
}

/** Nothing does. */
export const unlimited: Lifetime = { timeMs: null, isProbed: false };

const fails: Script = [{ type: 'fail', endsAll: true }];
const isOver: Way = { operation: { do: 'time_out', breaks: null, endsAttempt: true }, next: fails };
const isCut: Way = { operation: { do: 'time_out', breaks: null, endsAttempt: true, cuts: true }, next: fails };
const isCutByProbe: Way = { operation: { do: 'time_out', breaks: null, endsAttempt: true, cuts: true, byProbe: true }, next: fails };
const goesOn: Way = { operation: { do: 'nothing' }, next: [] };

/** Of an instance that is made of steps. */
export function lifetimeOf({ timeoutMs, livenessProbe, readinessProbe }: InstancePlan): Lifetime {
  return { timeMs: timeoutMs, isProbed: livenessProbe !== null || readinessProbe !== null };
}

/** Of each task of a pool. */
export function lifetimeOfTask({ taskTimeoutMs }: PoolPlan): Lifetime {
  return { timeMs: taskTimeoutMs, isProbed: false };
}

/** How an attempt may end where it waits: whatever time it has is over at last. A probe need not fail as long as it waits there. */
export function endsWaiting({ lifetime }: Mortal): readonly Way[] {
  return lifetime.timeMs === null ? [] : [isOver];
}

/** What takes so much time, and asks nobody: the attempt may be over meanwhile, and is where it has less. */
export function takesTime(context: CompileContext, mortal: Mortal, durationMs: number, place: Place): Script {
  const { timeMs, isProbed } = mortal.lifetime;
  if (timeMs !== null && durationMs > timeMs) return [firstOf([isOver], place)];
  return durationMs > 0 && (timeMs !== null || isProbed) ? mayBeCut(context, mortal, place) : [];
}

/** Steps that may be cut short within, not in front of them: in their time, or before each item of theirs. */
const cutWithin: ReadonlySet<string> = new Set(['sleep', 'each', 'put', 'submit']);

/** A probe may fail, or the time of the attempt be over, before any step, be it while others are to come to what the step waits for. */
export function mayFailBefore(context: CompileContext, mortal: Mortal, { verb, place }: Step): Script {
  return cutWithin.has(verb) ? [] : mayFailHere(context, mortal, place);
}

/** The same in front of what a step waits for once more, and behind the last step. */
export function mayFailHere(context: CompileContext, mortal: Mortal, place: Place): Script {
  const { timeMs, isProbed } = mortal.lifetime;
  return timeMs !== null || isProbed ? mayBeCut(context, mortal, place) : [];
}

/** The same among what a program chooses to do, by a probe: with its time over it is late. */
export function mayFailAmong(context: CompileContext, mortal: Mortal, place: Place): readonly Way[] {
  return mortal.lifetime.isProbed && mayFailHere(context, mortal, place).length > 0 ? [isCutByProbe] : [];
}

/** A program may be one that cannot be started, as where there is no such file: of account where its start is seen, which never comes then. */
export function mayNotStart(context: CompileContext, { name, place }: InstancePlan): Script {
  if (context.isPatient || !context.isStartSeen(name)) return [];
  context.assume('coarser', `the program of \`${name}\` may not be started`, place, { of: name, part: 'is_cut_short' });
  return [orFails('start', place, fails)];
}

/** What is printed into a file may not be written, as where the disk is full. */
export function mayNotBeWritten(context: CompileContext, { who, work }: Mortal & { readonly work: WorkPlan }, place: Place): Script {
  if (work.stdout.type !== 'file' || context.isPatient) return [];
  context.assume('coarser', `what \`${who}\` prints may not be written`, place, { of: who, part: 'is_cut_short' });
  return [orFails('file', place)];
}

/** How much of its time was left by then, and what a probe finds, nobody knows before the run. */
function mayBeCut(context: CompileContext, { who, lifetime }: Mortal, place: Place): Script {
  if (context.isPatient) return [];
  context.assume('coarser', `an attempt of \`${who}\` may be over before its last step, by its time or a probe`, place, { of: who, part: 'is_cut_short' });
  return [firstOf([goesOn, lifetime.timeMs === null ? isCutByProbe : isCut], place)];
}

/** How long steps take that do nothing but take time; null where they do anything else. */
export function restingMs(context: CompileContext, { stdout }: WorkPlan, steps: readonly Step[]): number | null {
  let sum = 0;
  for (const step of steps) {
    const ms = ownMs(stdout.type === 'file', step);
    if (ms === null || context.isUnsure(step)) return null;
    sum += ms;
  }
  return sum;
}

function ownMs(isToFile: boolean, step: Step): number | null {
  switch (step.verb) {
    case 'sleep':
      return step.durationMs;
    case 'add':
    case 'store':
    case 'load':
      return 0;
    case 'print':
      return isToFile ? null : 0;
    default:
      return null;
  }
}
