import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { permitsOfAll } from './permits-of-all.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP311: each instance of a daemon holds something from its start to its exit of which there is not enough for all, so that some of
 * them start only when others have ended. Processes end, and the next ones have their turn: there it is how one lets few run at once.
 */
export function replicasExceedPermits(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const permits = permitsOfAll(input);
  const replicas = new Map<object, number>();
  for (const { body } of input.plan.instances) replicas.set(body, (replicas.get(body) ?? 0) + 1);
  return input.works.flatMap((work) => {
    if (!('kind' in work) || work.kind !== 'daemon') return [];
    const count = replicas.get(work.body) ?? 1;
    const limits = work.holds.map(({ name, permits: demand }) => ({ name, atOnce: Math.floor((permits.get(name) ?? Number.POSITIVE_INFINITY) / demand) }));
    const narrowest = limits.toSorted((left, right) => left.atOnce - right.atOnce)[0];
    // A demand that can never be met is another check's.
    if (narrowest === undefined || narrowest.atOnce === 0 || narrowest.atOnce >= count) return [];
    const { name, atOnce } = narrowest;
    return [
      makeDiagnostic('MP311', `only ${atOnce} of the ${count} instances of the daemon \`${work.process}\` can run at once, since each holds \`${name}\` until it ends: the others wait for that`, {
        range: input.locate([...work.place, 'with'], 'value'),
        hint: `write \`replicas: ${atOnce}\`, or hold \`${name}\` only around what needs it; where the others are to take over when one has ended, it is right`,
      }),
    ];
  });
}
