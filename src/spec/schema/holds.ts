import * as z from 'zod';
import { orInterpolated, positiveCount, reference } from './leaves.ts';

const counted = z.strictObject({
  name: orInterpolated(reference).describe('The lock or semaphore.'),
  permits: orInterpolated(positiveCount).default(1).describe('How many permits of a semaphore.'),
});

const hold = z.union([orInterpolated(reference), counted]);

/** Locks and semaphores: one, `{name, permits}`, or a list of these, taken all or nothing. */
export const holds = z.union([orInterpolated(reference), counted, z.array(hold).min(1)]).meta({ id: 'holds' });

/** Locks and semaphores as they were written. */
export type HoldsSpec = z.infer<typeof holds>;
