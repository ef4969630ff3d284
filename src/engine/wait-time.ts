import type { Context } from './context.ts';

/** How long a wait may last, in ms: its own time, else that of the barrier that it waits at; null without limit. */
export function waitTimeMs(
  context: Context,
  { name, kind, timeoutMs }: { readonly name: string; readonly kind: 'event' | 'barrier' | 'condition'; readonly timeoutMs: number | null },
): number | null {
  if (timeoutMs !== null || kind !== 'barrier') return timeoutMs;
  const definition = context.primitive(name);
  return definition?.kind === 'barrier' ? definition.timeoutMs : null;
}
