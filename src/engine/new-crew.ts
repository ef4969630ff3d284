import type { PoolPlan } from '../plan/plan.ts';
import type { WorkerState } from './unit-state.ts';

/** The workers of a pool, none of which is there yet; of a pool without such workers none at all. */
export function newCrew({ body, workers }: PoolPlan): readonly WorkerState[] {
  if (body.type !== 'worker') return [];
  return Array.from({ length: workers }, (_, index) => ({
    slot: index + 1,
    phase: 'absent',
    key: null,
    tasks: [],
    unsent: [],
    given: 0,
    answered: 0,
    paceMs: Number.POSITIVE_INFINITY,
    sinceMs: 0,
    deadlineMs: Number.POSITIVE_INFINITY,
    timer: null,
    number: 0,
  }));
}
