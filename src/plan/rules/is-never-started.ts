import type { RuleInput } from './rule.ts';

/** Whether nothing in the spec starts what does not start by itself; whoever names it on the command line does. */
export function isNeverStarted({ plan, instances, actors, gaps }: Pick<RuleInput, 'plan' | 'instances' | 'actors' | 'gaps'>, name: string): boolean {
  const work = instances.get(name) ?? plan.pools.find((pool) => pool.name === name);
  if (work === undefined || work.autostart || gaps.mayHide('start')) return false;
  return !(actors.get(name) ?? []).some((actor) => actor.action === 'start');
}
