import type { WaitForSpec } from '../../spec/schema/work.ts';
import type { StartWait } from '../plan.ts';
import type { FillPlace } from './fill-place.ts';
import { fillOptionalDuration } from './fill-value.ts';
import { resolveReference } from './resolve-reference.ts';

/** Events and barriers before the start: events in the order written, then barriers. */
export function buildStartWaits(
  at: FillPlace,
  spec: WaitForSpec | undefined,
): readonly StartWait[] {
  if (spec === undefined) return [];
  const waits = spec.flatMap((wait, index): readonly StartWait[] => {
    const place = at.below(index);
    const {
      name: raw,
      timeout,
      namePlace,
    } = typeof wait === 'string'
      ? { name: wait, timeout: undefined, namePlace: place }
      : { name: wait.name, timeout: wait.timeout, namePlace: place.below('name') };
    const thing = resolveReference(namePlace, raw, { takes: 'startWaits', where: '`wait_for`' }, 'wait');
    if (thing === null) return [];
    const kind = thing.kind === 'barrier' ? 'barrier' : 'event';
    const timeoutMs = fillOptionalDuration(place.below('timeout'), timeout);
    return [{ name: thing.name, kind, timeoutMs, place: namePlace.place }];
  });
  return [
    ...waits.filter(({ kind }) => kind === 'event'),
    ...waits.filter(({ kind }) => kind === 'barrier'),
  ];
}
