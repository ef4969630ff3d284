import type { Context } from './context.ts';

/** Who has the lock of a condition, which whoever waits there needs again, however his wait ends. */
export function holdersOfLock(context: Context, condition: string): readonly string[] {
  const definition = context.primitive(condition);
  return definition?.kind === 'condition' ? context.holdings.holdersOf(definition.lock) : [];
}
