import type { HoldsSpec } from '../../spec/schema/holds.ts';
import { positiveCount } from '../../spec/schema/leaves.ts';
import type { Demand } from '../../sync/operation.ts';
import type { FillPlace } from './fill-place.ts';
import { fillLeaf } from './fill-value.ts';
import { schemaLeaf } from './leaf.ts';
import { resolveReference } from './resolve-reference.ts';

const countLeaf = schemaLeaf(positiveCount);

/** Locks and permits to take, all or nothing; permits of the same thing are added up. */
export function buildHolds(
  at: FillPlace,
  holds: HoldsSpec | undefined,
  where: string,
): readonly Demand[] {
  if (holds === undefined) return [];
  const list = Array.isArray(holds)
    ? holds.map((hold, index) => [hold, at.below(index)] as const)
    : [[holds, at] as const];
  const demands = new Map<string, Demand>();
  for (const [hold, place] of list) {
    const counted = typeof hold === 'object' ? hold : { name: hold, permits: 1 };
    const namePlace = typeof hold === 'object' ? place.below('name') : place;
    const thing = resolveReference(namePlace, counted.name, { takes: 'holds', where }, where === '`release`' ? 'release' : null);
    if (thing === null) continue;
    const { name } = thing;
    const permits = fillLeaf(place.below('permits'), counted.permits, countLeaf, 1);
    if (thing.kind === 'lock' && permits > 1) {
      at.context.report(
        'MP302',
        { place: [...place.place, 'permits'], part: 'value' },
        `\`${name}\` is a lock, which has one holder, but ${permits} permits of it are asked for`,
        {
          hint: `leave \`permits\` out, or make \`${name}\` a semaphore`,
        },
      );
    }
    const before = demands.get(name)?.permits ?? 0;
    demands.set(name, { name, permits: thing.kind === 'lock' ? 1 : before + permits });
  }
  return [...demands.values()];
}
