import type { Step } from '../../plan/step.ts';
import type { Demand } from '../../sync/operation.ts';
import { innerSteps, walkSteps } from '../../plan/walk-steps.ts';
import { endsWithStream } from '../../plan/ways-out.ts';

/** Whether steps may release more of a semaphore than they have taken by then, beside what is held around all of them. */
export function releasesMore(steps: readonly Step[], around: readonly Demand[], semaphore: string): boolean {
  return Number.isNaN(fewestAfter(steps, semaphore, permitsOf(around, semaphore)));
}

/**
 * The fewest permits that may be held behind these steps; Infinity where they never end, and not a number where they
 * may release what they do not have, or where that is not known.
 */
function fewestAfter(steps: readonly Step[], semaphore: string, before: number): number {
  let has = before;
  for (const step of steps) {
    const inTime = afterStep(step, semaphore, has);
    // Math.min passes on what is not a number; an `exit` behind it does not.
    has = Math.min(inTime, ...afterNone(step, semaphore, has));
    if (Number.isNaN(has)) return has;
  }
  return has;
}

function afterStep(step: Step, semaphore: string, has: number): number {
  switch (step.verb) {
    case 'acquire':
      return has + permitsOf(step.demands, semaphore);
    case 'release': {
      const left = has - permitsOf(step.demands, semaphore);
      return left < 0 ? Number.NaN : left;
    }
    case 'exit':
      return Infinity;
    case 'with': {
      const permits = permitsOf(step.demands, semaphore);
      // Of what it has taken it gives back what is left.
      return Math.max(0, fewestAfter(step.steps, semaphore, has + permits) - permits);
    }
    case 'each': {
      if (isCutShort(step.steps, semaphore)) return Number.NaN;
      const round = fewestAfter(step.steps, semaphore, has);
      return round < has ? Number.NaN : Math.min(has, round);
    }
    case 'repeat': {
      if (isCutShort(step.steps, semaphore)) return Number.NaN;
      const round = fewestAfter(step.steps, semaphore, has);
      if (Number.isNaN(round) || round < has) return Number.NaN;
      // It may be over before any round has come to its end.
      if (endsWithStream(step.steps)) return has;
      if (step.rounds === 'forever') return Infinity;
      const rounds = typeof step.rounds === 'number' ? step.rounds : step.rounds.length;
      return rounds === 0 || round === has ? has : has + rounds * (round - has);
    }
    default:
      return has;
  }
}

/** Where a step has failed, or its time has run out, and the process goes on. */
function afterNone(step: Step, semaphore: string, has: number): readonly number[] {
  const failed = step.allowFailure ? [innerSteps(step).some((inner) => releases(inner, semaphore)) ? Number.NaN : has] : [];
  switch (step.onTimeout.type) {
    case 'fail':
      return failed;
    case 'continue':
      return [...failed, has];
    case 'steps':
      return [...failed, fewestAfter(step.onTimeout.steps, semaphore, has)];
  }
}

/** A round that the end of a stream cuts short may have released, and not taken again. */
function isCutShort(steps: readonly Step[], semaphore: string): boolean {
  return endsWithStream(steps) && releases(steps, semaphore);
}

function releases(steps: readonly Step[], semaphore: string): boolean {
  return [...walkSteps(steps)].some((step) => step.verb === 'release' && permitsOf(step.demands, semaphore) > 0);
}

function permitsOf(demands: readonly Demand[], name: string): number {
  return demands.find((demand) => demand.name === name)?.permits ?? 0;
}
