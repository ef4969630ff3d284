import type { Plan } from '../plan/plan.ts';
import { walkSteps } from '../plan/walk-steps.ts';
import type { EngineActor } from './can-act.ts';

/** Who may end whom by a step: whatever that one waits for, it may be over, and all that it holds is free then. */
export function stoppersOf({ instances, pools }: Plan): readonly EngineActor[] {
  return [...instances, ...pools].flatMap(({ name: who, body, place }) => {
    if (body.type !== 'steps') return [];
    const ended = new Set<string>();
    for (const step of walkSteps(body.steps)) {
      if (step.verb !== 'terminate' && step.verb !== 'kill') continue;
      for (const instance of step.instances) ended.add(instance);
      if (step.pool) ended.add(step.name);
    }
    return [...ended].map((name): EngineActor => ({ who, action: 'stop', name, by: { type: 'steps' }, place }));
  });
}
