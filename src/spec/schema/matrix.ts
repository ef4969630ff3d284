import * as z from 'zod';
import { loadTimeText } from './leaves.ts';
import { reading } from './reading.ts';

/** Key of a matrix: `MATRIX_KEY` for the process, `${{ matrix.KEY }}` in the spec. */
const matrixKey = reading(z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/), {
  text: true,
  expected: 'a key of letters, digits, `_` and `-`',
});

const combination = reading(z.record(matrixKey, loadTimeText), { called: 'a combination' });

/** As in GitHub Actions: every combination of the keys' values, without `exclude`, with `include`. */
export const matrix = reading(
  z
    .object({
      include: z.array(combination).default([]).describe('Combinations to add, or keys to add to matching ones.'),
      exclude: z.array(combination).default([]).describe('Combinations to leave out.'),
    })
    .catchall(z.array(loadTimeText)),
  { called: 'a matrix', sample: '{ KEY: [VALUE, VALUE] }' },
).meta({ id: 'matrix' });

/** A matrix as it was written. */
export type MatrixSpec = z.infer<typeof matrix>;
