import type { Plan, PoolBody, WorkBody } from './plan.ts';
import { walkSteps } from './walk-steps.ts';

/** Who runs programs that have only so much time, each slot of a pool by itself. */
export function timedPrograms({ instances, pools }: Plan): ReadonlySet<string> {
  return new Set([
    ...instances.flatMap(({ name, body, timeoutMs }) => (timeoutMs !== null || runsTimed(body) ? [name] : [])),
    ...pools.flatMap(({ name, workers, body, taskTimeoutMs }) => (taskTimeoutMs !== null || runsTimed(body) ? Array.from({ length: workers }, (_, index) => `${name}-${String(index + 1)}`) : [])),
  ]);
}

function runsTimed(body: WorkBody | PoolBody): boolean {
  return body.type === 'steps' && [...walkSteps(body.steps)].some(({ verb, timeoutMs }) => verb === 'run' && timeoutMs !== null);
}
