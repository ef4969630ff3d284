import type { Demand } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { isJobserver } from './engine-options.ts';
import type { WaitReason } from './run-event.ts';

/** What acquiring waits for, with nobody named yet. */
export function holdReasons(context: Context, demands: readonly Demand[]): WaitReason[] {
  return demands.map((demand) => ({
    kind: 'hold',
    name: demand.name,
    detail: demand.permits === 1 ? kindOf(context, demand.name) : `${demand.permits} permits`,
    by: [],
  }));
}

/** `lock`, `semaphore` or `token`; null for the slots of `max_parallel`, which are none of them to the user. */
function kindOf(context: Context, name: string): string | null {
  return isJobserver(name) ? 'token' : (context.primitive(name)?.kind ?? null);
}
