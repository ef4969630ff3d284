import { reference } from '../../spec/schema/leaves.ts';
import type { Deed } from './hidden-deeds.ts';
import type { FillPlace } from './fill-place.ts';
import { fillLeaf } from './fill-value.ts';
import { schemaLeaf } from './leaf.ts';
import type { NamedThing } from './name-table.ts';
import { resolveName } from './resolve-name.ts';
import type { Wanted } from './resolve-name.ts';

const nameLeaf = schemaLeaf(reference);

/**
 * What a written reference stands for once it is filled in; null where it stands for nothing, which is
 * reported unless its name may be given by what could not be read. `deed` is what is done to it there.
 */
export function resolveReference(at: FillPlace, written: string, wanted: Wanted, deed: Deed | null = null): NamedThing | null {
  const name = fillLeaf(at, written, nameLeaf, '');
  const thing = name === '' ? null : resolveName(at.context, at.place, name, wanted);
  if (thing === null) at.context.gaps.addDeed(at.place, deed);
  return thing;
}
