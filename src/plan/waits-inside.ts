import { hasQueueStream } from './has-queue-stream.ts';
import type { InstancePlan, Plan, PoolPlan } from './plan.ts';
import type { Step } from './step.ts';
import { walkSteps } from './walk-steps.ts';

const waitingVerbs: ReadonlySet<Step['verb']> = new Set(['acquire', 'with', 'wait', 'put', 'get', 'each', 'send', 'recv', 'join', 'result']);

/**
 * Whether anybody declares to wait for anything but moments of others and for what is held from start to exit. Where nobody
 * does, those who wait for each other do so before their start, which is found out without any search.
 */
export function waitsInside({ instances, pools }: Plan): boolean {
  return instances.some(waits) || pools.some(waits);
}

function waits({ body, waitFor, ...streams }: InstancePlan | PoolPlan): boolean {
  if (waitFor.length > 0 || hasQueueStream(streams)) return true;
  if (body.type !== 'steps') return false;
  for (const { verb } of walkSteps(body.steps)) if (waitingVerbs.has(verb)) return true;
  return false;
}
