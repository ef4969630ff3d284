import { roundsOf } from '../rounds-of.ts';
import type { Step } from '../step.ts';
import { endsWithStream } from '../ways-out.ts';

/** How often something is done. */
export interface Count {
  /** Where all of these steps succeed. */
  readonly least: number;
  /** Whatever happens; infinite where nothing is known. */
  readonly most: number;
}

/** How often a step itself does what is counted, without the steps in it. */
export type Weigh = (step: Step) => Count;

/** It does not. */
export const never: Count = { least: 0, most: 0 };

interface Walked extends Count {
  /** What stands behind is reached for certain. */
  readonly goesOn: boolean;
}

/** Bounds for how often one way through a list of steps does something. Linear in the steps. */
export function countDeeds(steps: readonly Step[], weigh: Weigh): Count {
  return walk(steps, weigh);
}

/** Something that is done so often in each of so many rounds. */
export function times(count: number, rounds: number): number {
  return count === 0 ? 0 : count * rounds;
}

function walk(steps: readonly Step[], weigh: Weigh): Walked {
  let least = 0;
  let most = 0;
  let goesOn = true;
  for (const step of steps) {
    const own = weigh(step);
    const body = walkBody(step, weigh);
    const instead = step.onTimeout.type === 'steps' ? walk(step.onTimeout.steps, weigh) : null;
    const isSure = goesOn && !step.allowFailure && step.onTimeout.type === 'fail';
    if (isSure) least += own.least + body.least;
    most += own.most + body.most + (instead?.most ?? 0);
    if (step.verb === 'exit') return { least, most, goesOn: false };
    goesOn &&= body.goesOn && instead?.goesOn !== false && step.verb !== 'shutdown';
  }
  return { least, most, goesOn };
}

function walkBody(step: Step, weigh: Weigh): Walked {
  switch (step.verb) {
    case 'with':
      return walk(step.steps, weigh);
    case 'each': {
      const round = walk(step.steps, weigh);
      return { least: 0, most: times(round.most, Number.POSITIVE_INFINITY), goesOn: round.goesOn };
    }
    case 'repeat': {
      const round = walk(step.steps, weigh);
      const rounds = roundsOf(step.rounds);
      const most = times(round.most, rounds);
      if (endsWithStream(step.steps)) return { least: 0, most, goesOn: round.goesOn };
      if (rounds === 0) return { least: 0, most: 0, goesOn: true };
      // A round that does not go on is the last one.
      const least = round.goesOn ? times(round.least, rounds) : round.least;
      return Number.isFinite(rounds) ? { least, most, goesOn: round.goesOn } : { least: round.least, most, goesOn: false };
    }
    default:
      return { ...never, goesOn: true };
  }
}
