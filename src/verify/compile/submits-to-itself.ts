import type { Plan } from '../../plan/plan.ts';
import { strongComponents } from '../../plan/strong-components.ts';

/**
 * Pools whose tasks start those who submit to the same pool in turn. A run ends such a pool once it has no task, since none comes but by its
 * own tasks; a model has its slots wait for one as long as it has not ended, and so for ever.
 */
export function submitsToItself({ instances, pools, actors }: Pick<Plan, 'instances' | 'pools' | 'actors'>): ReadonlySet<string> {
  const index = new Map([...instances, ...pools].map(({ name }, at) => [name, at]));
  const edges = [...index].map((): number[] => []);
  const starts: (readonly [number, number])[] = [];
  for (const { action, who, name } of actors) {
    const from = index.get(who);
    const to = index.get(name);
    if ((action !== 'start' && action !== 'submit') || from === undefined || to === undefined) continue;
    edges[from]?.push(to);
    if (action === 'start') starts.push([from, to]);
  }
  if (starts.length === 0) return new Set();
  const rings = strongComponents(edges).map((component) => new Set(component)).filter((ring) => ring.size > 1 && starts.some(([from, to]) => ring.has(from) && ring.has(to)));
  return new Set(pools.flatMap(({ name }) => (rings.some((ring) => ring.has(index.get(name) ?? -1)) ? [name] : [])));
}
