import type { Actor, InstancePlan, Plan, PoolPlan } from '../plan.ts';
import type { Step } from '../step.ts';
import type { Locate, RuleInput, SharedBody } from './rule.ts';

/** What the building of a plan knows beyond the plan. */
export interface CheckedFacts extends Pick<RuleInput, 'declaredHolds' | 'defaultConditions'> {
  readonly loaded: { readonly locate: Locate };
}

/** Gathers what the rules look at, in one pass over the plan. */
export function ruleInput(plan: Plan, facts: CheckedFacts): RuleInput {
  const actors = new Map<string, Actor[]>();
  for (const actor of plan.actors) {
    const list = actors.get(actor.name);
    if (list === undefined) actors.set(actor.name, [actor]);
    else list.push(actor);
  }
  return {
    plan,
    locate: (place, part) => facts.loaded.locate(place, part),
    bodies: sharedBodies(plan),
    works: representatives(plan),
    instances: new Map(plan.instances.map((instance) => [instance.name, instance])),
    actors,
    declaredHolds: facts.declaredHolds,
    defaultConditions: facts.defaultConditions,
  };
}

function sharedBodies(plan: Plan): readonly SharedBody[] {
  const bodies = new Map<readonly Step[], SharedBody & { readonly runners: string[] }>();
  for (const work of [...plan.instances, ...plan.pools]) {
    if (work.body.type !== 'steps') continue;
    const known = bodies.get(work.body.steps);
    if (known !== undefined) known.runners.push(work.name);
    else {
      const owner = 'process' in work ? work.process : work.name;
      bodies.set(work.body.steps, { owner, runners: [work.name], work, steps: work.body.steps });
    }
  }
  return [...bodies.values()];
}

/** Replicas share their body object; whoever compiled it once for all of them is looked at once. */
function representatives(plan: Plan): readonly (InstancePlan | PoolPlan)[] {
  const seen = new Set<object>();
  return [...plan.instances, ...plan.pools].filter((work) => {
    if (seen.has(work.body)) return false;
    seen.add(work.body);
    return true;
  });
}
