import type { Demand } from '../sync/operation.ts';
import type { Context } from './context.ts';

/** The fencing numbers of the locks among what was granted: a semaphore has none to show. */
export function lockTokens(
  context: Context,
  demands: readonly Demand[],
  tokens: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const entries: [string, number][] = [];
  for (const { name } of demands) {
    const token = tokens[name];
    if (context.primitive(name)?.kind === 'lock' && token !== undefined) entries.push([name, token]);
  }
  return Object.fromEntries(entries);
}
