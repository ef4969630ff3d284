import type { SyncEvent } from './operation.ts';

/** The number of a question that is never listed, because it does not wait. */
export const unlisted = 0;

/** Whether nobody waits to hear of it: an outcome of a question that nobody has listed. */
export function isForNobody(event: SyncEvent): boolean {
  return event.type === 'settled' && event.requestId === unlisted;
}
