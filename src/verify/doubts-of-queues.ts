import type { Assumption } from './assumption.ts';
import type { MayStill } from './may-still.ts';
import type { Model } from './model.ts';
import { maxCounted } from './queue-bounds.ts';
import type { StateLayout } from './state-layout.ts';

/**
 * What makes a deadlock doubtful since not all items are told apart: there may be more of them than a run has, or others may be next. Or
 * since it is not known who has held a permit longest. And a run knows from its beginning of whom nobody takes from, so that only what is
 * put at once finds room there.
 */
export function doubtsOfQueues({ resources }: Model, layout: StateLayout, may: MayStill): readonly Assumption[] {
  const first = Int32Array.from(layout.initial);
  const found = resources.flatMap((resource): readonly Assumption[] => {
    if (resource.kind !== 'queue') return [];
    const { name, items, ends, isUncounted = false } = resource;
    if (ends === null && !name.startsWith('.') && !may.any(`get:${name}`, first)) return [{ kind: 'coarser', text: `\`${name}\` may have room for a while though nobody takes from it`, place: [], onlyIf: { of: name, part: 'is_used' } }];
    const pool = /^\.(?:tasks|results)\.(?<pool>[^.]+)/u.exec(name)?.groups?.['pool'];
    const doubt = { kind: 'coarser', text: 'a queue without a bound may have any number of items', place: [] } as const;
    const order = layout.orderOf(name);
    const isLost = order !== null && order.lost !== null;
    if (!layout.boundOf(name).saturates && !isLost) return [];
    if (pool === undefined) return [{ ...doubt, text: `\`${name}\` has no bound, and may have any number of items`, onlyIf: { of: name, part: 'is_used' } }];
    return [{ ...doubt, text: `${doubt.text}, such as the tasks of \`${pool}\``, onlyIf: { of: pool, part: (items > maxCounted || isUncounted) && !isLost ? 'is_counted' : 'acts' } }];
  });
  const rough = layout.loose.flatMap(({ name, isRough }): readonly Assumption[] => (isRough ? [{ kind: 'coarser', text: `what is released of \`${name}\` by those who do not have it may come off any of those who do`, place: [], onlyIf: { of: name, part: 'is_used' } }] : []));
  return [...new Map([...found, ...rough].map((one) => [one.text, one])).values()];
}
