/** What is drawn from a source of random numbers. */
export class Draw {
  readonly #random: () => number;

  /** `random` gives numbers from 0 up to 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** True so often of 1. */
  chance(share: number): boolean {
    return this.#random() < share;
  }

  /** A whole number from 0 up to this one, without it. */
  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  oneOf<One>(list: readonly One[]): One {
    const one = list[this.below(list.length)];
    if (one === undefined) throw new Error('there is none to choose');
    return one;
  }

  /** One of these, each as often as its weight says. */
  weighted<One>(list: readonly (readonly [weight: number, one: One])[]): One {
    let left = this.#random() * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, one] of list) {
      left -= weight;
      if (left < 0) return one;
    }
    return this.oneOf(list)[1];
  }

  /** What is made with this chance, or nothing. */
  maybe<Made extends object>(share: number, make: () => Made): Made | Readonly<Record<string, never>> {
    return this.chance(share) ? make() : {};
  }

  /** Each of them with this chance, in their order. */
  some<One>(list: readonly One[], share: number): readonly One[] {
    return list.filter(() => this.chance(share));
  }
}
