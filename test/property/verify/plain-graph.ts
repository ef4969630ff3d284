import type { Exploration } from '../../../src/verify/explore.ts';
import type { ModelSystem } from '../../../src/verify/model-system.ts';
import { isOnlyRobbed } from '../../../src/verify/robbed-at.ts';
import { stateAt } from '../../../src/verify/shortest-way.ts';

/** What leads from one state to which. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly transition: number;
}

/** All states of a system in breadth-first order, by number, and all that leads from one to another: to look at it without any of what a search leaves out. */
export class PlainGraph {
  readonly states: readonly Int32Array[];
  readonly #system: ModelSystem;
  readonly #edges: readonly Edge[];
  readonly #sources: readonly (readonly number[])[];

  constructor(system: ModelSystem, found: Exploration) {
    this.#system = system;
    this.states = Array.from({ length: found.states }, (_, number) => stateAt(found, number));
    const numbers = new Map(this.states.map((state, number) => [state.join(), number]));
    this.#edges = this.states.flatMap((state, from) => (system.isFinal(state) ? [] : successorsOf(system, state).map(({ next, transition }) => ({ from, to: numbers.get(next) ?? -1, transition }))));
    const sources = this.states.map((): number[] => []);
    for (const { from, to } of this.#edges) sources[to]?.push(from);
    this.#sources = sources;
  }

  /** States from which nothing leads on, and that are no end. */
  stuck(): readonly number[] {
    const sources = new Set(this.#edges.map(({ from }) => from));
    return [...this.states.keys()].filter((number) => !sources.has(number) && !this.#system.isFinal(this.#at(number)));
  }

  /** Whether an actor moves somewhere behind each state. */
  movesOf(actor: number): readonly boolean[] {
    const field = this.#system.layout.actorField(actor);
    const graph = this.#system.graphs[actor];
    const isMove = ({ from, to, transition }: Edge): boolean => {
      const [before = 0, after = 0] = [this.#at(from)[field], this.#at(to)[field]];
      // Others may only have given back what it holds.
      const isHis = graph === undefined || this.#system.transitionAt(transition).actor === graph.name;
      return before !== after && (isHis || !isOnlyRobbed(graph, before, after));
    };
    return this.#from(this.#edges.filter(isMove).map(({ from }) => from));
  }

  /** States from which neither some of them can be reached, nor all that has to come about. */
  trappedBut(some: readonly number[]): readonly number[] {
    const numbers = [...this.states.keys()];
    const good = [
      this.#from([...some, ...numbers.filter((number) => this.#system.isGoal(this.#at(number)))]),
      ...Array.from({ length: this.#system.endless }, (_, endless) =>
        this.#from([
          ...some,
          ...this.#edges.filter(({ transition }) => this.#system.endlessOf(transition) === endless).map(({ from }) => from),
          ...numbers.filter((number) => this.#system.isFinal(this.#at(number)) || this.#system.isResting(endless, this.#at(number))),
        ]),
      ),
    ];
    return numbers.filter((number) => good.some((marks) => marks[number] === false));
  }

  /** States from which one of these can be reached. */
  #from(these: readonly number[]): readonly boolean[] {
    const marks = this.states.map(() => false);
    const open = [...these];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (marks[at] === true) continue;
      marks[at] = true;
      open.push(...(this.#sources[at] ?? []));
    }
    return marks;
  }

  #at(number: number): Int32Array {
    return this.states[number] ?? new Int32Array(0);
  }
}

function successorsOf(system: ModelSystem, state: Int32Array): readonly { readonly next: string; readonly transition: number }[] {
  const found: { readonly next: string; readonly transition: number }[] = [];
  const next = state.slice();
  system.expand(state, {
    get: (field) => next[field] ?? 0,
    set: (field, value) => {
      next[field] = value;
    },
    reach: (transition) => {
      found.push({ next: next.join(), transition });
      next.set(state);
    },
  });
  return found;
}
