import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/**
 * How much there is of each lock and each bounded semaphore. Left out is a semaphore that steps release: they may give back what
 * somebody else has taken.
 */
export function permitsOfAll({ plan, bodies }: RuleInput): ReadonlyMap<string, number> {
  const released = new Set(bodies.flatMap(({ steps }) => [...walkSteps(steps)].flatMap((step) => (step.verb === 'release' ? step.demands.map(({ name }) => name) : []))));
  return new Map(
    plan.primitives.flatMap((primitive): readonly (readonly [string, number])[] => {
      if (primitive.kind === 'lock') return [[primitive.name, 1]];
      return primitive.kind === 'semaphore' && primitive.bounded && !released.has(primitive.name) ? [[primitive.name, primitive.permits]] : [];
    }),
  );
}
