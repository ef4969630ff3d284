import { reference } from '../../spec/schema/leaves.ts';
import type { FillPlace } from './fill-place.ts';
import { fillLeaf } from './fill-value.ts';
import { schemaLeaf } from './leaf.ts';
import type { NamedThing } from './name-table.ts';
import { resolveName } from './resolve-name.ts';
import type { Takes } from './resolve-name.ts';

const nameLeaf = schemaLeaf(reference);

/** What a step names under its verb, or null after a finding. */
export function resolveUnder(
  at: FillPlace,
  key: string,
  written: string,
  takes: Takes,
): NamedThing | null {
  const place = at.below(key);
  const name = fillLeaf(place, written, nameLeaf, '');
  if (name === '') return null;
  return resolveName(at.context, place.place, name, { takes, where: `\`${key}\`` });
}
