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
    const isLock = context.plan.primitives.some((primitive) => primitive.name === name && primitive.kind === 'lock');
    if (isLock && token !== undefined) entries.push([name, token]);
  }
  return Object.fromEntries(entries);
}
