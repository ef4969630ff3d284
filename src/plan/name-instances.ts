import type { MatrixCombination } from './expand-matrix.ts';

/** One instance before its process is compiled. */
export interface NamedInstance {
  readonly name: string;
  /** From 1. */
  readonly replica: number;
  readonly replicas: number;
  readonly matrix: MatrixCombination;
}

const noMatrix: MatrixCombination = {};

/**
 * The instances of a process: `NAME`; `NAME-1 …` with replicas; `NAME-VALUE-VALUE` with a matrix;
 * `NAME-VALUES-1 …` with both. `replicas: null` is a process that does not count its instances.
 */
export function nameInstances(
  process: string,
  replicas: number | null,
  combinations: readonly MatrixCombination[] | null,
): readonly NamedInstance[] {
  const stems =
    combinations === null
      ? [{ stem: process, matrix: noMatrix }]
      : combinations.map((matrix) => ({
          stem: [process, ...Object.values(matrix).map(inName)].join('-'),
          matrix,
        }));
  return stems.flatMap(({ stem, matrix }) =>
    replicas === null
      ? [{ name: stem, replica: 1, replicas: 1, matrix }]
      : Array.from({ length: replicas }, (_, index) => ({
          name: `${stem}-${index + 1}`,
          replica: index + 1,
          replicas,
          matrix,
        })),
  );
}

function inName(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9._]/g, '_');
}
