import { factor, share } from '../../spec/schema/leaves.ts';
import type { BackoffSpec } from '../../spec/schema/timing.ts';
import type { BackoffPlan } from '../plan.ts';
import type { FillPlace } from './fill-place.ts';
import { fillDuration, fillLeaf } from './fill-value.ts';
import { schemaLeaf } from './leaf.ts';

const factorLeaf = schemaLeaf(factor);
const shareLeaf = schemaLeaf(share);

/** The delay between attempts. */
export function buildBackoff(at: FillPlace, spec: BackoffSpec): BackoffPlan {
  return {
    initialMs: fillDuration(at.below('initial'), spec.initial),
    maxMs: fillDuration(at.below('max'), spec.max),
    factor: fillLeaf(at.below('factor'), spec.factor, factorLeaf, 1),
    jitter: fillLeaf(at.below('jitter'), spec.jitter, shareLeaf, 0),
  };
}
