import type { ModelSystem } from '../model-system.ts';

/** How the parts of a model are called in Promela, where names are letters and numbers. */
export class PromelaNames {
  readonly #numbers = new Map<string, number>();
  readonly #actors: ReadonlyMap<string, number>;

  constructor({ graphs, resources }: ModelSystem) {
    for (const name of resources.keys()) this.#numbers.set(name, this.#numbers.size);
    this.#actors = new Map(graphs.map(({ name }, actor) => [name, actor]));
  }

  /** Where an actor stands. */
  at(actor: number): string {
    return `at[${actor}]`;
  }

  actorNamed(name: string): number {
    return this.#actors.get(name) ?? 0;
  }

  /** What is left of a lock or semaphore, whether an event is set or a barrier broken, or how many items a queue has. */
  of(resource: string): string {
    return `r${this.#numbers.get(resource) ?? 0}`;
  }

  /** Whether somebody has found that nobody takes from a queue. */
  breakOf(queue: string): string {
    return `break_${this.of(queue)}`;
  }

  /** Whether somebody has met the end of a queue. */
  endOf(queue: string): string {
    return `end_${this.of(queue)}`;
  }

  /** That an actor stands at one of some locations. */
  isAtOne(actor: number, locations: readonly number[]): string {
    const ranges: [number, number][] = [];
    for (const location of locations) {
      const last = ranges.at(-1);
      if (last?.[1] === location - 1) last[1] = location;
      else ranges.push([location, location]);
    }
    if (ranges.length === 0) return 'false';
    const at = this.at(actor);
    return `(${ranges.map(([first, last]) => (first === last ? `${at} == ${first}` : `${at} >= ${first} && ${at} <= ${last}`)).join(' || ')})`;
  }
}

/** The numbers at which marks are set. */
export function marked(marks: Uint8Array): readonly number[] {
  return [...marks.keys()].filter((index) => marks[index] === 1);
}
