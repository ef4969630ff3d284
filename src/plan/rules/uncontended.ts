import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { sharedThings } from '../render/shared-things.ts';
import { hasProgramsBeside } from './programs-beside.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP310: only one instance takes a lock, which then protects nothing. Not said where others run programs, which may take
 * it without an entry in `uses`, or where there are no others.
 */
export function uncontended(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty || input.works.length < 2 || !input.plan.primitives.some(({ kind }) => kind === 'lock')) return [];
  const ofConditions = new Set(input.plan.primitives.flatMap((primitive) => (primitive.kind === 'condition' ? [primitive.lock] : [])));
  const places = new Map(input.plan.primitives.map(({ name, place }) => [name, place]));
  return sharedThings(input.plan).flatMap(({ name, kind, users }) => {
    const [user, other] = users;
    const place = places.get(name);
    if (kind !== 'lock' || place === undefined || user === undefined || other !== undefined || ofConditions.has(name)) return [];
    if (countOf(input, user.who) > 1 || hasProgramsBeside(input, user.who)) return [];
    return [
      makeDiagnostic('MP310', `only \`${user.who}\` takes the lock \`${name}\`, so that it protects nothing`, {
        range: input.locate(place, 'key'),
        hint: 'remove it, or let the others take it too',
      }),
    ];
  });
}

/** How many may take it at once: the instances of a process, or the workers of a pool. */
function countOf({ plan }: RuleInput, who: string): number {
  const pool = plan.pools.find(({ name }) => name === who);
  return pool?.workers ?? plan.instances.filter(({ process }) => process === who).length;
}
