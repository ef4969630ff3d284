import type { LoadedSpec } from '../../spec/loaded-spec.ts';
import type { PlanGaps } from '../build/plan-gaps.ts';
import type { Actor, InstancePlan, Plan, PoolPlan, StdioPipePlan } from '../plan.ts';
import type { Step } from '../step.ts';
import { endOfDaemons } from './end-of-daemons.ts';
import { endedByOthers } from './ended-by-others.ts';
import { mayNeverStart } from './may-never-start.ts';
import type { RuleInput, SharedBody } from './rule.ts';

/** What the building of a plan knows beyond the plan. */
export interface CheckedFacts extends Pick<RuleInput, 'defaultConditions' | 'gaps'> {
  readonly loaded: Pick<LoadedSpec, 'isWhole' | 'locate' | 'names'>;
}

/** Gathers what the rules look at, in one pass over the plan. */
export function ruleInput(plan: Plan, facts: CheckedFacts): RuleInput {
  const actors = new Map<string, Actor[]>();
  for (const actor of plan.actors) {
    const list = actors.get(actor.name);
    if (list === undefined) actors.set(actor.name, [actor]);
    else list.push(actor);
  }
  const input: Omit<RuleInput, 'isEndedByOthers' | 'mayNeverStart' | 'endOfDaemons'> = {
    plan: knownPart(plan, facts),
    gaps: facts.gaps,
    locate: (place, part) => facts.loaded.locate(place, part),
    bodies: sharedBodies(plan, facts.gaps),
    works: representatives(plan),
    instances: new Map(plan.instances.map((instance) => [instance.name, instance])),
    actors,
    defaultConditions: facts.defaultConditions,
  };
  const isEndedByOthers = endedByOthers(input);
  return { ...input, isEndedByOthers, mayNeverStart: mayNeverStart(input), endOfDaemons: endOfDaemons({ plan, isEndedByOthers }) };
}

/** The plan without the primitives that could not be read to their end, or whose name is not theirs alone. */
function knownPart(plan: Plan, { gaps, loaded: { isWhole, names } }: CheckedFacts): Plan {
  if (gaps.isEmpty && isWhole) return plan;
  const isKnown = ({ name, place }: Plan['primitives'][number] | StdioPipePlan): boolean =>
    !gaps.isIn(place) && !names.isAmbiguous(name);
  return { ...plan, primitives: plan.primitives.filter(isKnown), stdioPipes: plan.stdioPipes.filter(isKnown) };
}

function sharedBodies(plan: Plan, gaps: PlanGaps): readonly SharedBody[] {
  const bodies = new Map<readonly Step[], SharedBody & { readonly runners: string[] }>();
  for (const work of [...plan.instances, ...plan.pools]) {
    if (work.body.type !== 'steps') continue;
    const known = bodies.get(work.body.steps);
    if (known !== undefined) known.runners.push(work.name);
    else {
      const owner = 'process' in work ? work.process : work.name;
      const { steps } = work.body;
      const isWhole = !gaps.lacksSteps([...work.place, 'steps']);
      bodies.set(steps, { owner, runners: [work.name], work, steps, isWhole });
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
