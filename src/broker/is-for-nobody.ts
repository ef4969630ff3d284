import { unlisted } from '../base/unlisted.ts';
import type { SyncEvent } from '../sync/operation.ts';

/** Whether nobody waits to hear of it: an outcome of a question that nobody has listed. */
export function isForNobody(event: SyncEvent): boolean {
  return event.type === 'settled' && event.requestId === unlisted;
}
