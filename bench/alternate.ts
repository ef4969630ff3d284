/** Named contestants, each measuring itself once a call. */
export type Contestants<Name extends string> = Readonly<Record<Name, () => Promise<number>>>;

/** What contestants have measured in turn. */
export interface Figures<Name extends string> {
  /** The median of a contestant. */
  readonly medianOf: (name: Name) => number;
  /** The median of what one has measured by what another one has in the same round: whatever slows a few rounds down slows both there. */
  readonly ratioOf: (name: Name, peer: Name) => number;
}

/**
 * Runs the contestants in turn. They alternate within a round, and every second round in the opposite
 * order, so that a machine that slows down slows all of them. One round before is not counted: it fills
 * the caches of all.
 */
export async function alternate<Name extends string>(rounds: number, contestants: Contestants<Name>): Promise<Figures<Name>> {
  const entries: readonly [string, () => Promise<number>][] = Object.entries(contestants);
  const figures = new Map<string, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, measure] of round % 2 === 0 ? entries : entries.toReversed()) {
      const figure = await measure();
      if (round > 0) figures.get(name)?.push(figure);
    }
  }
  const figuresOf = (name: string): readonly number[] => figures.get(name) ?? [];
  return {
    medianOf: (name) => median(figuresOf(name)),
    ratioOf: (name, peer) => median(figuresOf(name).map((figure, round) => figure / (figuresOf(peer)[round] ?? Number.NaN))),
  };
}

/** The middle figure; of an even number of figures the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
