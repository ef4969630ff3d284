import type { Demand } from '../../sync/operation.ts';
import type { Step } from '../step.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput, SharedBody } from './rule.ts';

/** What an instance holds of each lock and semaphore at one point of its steps. */
export interface HeldRange {
  /** Held on every way here. */
  readonly least: ReadonlyMap<string, number>;
  /** Held on some way here. */
  readonly most: ReadonlyMap<string, number>;
}

/** Whether all is known that the runner of these steps acquires and releases. */
export function knowsHolds({ gaps }: RuleInput, { work, isWhole }: SharedBody): boolean {
  return isWhole && !gaps.mayLack(work.place, 'with') && !gaps.mayLack(work.place, 'uses');
}

/** Hears every step together with what is held when it is reached. */
export type HoldVisitor = (step: Step, held: HeldRange) => void;

/**
 * Follows the steps of one instance and says at each what it holds: at least, over all ways that lead
 * there, and at most. The bounds are safe ones: a round of a loop may have run or not, a timed wait may
 * have got what it wanted or not, and a step with `allow_failure` may have failed.
 */
export function trackHolds(
  steps: readonly Step[],
  initial: readonly Demand[],
  visit: HoldVisitor,
): void {
  follow(steps, { least: add(new Map(), initial), most: add(new Map(), initial) }, visit);
}

function follow(steps: readonly Step[], before: HeldRange, visit: HoldVisitor): HeldRange {
  return steps.reduce((held, step) => after(step, held, visit), before);
}

function after(step: Step, held: HeldRange, visit: HoldVisitor): HeldRange {
  visit(step, held);
  const done = completed(step, held, visit);
  const instead =
    step.onTimeout.type === 'steps' ? follow(step.onTimeout.steps, held, visit) : held;
  const mayBeSkipped =
    step.allowFailure || (step.onTimeout.type !== 'fail' && step.timeoutMs !== null);
  return mayBeSkipped ? join(done, instead) : done;
}

function completed(step: Step, held: HeldRange, visit: HoldVisitor): HeldRange {
  switch (step.verb) {
    case 'acquire':
      return { least: add(held.least, step.demands), most: add(held.most, step.demands) };
    case 'release':
      return { least: remove(held.least, step.demands), most: remove(held.most, step.demands) };
    case 'with': {
      const inside = follow(
        step.steps,
        { least: add(held.least, step.demands), most: add(held.most, step.demands) },
        visit,
      );
      return { least: remove(inside.least, step.demands), most: remove(inside.most, step.demands) };
    }
    case 'each':
    case 'repeat': {
      const once = loopEntry(step.steps, held);
      return join(held, follow(step.steps, once, visit));
    }
    default:
      return held;
  }
}

/** What may be held at the start of any round: nothing is sure that a round releases, all that one takes. */
function loopEntry(steps: readonly Step[], held: HeldRange): HeldRange {
  const least = new Map(held.least);
  const most = new Map(held.most);
  for (const step of walkSteps(steps)) {
    if (step.verb === 'release') for (const { name } of step.demands) least.delete(name);
    if (step.verb === 'acquire')
      for (const { name } of step.demands) most.set(name, Number.POSITIVE_INFINITY);
  }
  return { least, most };
}

function join(left: HeldRange, right: HeldRange): HeldRange {
  const least = new Map<string, number>();
  for (const [name, count] of left.least) {
    const both = Math.min(count, right.least.get(name) ?? 0);
    if (both > 0) least.set(name, both);
  }
  const most = new Map(left.most);
  for (const [name, count] of right.most) most.set(name, Math.max(count, most.get(name) ?? 0));
  return { least, most };
}

function add(
  held: ReadonlyMap<string, number>,
  demands: readonly Demand[],
): ReadonlyMap<string, number> {
  const sum = new Map(held);
  for (const { name, permits } of demands) sum.set(name, (sum.get(name) ?? 0) + permits);
  return sum;
}

function remove(
  held: ReadonlyMap<string, number>,
  demands: readonly Demand[],
): ReadonlyMap<string, number> {
  const rest = new Map(held);
  for (const { name, permits } of demands)
    rest.set(name, Math.max(0, (rest.get(name) ?? 0) - permits));
  return rest;
}
