import type { Place } from '../../base/place.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';

/** Changes every list of steps of a plan, from the inside out, with those of the same process alike. */
export function editSteps(plan: Plan, edit: (steps: readonly Step[], who: string) => readonly Step[]): Plan {
  const within = (steps: readonly Step[], who: string): readonly Step[] =>
    edit(
      steps.map((step) => withInner(step, (inner) => within(inner, who))),
      who,
    );
  return {
    ...plan,
    instances: plan.instances.map((instance) => (instance.body.type === 'steps' ? { ...instance, body: { ...instance.body, steps: within(instance.body.steps, instance.name) } } : instance)),
    pools: plan.pools.map((pool) => (pool.body.type === 'steps' ? { ...pool, body: { ...pool.body, steps: within(pool.body.steps, pool.name) } } : pool)),
  };
}

/** Whether a step is the one at a place. */
export function stands(step: Pick<Step, 'place'>, place: Place): boolean {
  return step.place.length === place.length && step.place.every((part, index) => part === place[index]);
}

function withInner(step: Step, edit: (steps: readonly Step[]) => readonly Step[]): Step {
  const changed: Step = step.onTimeout.type === 'steps' ? { ...step, onTimeout: { ...step.onTimeout, steps: edit(step.onTimeout.steps) } } : step;
  return changed.verb === 'with' || changed.verb === 'each' || changed.verb === 'repeat' ? { ...changed, steps: edit(changed.steps) } : changed;
}

/** Changes the one step that stands at a place, in the list that it stands in. */
export function editAt(plan: Plan, place: Place, edit: (steps: readonly Step[], index: number) => readonly Step[]): Plan {
  return editSteps(plan, (steps) => {
    const index = steps.findIndex((step) => stands(step, place));
    return index === -1 ? steps : edit(steps, index);
  });
}
