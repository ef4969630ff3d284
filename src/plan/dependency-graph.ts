import type { Dependency, InstancePlan, Plan, PoolPlan } from './plan.ts';

/**
 * Who waits for whom before its start. A process with many instances has a node of its own between
 * them and their dependents, so that the graph stays linear in the size of the spec: a thousand
 * replicas that wait for a thousand replicas are two thousand edges and not a million.
 */
export interface DependencyGraph {
  readonly nodes: readonly DependencyNode[];
  /** Node index of an instance or pool. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** An instance, a pool, or all the instances of one process. */
export interface DependencyNode {
  readonly name: string;
  /** null for the node that stands for all instances of a process. */
  readonly work: InstancePlan | PoolPlan | null;
  readonly edges: readonly DependencyEdge[];
}

/** From the one that waits to what it waits for. */
export interface DependencyEdge {
  readonly to: number;
  /** null for the edge from a process to one of its instances. */
  readonly dependency: Dependency | null;
}

/** Reads the graph off a plan, in time linear in the plan. */
export function dependencyGraph(plan: Plan): DependencyGraph {
  const nodes: { name: string; work: InstancePlan | PoolPlan | null; edges: DependencyEdge[] }[] =
    [];
  const indexOf = new Map<string, number>();
  for (const work of [...plan.instances, ...plan.pools]) {
    indexOf.set(work.name, nodes.length);
    nodes.push({ name: work.name, work, edges: [] });
  }
  const groups = new Map<string, number>();
  const targetOf = (dependency: Dependency): number | undefined => {
    if (dependency.target.type === 'pool') return indexOf.get(dependency.name);
    const { instances } = dependency.target;
    const [only] = instances;
    if (instances.length === 1 && only !== undefined) return indexOf.get(only);
    const known = groups.get(dependency.name);
    if (known !== undefined) return known;
    const group = nodes.length;
    groups.set(dependency.name, group);
    const edges = instances.flatMap((name) => {
      const to = indexOf.get(name);
      return to === undefined ? [] : [{ to, dependency: null }];
    });
    nodes.push({ name: dependency.name, work: null, edges });
    return group;
  };
  for (const work of [...plan.instances, ...plan.pools]) {
    const from = nodes[indexOf.get(work.name) ?? -1];
    for (const dependency of work.dependsOn) {
      const to = targetOf(dependency);
      if (from !== undefined && to !== undefined) from.edges.push({ to, dependency });
    }
  }
  return { nodes, indexOf };
}
