/** Something that happens at a time; what shares a channel happens in its order. */
interface Happening {
  readonly atMs: number;
  readonly channel: string;
  readonly happen: () => void;
}

/** Virtual time: it stands still until told to go on to what happens next. */
export class VirtualClock {
  readonly #random: (() => number) | null;
  readonly #happenings: Happening[] = [];
  #nowMs = 0;

  /** With `random`, what happens at the same time in different channels happens in any order. */
  constructor(random: (() => number) | null) {
    this.#random = random;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Whether nothing is to happen any more. */
  get isQuiet(): boolean {
    return this.#happenings.length === 0;
  }

  /** Lets something happen, after what its channel has before it. */
  later(channel: string, delayMs: number, happen: () => void): void {
    const before = this.#happenings.findLast((other) => other.channel === channel)?.atMs ?? 0;
    this.#happenings.push({ atMs: Math.max(before, this.#nowMs + delayMs), channel, happen });
  }

  /** When the next thing happens; null when nothing does. */
  nextMs(): number | null {
    let next: number | null = null;
    for (const { atMs } of this.#happenings) if (next === null || atMs < next) next = atMs;
    return next;
  }

  /** Goes on to a time. */
  advanceTo(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  /** Takes one thing that is due, or null. */
  takeDue(): (() => void) | null {
    const taken = this.#random === null ? this.#earliest() : this.#anyDue(this.#random);
    if (taken === null || taken.atMs > this.#nowMs) return null;
    this.#happenings.splice(this.#happenings.indexOf(taken), 1);
    return taken.happen;
  }

  #earliest(): Happening | null {
    let earliest: Happening | null = null;
    for (const happening of this.#happenings) if (earliest === null || happening.atMs < earliest.atMs) earliest = happening;
    return earliest;
  }

  /** Of each channel only the first that is due can be the next: those behind it are no earlier. */
  #anyDue(random: () => number): Happening | null {
    const due: Happening[] = [];
    for (const happening of this.#happenings) {
      if (happening.atMs <= this.#nowMs && !due.some(({ channel }) => channel === happening.channel)) due.push(happening);
    }
    return due.length === 0 ? null : (due[Math.floor(random() * due.length)] ?? null);
  }
}
