/* What a command waits for at its standard streams, as far as somebody looks at it now. */
import { providersOf } from './unit-waits.ts';
import type { ActorIndex } from './can-act.ts';
import { waitsOfCall } from './call-waits.ts';
import type { Context } from './context.ts';
import type { ProcessKey } from './engine-event.ts';
import { streamWaitsOf } from './program-waits.ts';
import type { WaitReason } from './run-event.ts';

/** None where none of its threads was seen to wait there, or nobody can look. */
export function seenStreamWaits(context: Context, index: ActorIndex, key: ProcessKey): readonly WaitReason[] {
  const process = context.processes.get(key);
  const mayWait = process === undefined || process.pid === null || process.exit !== null ? [] : streamWaitsOf(context, process);
  if (process === undefined || mayWait.length === 0) return [];
  const seen = new Set(context.options.lookNow?.(key));
  const waits = mayWait.filter(({ stream }) => seen.has(stream)).flatMap((wait) => waitsOfCall(context, wait));
  return waits.map((wait) => (wait.by.length > 0 ? wait : { ...wait, by: providersOf(context, index, process.instance, wait) }));
}
