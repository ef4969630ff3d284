import { expect, it } from 'vitest';
import * as fc from 'fast-check';
import { explore } from '../../../src/verify/explore.ts';
import { shortestWay } from '../../../src/verify/shortest-way.ts';
import type { TransitionSystem } from '../../../src/verify/transition-system.ts';

interface Graph {
  readonly targets: readonly (readonly number[])[];
  readonly goals: ReadonlySet<number>;
}

const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const node = fc.integer({ min: 0, max: size - 1 });
  return fc.record({
    targets: fc.array(fc.array(node, { maxLength: 3 }), { minLength: size, maxLength: size }),
    goals: fc.array(node, { maxLength: 2 }).map((nodes) => new Set(nodes)),
  });
});

function systemOf({ targets, goals }: Graph): TransitionSystem {
  return {
    fieldSizes: [targets.length],
    initial: [0],
    expand: (state, successor) => {
      for (const [index, target] of (targets[state[0] ?? 0] ?? []).entries()) {
        successor.set(0, target);
        successor.reach(index);
      }
      return true;
    },
    normalize: () => undefined,
    endless: 0,
    endlessOf: () => -1,
    mayNeverCome: () => false,
    isResting: () => true,
    isFinal: (state) => goals.has(state[0] ?? 0),
    isGoal: (state) => goals.has(state[0] ?? 0),
    describe: String,
  };
}

/** Distances from a node, over edges that do not begin at a goal. */
function distances({ targets, goals }: Graph, from: number): ReadonlyMap<number, number> {
  const found = new Map([[from, 0]]);
  for (const [node, distance] of found) {
    if (goals.has(node)) continue;
    for (const target of targets[node] ?? []) if (!found.has(target)) found.set(target, distance + 1);
  }
  return found;
}

it('agrees with plain searches of random graphs', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const found = explore(systemOf(graph), { budget: { maxStates: 100, mayGoOn: () => true }, judgesEnd: true, stopsAtStuck: false, isReduced: false });
      const reached = distances(graph, 0);
      const isStuck = (node: number): boolean => !graph.goals.has(node) && graph.targets[node]?.length === 0;
      const isTrapped = (node: number): boolean => [...distances(graph, node).keys()].every((other) => !graph.goals.has(other));
      const nearest = (test: (node: number) => boolean): number | null =>
        [...reached].filter(([node]) => test(node)).reduce<number | null>((least, [, distance]) => Math.min(least ?? distance, distance), null);
      const length = (state: number | null): number | null => (state === null ? null : shortestWay(found, state).length);
      expect({
        states: found.states,
        depth: found.depth,
        stuck: found.stuckStates,
        trapped: found.trappedStates,
        stepsToStuck: length(found.firstStuck),
        stepsToTrap: length(found.firstTrapped),
      }).toEqual({
        states: reached.size,
        depth: Math.max(...reached.values()),
        stuck: [...reached.keys()].filter(isStuck).length,
        trapped: [...reached.keys()].filter(isTrapped).length,
        stepsToStuck: nearest(isStuck),
        stepsToTrap: nearest(isTrapped),
      });
    }),
    { numRuns: 500 },
  );
});
