import type { Demand } from '../../sync/operation.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/**
 * Who releases a semaphore in its steps and never takes it, by the name of the semaphore: such a release is a signal, and gives back nothing.
 * Of several it is the first of the spec.
 */
export function releasedByOthers({ bodies }: RuleInput): ReadonlyMap<string, string> {
  const releasers = new Map<string, string>();
  for (const { owner, work, steps } of bodies) {
    const taken = new Set(work.holds.map(({ name }) => name));
    const released: Demand[] = [];
    for (const step of walkSteps(steps)) {
      if (step.verb === 'acquire' || step.verb === 'with') for (const { name } of step.demands) taken.add(name);
      if (step.verb === 'release') released.push(...step.demands);
    }
    for (const { name } of released) if (!taken.has(name) && !releasers.has(name)) releasers.set(name, owner);
  }
  return releasers;
}
