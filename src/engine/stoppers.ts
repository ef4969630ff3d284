import type { Plan } from '../plan/plan.ts';
import { walkSteps } from '../plan/walk-steps.ts';
import type { EngineAction, EngineActor } from './can-act.ts';
import { type ActionKey, actionKey, stopActions } from './step-actions.ts';

/** Who may end whom by a step, and who may break a barrier: whatever is waited for, the wait may be over, and all that is held is free then. */
export function stoppersOf({ instances, pools }: Plan): readonly EngineActor[] {
  return [...instances, ...pools].flatMap(({ name: who, body, place }) => {
    if (body.type !== 'steps') return [];
    const ended = new Map<ActionKey, readonly [EngineAction, string]>();
    for (const step of walkSteps(body.steps)) for (const [action, name] of stopActions(step)) ended.set(actionKey(action, name), [action, name]);
    return [...ended.values()].map(([action, name]): EngineActor => ({ who, action, name, by: { type: 'steps' }, place }));
  });
}
