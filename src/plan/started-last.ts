import type { Plan } from './plan.ts';

/**
 * The processes and pools that only `finally` starts, be it by one of them: until then they have ended, since nobody has started them.
 * What runs in `finally` itself is none of these.
 */
export function startedLast({ instances, pools, actors }: Pick<Plan, 'instances' | 'pools' | 'actors'>): ReadonlySet<string> {
  const isLast = new Set(instances.flatMap(({ kind, name }) => (kind === 'finally' ? [name] : [])));
  const starters = new Map<string, string[]>();
  for (const { action, who, name } of actors) if (action === 'start') starters.set(name, [...(starters.get(name) ?? []), who]);
  const waiting = [...instances.filter(({ kind }) => kind === 'process'), ...pools].filter(({ autostart, name }) => !autostart && starters.has(name));
  const late = new Set(waiting.map(({ name }) => name));
  for (let before = -1; before !== late.size; ) {
    before = late.size;
    for (const name of late) if (starters.get(name)?.some((who) => !isLast.has(who) && !late.has(who)) === true) late.delete(name);
  }
  return late;
}
