import { EdgeList } from './edge-list.ts';
import type { TransitionSystem } from './transition-system.ts';

interface Edge {
  readonly source: number;
  readonly target: number;
  readonly transition: number;
}

/** What can still come about from where: of every state that was found, whether the goal does, and whether each of those who never end goes on. */
export class Prospects {
  readonly #system: TransitionSystem;
  readonly #findsNeeds: boolean;
  readonly #edges = new EdgeList();
  readonly #goals: number[] = [];
  /** Nothing is left out of what follows from these. */
  readonly #whole: number[] = [];
  /** Of each one who never ends, states in which it goes on, or has not to. */
  readonly #goingOn: readonly number[][];
  /** Those that may never be gone, and all others; null as long as there are none of the first kind. */
  #unsure: { readonly edges: Edge[]; readonly others: EdgeList } | null = null;

  /** @param findsNeeds whether it is told apart what may never be gone */
  constructor(system: TransitionSystem, findsNeeds: boolean) {
    this.#system = system;
    this.#findsNeeds = findsNeeds;
    this.#goingOn = Array.from({ length: system.endless }, () => []);
  }

  /** To be called of the edges of one state after the other, but for those that are caught up with. */
  addEdge(source: number, target: number, transition: number): void {
    if (this.#findsNeeds && this.#system.mayNeverCome(transition)) {
      this.#unsure ??= { edges: [], others: this.#edges.copy() };
      this.#unsure.edges.push({ source, target, transition });
    } else this.#unsure?.others.add(source, target);
    this.#edges.add(source, target);
    const endless = this.#system.endlessOf(transition);
    if (endless !== -1) this.#goingOn[endless]?.push(source);
  }

  addFinal(state: number): void {
    this.#whole.push(state);
    this.#goals.push(state);
    for (const states of this.#goingOn) states.push(state);
  }

  /** `isWhole`: all that follows was added. */
  addState(number: number, state: Int32Array, isWhole: boolean): void {
    if (isWhole) this.#whole.push(number);
    if (this.#system.isGoal(state)) this.#goals.push(number);
    for (const [endless, states] of this.#goingOn.entries()) if (this.#system.isResting(endless, state)) states.push(number);
  }

  /**
   * States that are to be expanded once more, and wholly: what was left out in them is not caught up with in any state that follows.
   * What is left out stays possible until it is done, so that one state is enough of all that follow from each other.
   */
  neglectedStates(states: number): readonly number[] {
    if (this.#whole.length === states) return [];
    const marks = marked(this.#whole, states);
    this.#edges.markBackwards(marks);
    const neglected: number[] = [];
    for (let state = marks.lastIndexOf(0); state !== -1; state = marks.lastIndexOf(0, state)) {
      neglected.push(state);
      this.#whole.push(state);
      marks[state] = 1;
      this.#edges.markBackwards(marks, [state]);
    }
    return neglected;
  }

  /** Where a state was not expanded, nothing is known against it: it counts as one from which all can still come about. */
  findTrapped(states: number, expanded: number): { readonly count: number; readonly first: number | null } {
    const trapped = new Uint8Array(states);
    for (const good of [this.#goals, ...this.#goingOn]) {
      const marks = marked(good, states);
      marks.fill(1, expanded);
      this.#edges.markBackwards(marks);
      for (let state = 0; state < states; state += 1) if (marks[state] === 0) trapped[state] = 1;
    }
    const first = trapped.indexOf(1);
    return { count: trapped.reduce((sum, mark) => sum + mark, 0), first: first === -1 ? null : first };
  }

  /** Transitions that may never be gone, and without which something that has to come about could not any more once it has come to a state. */
  findNeeds(states: number): ReadonlySet<number> {
    const needs = new Set<number>();
    if (this.#unsure === null) return needs;
    const { edges, others } = this.#unsure;
    for (const good of [this.#goals, ...this.#goingOn]) {
      const marks = marked(good, states);
      others.markBackwards(marks);
      for (const { source, target, transition } of edges) if (marks[source] === 0 && marks[target] === 1) needs.add(transition);
    }
    return needs;
  }
}

function marked(these: readonly number[], states: number): Uint8Array {
  const marks = new Uint8Array(states);
  for (const state of these) marks[state] = 1;
  return marks;
}
