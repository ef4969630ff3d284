/** Values that are gathered before only their median is kept. */
const width = 999;

/**
 * The median of any number of values, nearly, in little memory: of every 999 values only the median is
 * kept, of every 999 of these again, and so on (Rousseeuw and Bassett, "The Remedian", 1990). GNU
 * parallel has its `--timeout N%` from the same.
 */
export class Remedian {
  readonly #levels: number[][] = [[]];

  add(value: number): void {
    let carried = value;
    for (let level = 0; ; level += 1) {
      const values = this.#levels[level] ?? [];
      this.#levels[level] = values;
      values.push(carried);
      if (values.length < width) return;
      carried = medianOf(values);
      values.length = 0;
    }
  }

  /** Null without any value. */
  get median(): number | null {
    const highest = this.#levels.findLast((values) => values.length > 0);
    return highest === undefined ? null : medianOf(highest);
  }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor((values.length - 1) / 2)] ?? 0;
}
