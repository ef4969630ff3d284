/* Changes for those who take one thing while they hold another by a `with` around it. */
import type { Plan, WorkPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import type { Demand } from '../../sync/operation.ts';
import type { Mend } from './mend.ts';

/** What is taken inside of a `with` of a process or step is taken with it, where the first of these is taken. */
export function* takenTogether(plan: Plan, limits: readonly string[], who: ReadonlySet<string>): Generator<Mend> {
  if (limits.length < 2) return;
  const changed = new Map<string, readonly string[]>();
  const widened = <Work extends WorkPlan & { readonly name: string; readonly body: Plan['pools'][number]['body'] }>(work: Work): Work => {
    if (!who.has(work.name) || work.body.type !== 'steps') return work;
    const note = (names: readonly string[]): void => void changed.set(work.name, [...new Set([...(changed.get(work.name) ?? []), ...names])]);
    const more = work.holds.some(({ name }) => limits.includes(name)) ? takenInside(work.body.steps, work.holds, limits) : [];
    if (more.length === 0) return { ...work, body: { ...work.body, steps: widenedSteps(work.body.steps, limits, note) } };
    const holds = [...work.holds, ...more];
    note(holds.map(({ name }) => name));
    return { ...work, holds, body: { ...work.body, steps: without(work.body.steps, more) } };
  };
  const mended: Plan = { ...plan, instances: plan.instances.map(widened), pools: plan.pools.map(widened) };
  if (changed.size === 0) return;
  const names = [...new Set([...changed.keys()].map((name) => plan.instances.find((one) => one.name === name)?.process ?? name))];
  const taken = limits.filter((limit) => [...changed.values()].some((all) => all.includes(limit)));
  yield { hint: `let ${names.map((name) => `\`${name}\``).join(', ')} take all at once, where the first of them is taken: \`with: [${taken.join(', ')}]\``, plan: mended };
}

function widenedSteps(steps: readonly Step[], limits: readonly string[], note: (names: readonly string[]) => void): readonly Step[] {
  return steps.map((step): Step => {
    if (step.verb === 'each' || step.verb === 'repeat') return { ...step, steps: widenedSteps(step.steps, limits, note) };
    if (step.verb !== 'with') return step;
    const more = step.demands.some(({ name }) => limits.includes(name)) ? takenInside(step.steps, step.demands, limits) : [];
    if (more.length === 0) return { ...step, steps: widenedSteps(step.steps, limits, note) };
    const demands = [...step.demands, ...more];
    note(demands.map(({ name }) => name));
    return { ...step, demands, steps: without(step.steps, more) };
  });
}

/** What steps take of some limits beside what is held around them, as much as one of them asks for. */
function takenInside(steps: readonly Step[], held: readonly Demand[], limits: readonly string[]): readonly Demand[] {
  const found = new Map<string, number>();
  for (const step of walkSteps(steps)) {
    if (step.verb !== 'acquire' && step.verb !== 'with') continue;
    for (const { name, permits } of step.demands) if (limits.includes(name) && !held.some((one) => one.name === name)) found.set(name, Math.max(permits, found.get(name) ?? 0));
  }
  return [...found].map(([name, permits]) => ({ name, permits }));
}

function without(steps: readonly Step[], taken: readonly Demand[]): readonly Step[] {
  const rest = (demands: readonly Demand[]): readonly Demand[] => demands.filter(({ name }) => !taken.some((one) => one.name === name));
  return steps.map((step): Step => {
    if (step.verb === 'acquire' || step.verb === 'release') return { ...step, demands: rest(step.demands) };
    if (step.verb === 'with') return { ...step, demands: rest(step.demands), steps: without(step.steps, taken) };
    return step.verb === 'each' || step.verb === 'repeat' ? { ...step, steps: without(step.steps, taken) } : step;
  });
}
