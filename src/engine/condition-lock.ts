import type { Context } from './context.ts';

/** The lock of a condition, which whoever waits there needs again, however his wait ends. */
export function lockOfCondition(context: Context, condition: string): string | null {
  const definition = context.primitive(condition);
  return definition?.kind === 'condition' ? definition.lock : null;
}
