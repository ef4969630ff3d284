/** Named contestants, each measuring itself once a call. */
export type Contestants<Name extends string> = Readonly<Record<Name, () => Promise<number>>>;

/**
 * Runs the contestants in turn and gives the median of each by its name. They alternate within a
 * round, and every second round in the opposite order, so that a machine that slows down slows all of
 * them. One round before is not counted: it fills the caches of all.
 */
export async function alternate<Name extends string>(
  rounds: number,
  contestants: Contestants<Name>,
): Promise<(name: Name) => number> {
  const entries: readonly [string, () => Promise<number>][] = Object.entries(contestants);
  const figures = new Map<string, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, measure] of round % 2 === 0 ? entries : entries.toReversed()) {
      const figure = await measure();
      if (round > 0) figures.get(name)?.push(figure);
    }
  }
  return (name) => median(figures.get(name) ?? []);
}

/** The middle figure; of an even number of figures the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
