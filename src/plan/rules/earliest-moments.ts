import type { DependencyGraph, DependencyNode } from '../dependency-graph.ts';
import type { Dependency, InstancePlan, Moment, PoolPlan } from '../plan.ts';
import type { Step } from '../step.ts';
import { strongComponents } from '../strong-components.ts';
import { countDeeds } from './count-deeds.ts';

/** The times before which a moment cannot come, in ms from the beginning of the run; 0 where nothing is known. */
export type EarliestMoments = (dependency: Dependency) => number;

/** What is known of a node: when it can start, and when its other moments can come. */
type Times = Readonly<Record<Moment, number>>;

const unknown: Times = { start: 0, ready: 0, success: 0, failure: 0, exit: 0 };

/**
 * Adds up what the spec says will take its time: the delay before the first probe, and `sleep` steps, along the chains of
 * dependencies. Linear in the plan.
 */
export function earliestMoments({ nodes, indexOf }: DependencyGraph): EarliestMoments {
  const times: Times[] = [];
  const groups = new Map(nodes.flatMap((node, index) => (node.work === null ? [[node.name, index] as const] : [])));
  for (const component of strongComponents(nodes.map(({ edges }) => edges.map(({ to }) => to)))) {
    const [index] = component;
    const node = index === undefined ? undefined : nodes[index];
    if (index === undefined || node === undefined || component.length > 1) continue;
    times[index] = node.work === null ? latestOf(node, times) : ownTimes(node, node.work, times);
  }
  return ({ name, target, moment }) => {
    const only = target.type === 'instances' && target.instances.length === 1 ? target.instances[0] : undefined;
    const index = only === undefined ? (groups.get(name) ?? indexOf.get(name)) : indexOf.get(only);
    return (index === undefined ? unknown : (times[index] ?? unknown))[moment];
  };
}

/** All instances of a process have come to a moment when the last one has. */
function latestOf({ edges }: DependencyNode, times: readonly Times[]): Times {
  return edges.map(({ to }) => times[to] ?? unknown).reduce((left, right) => ({
    start: Math.max(left.start, right.start),
    ready: Math.max(left.ready, right.ready),
    success: Math.max(left.success, right.success),
    failure: 0,
    exit: 0,
  }), unknown);
}

function ownTimes({ edges }: DependencyNode, work: InstancePlan | PoolPlan, times: readonly Times[]): Times {
  // What is started by hand or by a step may be started before the others begin to wait for it.
  if (!work.autostart) return unknown;
  const waits = edges.map(({ to, dependency }) => (dependency === null ? 0 : (times[to] ?? unknown)[dependency.moment]));
  const start = waits.reduce((left, right) => Math.max(left, right), 0);
  const delay = 'readinessProbe' in work ? (work.readinessProbe?.initialDelayMs ?? 0) : 0;
  const slept = 'tasks' in work || work.body.type !== 'steps' ? 0 : leastSleepMs(work.body.steps);
  return { start, ready: start + delay, success: start + slept, failure: 0, exit: 0 };
}

/** So long do these steps sleep at least where they succeed. */
export function leastSleepMs(steps: readonly Step[]): number {
  return countDeeds(steps, (step) => (step.verb === 'sleep' ? { least: step.durationMs, most: step.durationMs } : { least: 0, most: 0 })).least;
}
