import * as z from 'zod';
import { positiveCountOrInterpolated, referenceOrInterpolated } from './leaves.ts';
import { reading } from './reading.ts';

const counted = reading(
  z.strictObject({
    name: referenceOrInterpolated.describe('The lock or semaphore.'),
    permits: positiveCountOrInterpolated.default(1).describe('How many permits of a semaphore.'),
  }),
  { called: 'a hold' },
);

const hold = z.union([referenceOrInterpolated, counted]);

/** Locks and semaphores: one, `{name, permits}`, or a list of these, taken all or nothing. */
export const holds = z.union([referenceOrInterpolated, counted, z.array(hold).min(1)]).meta({ id: 'holds' });

/** Locks and semaphores as they were written. */
export type HoldsSpec = z.infer<typeof holds>;
