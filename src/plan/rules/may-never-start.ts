import type { InstancePlan, PoolPlan } from '../plan.ts';
import { isNeverStarted } from './is-never-started.ts';
import type { RuleInput } from './rule.ts';

type Work = InstancePlan | PoolPlan;
type Known = Pick<RuleInput, 'plan' | 'instances' | 'actors' | 'gaps' | 'works'>;

/**
 * Whether a run may succeed in which a work never starts: nobody starts it, or it waits for a failure, or for the success of what may fail or never
 * start itself. Where such an outcome does not come it is skipped, which fails no run (language page, semantics 4).
 */
export function mayNeverStart(input: Known): (work: Work) => boolean {
  const known = new Map<object, boolean>();
  const isSpared = (work: Work): boolean => {
    const found = known.get(work.body);
    if (found !== undefined) return found;
    // Those who wait for each other in a circle never start, and that is told of them.
    known.set(work.body, false);
    const isIdle = !work.autostart && namesOf(input, work).every((name) => isNeverStarted(input, name));
    const spared = isIdle || work.dependsOn.some(({ name, target, moment }) => moment === 'failure' || (moment === 'success' && targetsOf(input, target.type === 'pool' ? [name] : target.instances).some((other) => other.allowFailure || isSpared(other))));
    known.set(work.body, spared);
    return spared;
  };
  return isSpared;
}

/** All that run what it runs. */
function namesOf({ plan }: Known, work: Work): readonly string[] {
  return 'process' in work ? plan.instances.flatMap(({ name, body }) => (body === work.body ? [name] : [])) : [work.name];
}

function targetsOf({ plan, instances }: Known, names: readonly string[]): readonly Work[] {
  return names.flatMap((name) => instances.get(name) ?? plan.pools.find((pool) => pool.name === name) ?? []);
}
