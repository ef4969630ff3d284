import { EdgeList } from './edge-list.ts';
import { PackedSuccessor } from './packed-successor.ts';
import { StatePacking } from './state-packing.ts';
import { StateSet } from './state-set.ts';
import type { TransitionSystem } from './transition-system.ts';

/** How far a search may go. */
export interface Budget {
  readonly maxStates: number;
  /** Asked now and then: the caller has the clock. */
  readonly mayGoOn: () => boolean;
}

/** What a search is for. */
export interface Search {
  readonly budget: Budget;
  /** Also finds out from which states the goal can be reached no more; it keeps every edge for that. */
  readonly judgesEnd: boolean;
  /** Ends at the first stuck state, which is one of the nearest. */
  readonly stopsAtStuck: boolean;
}

/** What a search has found. */
export interface Exploration {
  readonly system: TransitionSystem;
  readonly states: number;
  readonly edges: number;
  /** Neither final nor with any transition. */
  readonly stuckStates: number;
  readonly finalStates: number;
  /** Number of the first stuck state in breadth-first order, to which no way is shorter than to any other; null without one. */
  readonly firstStuck: number | null;
  /** From how many states the goal cannot be reached; null where that was not asked. Stuck ones are among them. */
  readonly trappedStates: number | null;
  /** As `firstStuck`. */
  readonly firstTrapped: number | null;
  /** Every state at most so many steps from the first one was expanded. */
  readonly depth: number;
  /** Every state that can be reached was. */
  readonly isComplete: boolean;
  /** Memory of the set of visited states. */
  readonly bytes: number;
  readonly visited: StateSet;
}

const statesBetweenQuestions = 1024;

/** Visits the states of a system in breadth-first order until there are no more, or the budget is used up. */
export function explore(system: TransitionSystem, search: Search): Exploration {
  const packing = new StatePacking(system.fieldSizes);
  const visited = new StateSet(packing.words);
  const state = new Int32Array(system.fieldSizes.length);
  const list = search.judgesEnd ? new EdgeList() : null;
  const goals: number[] = [];
  let edges = 0;
  let stuckStates = 0;
  let finalStates = 0;
  let firstStuck: number | null = null;
  let current = 0;
  const successor = new PackedSuccessor(packing, () => {
    edges += 1;
    const target = visited.add(successor.words, current);
    list?.add(target);
  });

  visited.add(packing.pack(system.initial), -1);
  let depth = -1;
  let endOfLevel = 1;
  let isOver = false;
  while (current < visited.size && !isOver) {
    packing.unpack(visited.arena, current * packing.words, state);
    list?.beginSource();
    const before = edges;
    if (system.isFinal(state)) {
      finalStates += 1;
      if (list !== null) goals.push(current);
    } else {
      successor.begin(visited.arena, current * packing.words);
      system.expand(state, successor);
      if (edges === before) {
        stuckStates += 1;
        firstStuck ??= current;
        isOver = search.stopsAtStuck;
      } else if (list !== null && system.isGoal(state)) {
        goals.push(current);
      }
    }
    current += 1;
    if (current === endOfLevel) {
      depth += 1;
      endOfLevel = visited.size;
    }
    isOver ||= visited.size > search.budget.maxStates || (current % statesBetweenQuestions === 0 && !search.budget.mayGoOn());
  }

  const trapped = list === null ? null : findTrapped(list, visited.size, goals);
  return {
    system,
    states: visited.size,
    edges,
    stuckStates,
    finalStates,
    firstStuck,
    trappedStates: trapped?.count ?? null,
    firstTrapped: trapped?.first ?? null,
    depth,
    isComplete: current === visited.size,
    bytes: visited.bytes,
    visited,
  };
}

/** Where a state was not expanded, nothing is known against it: it counts as one that can still finish. */
function findTrapped(edges: EdgeList, states: number, goals: readonly number[]): { readonly count: number; readonly first: number | null } {
  const canFinish = new Uint8Array(states);
  canFinish.fill(1, edges.sources);
  for (const state of goals) canFinish[state] = 1;
  edges.markBackwards(canFinish);
  const first = canFinish.indexOf(0);
  return { count: canFinish.reduce((sum, mark) => sum + 1 - mark, 0), first: first === -1 ? null : first };
}
