/* Who stands in line at what is `fair: true`, where nobody gets anything before those who have asked before. */
import type { Context } from './context.ts';
import type { PendingRequest } from './request-purpose.ts';

/** The last to be asked by one of them, and all that were asked before; null where the line does not matter or none of them stands in it. */
export function placeInLine(context: Context, resource: string, isOneOfThem: (instance: string) => boolean): { readonly own: PendingRequest; readonly before: readonly PendingRequest[] } | null {
  if (!context.fair.has(resource)) return null;
  const asking = [...context.requests.values()].filter(({ verb, names }) => verb === 'acquire' && names.includes(resource));
  const place = asking.findLastIndex(({ instance }) => isOneOfThem(instance));
  const own = asking[place];
  return own === undefined ? null : { own, before: asking.slice(0, place) };
}
