import type { InstancePlan, PoolPlan } from '../plan.ts';
import { isNeverStarted } from './is-never-started.ts';
import type { RuleInput } from './rule.ts';

type Work = InstancePlan | PoolPlan;
type Known = Pick<RuleInput, 'plan' | 'instances' | 'actors' | 'gaps'>;

/**
 * Whether a run may succeed in which a work never starts: nobody starts it, or it waits for a failure, or for the success of what may fail or never
 * start itself. Where such an outcome does not come it is skipped, which fails no run (language page, semantics 4). Of instances that run the
 * same it is so where it is so of each. Computed once, at the first question.
 */
export function mayNeverStart(input: Known): (work: Work) => boolean {
  let found: ReadonlySet<string> | null = null;
  return (work) => {
    found ??= sparedIn(input);
    const spared = found;
    return spared.has(work.name) && namesOf(input, work).every((name) => spared.has(name));
  };
}

function sparedIn(input: Known): ReadonlySet<string> {
  const { instances, pools } = input.plan;
  const works = [...instances, ...pools];
  const mayFail = new Set(works.flatMap(({ name, allowFailure }) => (allowFailure ? [name] : [])));
  const spared = new Set<string>();
  const successors = new Map<string, string[]>();
  for (const work of works) {
    if (!work.autostart && isNeverStarted(input, work.name)) spared.add(work.name);
    for (const { name, target, moment } of work.dependsOn) {
      if (moment === 'failure') spared.add(work.name);
      if (moment !== 'success') continue;
      for (const before of target.type === 'pool' ? [name] : target.instances) {
        if (mayFail.has(before)) spared.add(work.name);
        const others = successors.get(before);
        if (others === undefined) successors.set(before, [work.name]);
        else others.push(work.name);
      }
    }
  }
  for (const name of spared) for (const after of successors.get(name) ?? []) spared.add(after);
  return spared;
}

/** All that run what it runs. */
function namesOf({ plan }: Known, work: Work): readonly string[] {
  return 'process' in work ? plan.instances.flatMap(({ name, body }) => (body === work.body ? [name] : [])) : [work.name];
}
