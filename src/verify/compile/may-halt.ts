import type { PoolPlan } from '../../plan/plan.ts';

/**
 * Whether a pool may take no further task though it has some: with its failures, or since no worker of it can be had, as where the `initializer`
 * fails, or one after the other ends without an answer (`src/engine/worker-life.ts`).
 */
export function mayHalt({ halt, body }: PoolPlan): boolean {
  return halt !== null || body.type === 'worker';
}
