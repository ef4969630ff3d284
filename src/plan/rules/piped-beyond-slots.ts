import type { InstancePlan, Plan, StdioPipePlan } from '../plan.ts';

/** Processes that kernel pipes join to one chain, of which `max_parallel` has too few slots for all. */
export interface ShortOfSlots {
  readonly first: StdioPipePlan;
  /** The other pipes of the chain. */
  readonly others: readonly StdioPipePlan[];
  /** Of each process that takes a slot. */
  readonly names: readonly string[];
  readonly slots: number;
}

/** Each chain of kernel pipes whose processes never all run at once, since each of them takes a slot of `max_parallel`. */
export function pipedBeyondSlots({ maxParallel: slots, stdioPipes }: Plan, instances: ReadonlyMap<string, InstancePlan>): readonly ShortOfSlots[] {
  if (slots === null) return [];
  return chainsOf(stdioPipes).flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const joined = new Set([first, ...others].flatMap(({ from, to }) => [from, to]));
    const names = [...joined].filter((name) => instances.get(name)?.kind !== 'daemon');
    return names.length <= slots ? [] : [{ first, others, names, slots }];
  });
}

/** The pipes that hang together, each group in the order of the spec. */
function chainsOf(pipes: readonly StdioPipePlan[]): readonly (readonly StdioPipePlan[])[] {
  const chains: StdioPipePlan[][] = [];
  for (const pipe of pipes) {
    const isJoined = (chain: readonly StdioPipePlan[]): boolean => chain.some(({ from, to }) => [from, to].some((end) => end === pipe.from || end === pipe.to));
    const joined = chains.filter(isJoined);
    for (const chain of joined) chains.splice(chains.indexOf(chain), 1);
    chains.push([...joined.flat(), pipe]);
  }
  return chains;
}
