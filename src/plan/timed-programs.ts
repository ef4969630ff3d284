import type { Plan, PoolBody, WorkBody } from './plan.ts';
import { slotsOf } from './slots-of.ts';
import { walkSteps } from './walk-steps.ts';

/** Who runs programs that have only so much time, each slot of a pool by itself. */
export function timedPrograms({ instances, pools }: Plan): ReadonlySet<string> {
  return new Set([
    ...instances.flatMap(({ name, body, timeoutMs }) => (timeoutMs !== null || runsTimed(body) ? [name] : [])),
    ...pools.flatMap((pool) => (pool.taskTimeoutMs !== null || runsTimed(pool.body) ? slotsOf(pool) : [])),
  ]);
}

function runsTimed(body: WorkBody | PoolBody): boolean {
  return body.type === 'steps' && [...walkSteps(body.steps)].some(({ verb, timeoutMs }) => verb === 'run' && timeoutMs !== null);
}
