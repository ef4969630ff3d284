import type { Plan } from '../../plan/plan.ts';
import { walkSteps } from '../../plan/walk-steps.ts';

/** Instances that somebody may start or stop, be it by a program. */
export function orderedAbout({ instances, pools, actors }: Plan): ReadonlySet<string> {
  const steps = [...instances, ...pools].flatMap(({ body }) => (body.type === 'steps' ? [...walkSteps(body.steps)] : []));
  const named = steps.flatMap((step) => ((step.verb === 'start' || step.verb === 'terminate' || step.verb === 'kill') && !step.pool ? step.instances : []));
  return new Set([...named, ...actors.flatMap(({ action, by, name }) => (action === 'start' && by.type === 'uses' ? [name] : []))]);
}
