import type { InstancePlan, PoolPlan } from '../plan.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/**
 * Whether anybody but this process or pool runs a program of the user's, which may take a lock or wait for an event
 * without a word in the spec.
 */
export function hasProgramsBeside({ works }: RuleInput, owner: string): boolean {
  return works.some((work) => ('process' in work ? work.process : work.name) !== owner && runsProgram(work));
}

function runsProgram(work: InstancePlan | PoolPlan): boolean {
  if (work.body.type !== 'steps' || work.stop.command !== null) return true;
  const isProbed = 'readinessProbe' in work && (work.readinessProbe !== null || work.livenessProbe !== null);
  return isProbed || [...walkSteps(work.body.steps)].some(({ verb }) => verb === 'run');
}
