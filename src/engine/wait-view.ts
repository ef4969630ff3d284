import type { Json } from '../base/json.ts';
import type { Context } from './context.ts';
import { placeInLine } from './fair-line.ts';
import type { WaitReason } from './run-event.ts';
import { maxNamed } from './thing-actors.ts';

/** What somebody waits for, for whoever looks at the run; `behind` names those who stand before it in a line that is fair. */
export function waitViews(context: Context, asker: string, waits: readonly WaitReason[]): readonly Json[] {
  return waits.map((wait) => {
    const { kind, name, detail, by } = wait;
    const behind = kind === 'hold' ? standBefore(context, asker, name) : [];
    return { kind, name, detail, by, ...(behind.length === 0 ? {} : { behind }) };
  });
}

/** Slots of its own pool as well, where it is one; by the names of those that live. */
function standBefore(context: Context, asker: string, resource: string): readonly string[] {
  const isPool = context.pools.has(asker);
  const line = placeInLine(context, resource, (instance) => instance === asker || (isPool && context.ownerOf(instance) === asker));
  const names = (line?.before ?? []).map(({ instance }) => (isPool ? context.ownerOf(instance) : instance));
  return [...new Set(names)].filter((name) => name !== asker).slice(0, maxNamed);
}
