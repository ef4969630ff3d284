import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { sharedThings } from '../render/shared-things.ts';
import type { RuleInput } from './rule.ts';

/** What a program may do without an entry in `uses`. */
const undeclared: Readonly<Record<string, string>> = {
  lock: 'a program that takes it needs no entry in `uses`',
  semaphore: 'a program that takes it needs no entry in `uses`',
  value: 'a program that reads or changes it needs no entry in `uses`',
  event: 'a program that waits for it needs no entry in `uses`',
};

/**
 * MP140: nothing in the spec uses a primitive, as `plan` says beside it. It is a note, since programs
 * may use some of them without a word in the spec.
 */
export function usedByNobody(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty || input.works.length === 0) return [];
  const places = new Map(input.plan.primitives.map(({ name, place }) => [name, place]));
  const ofConditions = new Set(input.plan.primitives.flatMap((primitive) => (primitive.kind === 'condition' ? [primitive.lock] : [])));
  return sharedThings(input.plan).flatMap(({ name, kind, users }) => {
    const place = places.get(name);
    if (place === undefined || users.length > 0 || ofConditions.has(name)) return [];
    const exception = undeclared[kind];
    return [
      makeDiagnostic('MP140', `nothing in the spec uses the ${kind} \`${name}\``, {
        range: input.locate(place, 'key'),
        hint: exception === undefined ? 'remove it' : `remove it, or let it be: ${exception}`,
      }),
    ];
  });
}
