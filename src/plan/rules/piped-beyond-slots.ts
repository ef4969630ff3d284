import { nameAll } from '../../base/name-all.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { StdioPipePlan } from '../plan.ts';
import type { RuleInput } from './rule.ts';

/** MP509 of processes that kernel pipes join to one chain, each of which takes a slot of `max_parallel`, where that has too few for all of them. */
export function pipedBeyondSlots({ plan, instances, locate }: RuleInput): readonly Diagnostic[] {
  const { maxParallel, stdioPipes } = plan;
  if (maxParallel === null) return [];
  const takesSlot = (name: string): boolean => instances.get(name)?.kind !== 'daemon';
  return chainsOf(stdioPipes).flatMap((pipes) => {
    const [first, ...others] = pipes;
    const names = [...new Set(pipes.flatMap(({ from, to }) => [from, to]))].filter(takesSlot);
    if (first === undefined || names.length <= maxParallel) return [];
    const whole = names.length === 2 ? 'never run at once' : 'never all run at once';
    const pipe = others.length === 0 ? `the pipe \`${first.name}\`` : 'pipes';
    return [
      makeDiagnostic('MP509', `${nameAll(names)} are joined by ${pipe}, but ${whole}, since \`max_parallel\` has only ${String(maxParallel)} of the ${String(names.length)} slots: who writes more than a pipe holds cannot end before the next one runs, nor who reads its input to the end before the one before it`, {
        range: locate(first.place, 'key'),
        related: others.map(({ name, place }) => ({ message: `\`${name}\` joins others to them`, range: locate(place, 'key') })),
        hint: `let \`max_parallel\` be at least ${String(names.length)}; or let one of them write a file that the next one reads`,
      }),
    ];
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
