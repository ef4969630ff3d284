import type { RuleInput } from './rule.ts';

/** Whether nothing in the spec starts what does not start by itself; whoever names it on the command line does. */
export function isNeverStarted(input: RuleInput, name: string): boolean {
  const work = input.works.find((each) => each.name === name) ?? input.instances.get(name);
  if (work === undefined || work.autostart || input.gaps.mayHide('start')) return false;
  return !(input.actors.get(name) ?? []).some((actor) => actor.action === 'start');
}
