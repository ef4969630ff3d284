import type { DependencyGraph } from '../dependency-graph.ts';

/** All instances and pools that have ended whenever something starts, since it waits for that, or waits for who does. */
export function endsBefore({ nodes, indexOf }: DependencyGraph, name: string): ReadonlySet<string> {
  const ended = new Set<string>();
  const visited = new Set<string>();
  const pending = [{ index: indexOf.get(name), hasEnded: false }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { index, hasEnded } = next;
    const node = index === undefined ? undefined : nodes[index];
    if (node === undefined || visited.has(`${index} ${hasEnded}`)) continue;
    visited.add(`${index} ${hasEnded}`);
    if (hasEnded && node.work !== null) ended.add(node.name);
    for (const { to, dependency } of node.edges) {
      // A process has ended when all its instances have; who waits for a failure waits for the end of all, too.
      const isEnd = dependency === null ? hasEnded : dependency.moment !== 'start' && dependency.moment !== 'ready';
      pending.push({ index: to, hasEnded: isEnd });
    }
  }
  return ended;
}
