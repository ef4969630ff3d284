import { dependencyGraph } from './dependency-graph.ts';
import type { InstancePlan, Plan, PoolPlan } from './plan.ts';
import { strongComponents } from './strong-components.ts';

/** Something that is started as a whole. */
export type PlannedWork = InstancePlan | PoolPlan;

/**
 * Instances and pools in waves: each waits only for moments of earlier waves, and stands in the
 * earliest wave where that is so. Inside a wave the order is that of the spec. `finally` processes
 * come in waves of their own, counted from the moment when everything else has ended.
 *
 * Members of a dependency cycle have no wave; a plan with one is refused before.
 */
export interface StartOrder {
  readonly main: readonly (readonly PlannedWork[])[];
  readonly finally: readonly (readonly PlannedWork[])[];
}

/** Computes the waves in time linear in the plan. */
export function startOrder(plan: Plan): StartOrder {
  const graph = dependencyGraph(plan);
  const wave = new Map<number, number>();
  const isLast = (index: number): boolean => {
    const node = graph.nodes[index];
    const member = node?.work === null ? node.edges[0] : undefined;
    const work = member === undefined ? node?.work : graph.nodes[member.to]?.work;
    return work !== null && work !== undefined && 'kind' in work && work.kind === 'finally';
  };
  for (const component of strongComponents(
    graph.nodes.map((node) => node.edges.map((edge) => edge.to)),
  )) {
    const [index] = component;
    const node = index === undefined ? undefined : graph.nodes[index];
    if (index === undefined || node === undefined || component.length > 1) continue;
    const before = node.edges
      .filter((edge) => !isLast(index) || isLast(edge.to))
      .map((edge) => wave.get(edge.to) ?? -1);
    const deepest = before.reduce((left, right) => Math.max(left, right), -1);
    wave.set(index, node.work === null ? deepest : deepest + 1);
  }
  const main: PlannedWork[][] = [];
  const last: PlannedWork[][] = [];
  for (const work of [...plan.instances, ...plan.pools]) {
    const index = graph.indexOf.get(work.name);
    const at = index === undefined ? undefined : wave.get(index);
    if (index === undefined || at === undefined) continue;
    const waves = isLast(index) ? last : main;
    while (waves.length <= at) waves.push([]);
    waves[at]?.push(work);
  }
  return { main, finally: last };
}

/**
 * The order in which what still runs is stopped at the end: dependents before what they depend on,
 * in waves that are stopped together. `finally` is not part of it; it runs before.
 */
export function stopOrder(plan: Plan): readonly (readonly PlannedWork[])[] {
  return startOrder(plan)
    .main.map((works) => works.toReversed())
    .toReversed();
}
