import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { RuleInput } from './rule.ts';

/** Whether its tasks meet at a barrier, where fewer of them at a time might be too few. */
function meets({ plan, actors }: RuleInput, pool: string): boolean {
  return plan.primitives.some(({ kind, name }) => kind === 'barrier' && (actors.get(name) ?? []).some(({ action, who }) => action === 'wait' && who === pool));
}

/**
 * MP606: each task of a pool holds something of which there is not enough for all workers, so that some of them never
 * work. Only where the number of workers was written.
 */
export function workersExceedPermits(input: RuleInput): readonly Diagnostic[] {
  const permits = new Map(
    input.plan.primitives.flatMap((primitive): readonly (readonly [string, number])[] => {
      if (primitive.kind === 'lock') return [[primitive.name, 1]];
      return primitive.kind === 'semaphore' && primitive.bounded ? [[primitive.name, primitive.permits]] : [];
    }),
  );
  return input.plan.pools.flatMap((pool) => {
    const place = [...pool.place, 'workers'];
    const { source, start, end } = input.locate(place, 'value');
    if (!/^\d+$/u.test(source.text.slice(start, end)) || input.gaps.mayLack(pool.place, 'with')) return [];
    const limits = pool.holds.map(({ name, permits: demand }) => ({ name, atOnce: Math.floor((permits.get(name) ?? Number.POSITIVE_INFINITY) / demand) }));
    const narrowest = limits.toSorted((left, right) => left.atOnce - right.atOnce)[0];
    // A demand that can never be met is another check's.
    if (narrowest === undefined || narrowest.atOnce === 0 || narrowest.atOnce >= pool.workers) return [];
    const { name, atOnce } = narrowest;
    return [
      makeDiagnostic('MP606', `only ${atOnce} of the ${pool.workers} workers of \`${pool.name}\` can work at once, since each task holds \`${name}\``, {
        range: input.locate(place, 'value'),
        related: [{ message: 'each task takes it here', range: input.locate([...pool.place, 'with'], 'value') }],
        hint: `${meets(input, pool.name) ? '' : `write \`workers: ${atOnce}\`, or `}hold \`${name}\` only around the steps that need it`,
      }),
    ];
  });
}
