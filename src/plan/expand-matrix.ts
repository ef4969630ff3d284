/** A matrix as written, every scalar as text. */
export interface MatrixInput {
  /** The axes in the order written. */
  readonly axes: readonly (readonly [key: string, values: readonly string[]])[];
  readonly include: readonly Readonly<Record<string, string>>[];
  readonly exclude: readonly Readonly<Record<string, string>>[];
}

/** One combination: keys in the order of the axes, then of `include`. */
export type MatrixCombination = Readonly<Record<string, string>>;

/**
 * All combinations, the last axis running fastest, with the `include` and `exclude` of GitHub Actions:
 * an exclusion removes every combination that it matches in all its keys; an inclusion is added to
 * every original combination whose axes it does not contradict, and becomes a combination of its own
 * where there is none.
 *
 * Source of the semantics: GitHub Actions, workflow syntax, `jobs.<job_id>.strategy.matrix`.
 */
export function expandMatrix(matrix: MatrixInput): readonly MatrixCombination[] {
  const axisKeys = new Set(matrix.axes.map(([key]) => key));
  const originals = product(matrix.axes).filter(
    (combination) => !matrix.exclude.some((exclusion) => matches(exclusion, combination)),
  );
  const widened = originals.map((combination) => ({ ...combination }));
  const added: MatrixCombination[] = [];
  for (const inclusion of matrix.include) {
    let used = false;
    for (const [index, original] of originals.entries()) {
      const fits = Object.entries(inclusion).every(
        ([key, value]) => !axisKeys.has(key) || original[key] === value,
      );
      if (fits) Object.assign(widened[index] ?? {}, inclusion);
      used ||= fits;
    }
    if (!used) added.push(inclusion);
  }
  const order = [...axisKeys, ...matrix.include.flatMap((inclusion) => Object.keys(inclusion))];
  return [...widened, ...added].map((combination) => inOrder(combination, order));
}

function product(axes: MatrixInput['axes']): readonly MatrixCombination[] {
  if (axes.length === 0) return [];
  return axes.reduce<readonly MatrixCombination[]>(
    (combinations, [key, values]) =>
      combinations.flatMap((combination) =>
        values.map((value) => ({ ...combination, [key]: value })),
      ),
    [{}],
  );
}

function matches(part: MatrixCombination, whole: MatrixCombination): boolean {
  return Object.entries(part).every(([key, value]) => whole[key] === value);
}

/** Names are made of the values in this order, so it must not depend on where a key came from. */
function inOrder(combination: MatrixCombination, order: readonly string[]): MatrixCombination {
  const sorted: Record<string, string> = {};
  for (const key of order) {
    const value = combination[key];
    if (value !== undefined) sorted[key] = value;
  }
  return sorted;
}
