import { EdgeList } from './edge-list.ts';
import type { TransitionSystem } from './transition-system.ts';

/** What can still come about from where: of every state that was found, whether the goal does, and whether each of those who never end goes on. */
export class Prospects {
  readonly #system: TransitionSystem;
  readonly #edges = new EdgeList();
  readonly #goals: number[] = [];
  /** Nothing is left out of what follows from these. */
  readonly #whole: number[] = [];
  /** Of each one who never ends, states in which it goes on, or has not to. */
  readonly #goingOn: readonly number[][];

  constructor(system: TransitionSystem) {
    this.#system = system;
    this.#goingOn = Array.from({ length: system.endless }, () => []);
  }

  /** To be called of the edges of one state after the other, but for those that are caught up with. */
  addEdge(source: number, target: number, transition: number): void {
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
}

function marked(these: readonly number[], states: number): Uint8Array {
  const marks = new Uint8Array(states);
  for (const state of these) marks[state] = 1;
  return marks;
}
