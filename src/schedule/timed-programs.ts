import type { Plan } from '../plan/plan.ts';
import { walkSteps } from '../plan/walk-steps.ts';

/** Who runs programs that have only so much time, each slot of a pool by itself. */
export function timedPrograms({ instances, pools }: Plan): ReadonlySet<string> {
  const runsTimed = (body: Plan['instances'][number]['body'] | Plan['pools'][number]['body']): boolean => body.type === 'steps' && [...walkSteps(body.steps)].some(({ verb, timeoutMs }) => verb === 'run' && timeoutMs !== null);
  return new Set([
    ...instances.flatMap(({ name, body, timeoutMs }) => (timeoutMs !== null || runsTimed(body) ? [name] : [])),
    ...pools.flatMap(({ name, workers, body, taskTimeoutMs }) => (taskTimeoutMs !== null || runsTimed(body) ? Array.from({ length: workers }, (_, index) => `${name}-${String(index + 1)}`) : [])),
  ]);
}
