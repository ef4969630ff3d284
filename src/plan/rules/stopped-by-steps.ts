import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/** Instances and pools that a step or a program may terminate: they can end although they are endless. */
export function stoppedBySteps(input: RuleInput): ReadonlySet<string> {
  const names = new Set<string>();
  for (const body of input.bodies) {
    for (const step of walkSteps(body.steps)) {
      if (step.verb === 'terminate' || step.verb === 'kill')
        for (const name of step.pool ? [step.name] : step.instances) names.add(name);
    }
  }
  for (const actor of input.plan.actors)
    if (actor.action === 'start' && actor.by.type === 'uses') names.add(actor.name);
  return names;
}
