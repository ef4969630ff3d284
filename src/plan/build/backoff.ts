import { factor, share } from '../../spec/schema/leaves.ts';
import type { BackoffSpec } from '../../spec/schema/timing.ts';
import type { BackoffPlan } from '../plan.ts';
import { below } from './fill-place.ts';
import type { FillPlace } from './fill-place.ts';
import { fillDuration, fillLeaf } from './fill-value.ts';
import { schemaLeaf } from './leaf.ts';

const factorLeaf = schemaLeaf(factor);
const shareLeaf = schemaLeaf(share);

/** The delay between attempts. */
export function buildBackoff(at: FillPlace, spec: BackoffSpec): BackoffPlan {
  return {
    initialMs: fillDuration(below(at, 'initial'), spec.initial),
    maxMs: fillDuration(below(at, 'max'), spec.max),
    factor: fillLeaf(below(at, 'factor'), spec.factor, factorLeaf, 1),
    jitter: fillLeaf(below(at, 'jitter'), spec.jitter, shareLeaf, 0),
  };
}
