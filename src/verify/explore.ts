import { PackedSuccessor } from './packed-successor.ts';
import { Prospects } from './prospects.ts';
import { StatePacking } from './state-packing.ts';
import { StateSet } from './state-set.ts';
import type { TransitionSystem } from './transition-system.ts';

/** How far a search may go. */
export interface Budget {
  readonly maxStates: number;
  /** Asked now and then: the caller has the clock. */
  readonly mayGoOn: (states: number) => boolean;
}

/** What a search is for. */
export interface Search {
  readonly budget: Budget;
  /** Also finds out from which states the goal can be reached no more, or somebody who never ends can go on no more; it keeps every edge for that. */
  readonly judgesEnd: boolean;
  /** Ends at the first stuck state, which is one of the nearest. */
  readonly stopsAtStuck: boolean;
  /** With `judgesEnd`: also finds out on which ways that may never be gone it is up to that all comes about. */
  readonly findsNeeds?: true;
  /** Successors that the system may leave out are left out. */
  readonly isReduced: boolean;
  /** States so many steps from the first one are the last to be expanded; without it there is no such bound. */
  readonly mostDepth?: number;
  /** The state to begin at, where it is not the one in which the system begins. */
  readonly from?: Int32Array;
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
  /** From how many states something that has to come about cannot any more; null where that was not asked. Stuck ones are among them. */
  readonly trappedStates: number | null;
  /** As `firstStuck`; where successors were left out, there may be a shorter way. */
  readonly firstTrapped: number | null;
  /** Transitions that may never be gone, and without which some states would be trapped; none where that was not asked. */
  readonly needs: ReadonlySet<number>;
  /** Every state at most so many steps from the first one was expanded. */
  readonly depth: number;
  /** Every state that can be reached was. */
  readonly isComplete: boolean;
  /** Memory of the set of visited states. */
  readonly bytes: number;
  readonly visited: StateSet;
}

const statesBetweenQuestions = 1024;
/** Of states with many fields, and many ways on, each takes its time: so many fields of successors come between two questions at most. */
const workBetweenQuestions = 1 << 16;
/** And to find out whom it is enough to follow takes so many times as long as to follow them. */
const workOfReduction = 4;

/** Visits the states of a system in breadth-first order until there are no more, or the budget is used up. */
export function explore(system: TransitionSystem, search: Search): Exploration {
  return new Explorer(system, search).explore();
}

class Explorer {
  readonly #system: TransitionSystem;
  readonly #search: Search;
  readonly #packing: StatePacking;
  readonly #visited: StateSet;
  readonly #state: Int32Array;
  readonly #prospects: Prospects | null;
  readonly #successor: PackedSuccessor;
  #source = 0;
  #edges = 0;
  #stuckStates = 0;
  #finalStates = 0;
  #firstStuck: number | null = null;
  /** Since the last question. */
  #work = 0;
  #expanded = 0;
  #depth = -1;
  #endOfLevel = 1;
  #isOver = false;

  constructor(system: TransitionSystem, search: Search) {
    this.#system = system;
    this.#search = search;
    this.#packing = new StatePacking(system.fieldSizes);
    this.#visited = new StateSet(this.#packing.words);
    this.#state = new Int32Array(system.fieldSizes.length);
    this.#prospects = search.judgesEnd ? new Prospects(system, search.findsNeeds === true) : null;
    this.#successor = new PackedSuccessor(this.#packing, (transition) => {
      system.normalize(this.#successor);
      this.#edges += 1;
      const target = this.#visited.add(this.#successor.words, this.#source);
      this.#prospects?.addEdge(this.#source, target, transition);
    });
  }

  explore(): Exploration {
    const visited = this.#visited;
    visited.add(this.#packing.pack([...(this.#search.from ?? this.#system.initial)]), -1);
    const extent = this.#search.isReduced ? 'enough' : 'all';
    do {
      while (this.#expanded < visited.size && !this.#isOver) this.#expandNext(extent);
      // What is left out for ever somewhere is caught up with there.
      if (!this.#isOver) for (const state of this.#prospects?.neglectedStates(visited.size) ?? []) this.#catchUp(state);
    } while (this.#expanded < visited.size && !this.#isOver);
    const trapped = this.#prospects?.findTrapped(visited.size, this.#expanded) ?? null;
    return {
      system: this.#system,
      states: visited.size,
      edges: this.#edges,
      stuckStates: this.#stuckStates,
      finalStates: this.#finalStates,
      firstStuck: this.#firstStuck,
      trappedStates: trapped?.count ?? null,
      firstTrapped: trapped?.first ?? null,
      needs: this.#prospects?.findNeeds(visited.size) ?? new Set(),
      depth: this.#depth,
      isComplete: this.#expanded === visited.size,
      bytes: visited.bytes,
      visited,
    };
  }

  #expandNext(extent: 'all' | 'enough'): void {
    const { budget, stopsAtStuck } = this.#search;
    const state = this.#state;
    const current = this.#expanded;
    this.#load(current);
    const before = this.#edges;
    if (this.#system.isFinal(state)) {
      this.#finalStates += 1;
      this.#prospects?.addFinal(current);
    } else {
      const isWhole = this.#system.expand(state, this.#successor, extent);
      const isStuck = this.#edges === before;
      if (isStuck) {
        this.#stuckStates += 1;
        this.#firstStuck ??= current;
        this.#isOver = stopsAtStuck;
      }
      this.#prospects?.addState(current, state, isWhole || isStuck);
    }
    this.#expanded += 1;
    if (this.#expanded === this.#endOfLevel) {
      this.#depth += 1;
      this.#endOfLevel = this.#visited.size;
      this.#isOver ||= this.#depth === this.#search.mostDepth;
    }
    this.#work += (this.#edges - before + 1) * state.length * (extent === 'all' ? 1 : workOfReduction);
    this.#isOver ||= this.#visited.size > budget.maxStates || (this.#isTimeToAsk() && !budget.mayGoOn(this.#visited.size));
  }

  #isTimeToAsk(): boolean {
    if (this.#expanded % statesBetweenQuestions !== 0 && this.#work < workBetweenQuestions) return false;
    this.#work = 0;
    return true;
  }

  #catchUp(state: number): void {
    this.#load(state);
    this.#system.expand(this.#state, this.#successor, 'all');
  }

  #load(number: number): void {
    const offset = number * this.#packing.words;
    this.#source = number;
    this.#packing.unpack(this.#visited.arena, offset, this.#state);
    this.#successor.begin(this.#visited.arena, offset);
  }
}
