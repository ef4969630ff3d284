import { expect, test } from 'vitest';

import { formatDuration } from '../../../src/report/format-duration.ts';

test.for([
  [-5, '0 ms'],
  [0, '0 ms'],
  [350.4, '350 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [3210, '3.2 s'],
  [59_949, '59.9 s'],
  [59_950, '1 m 00 s'],
  [64_000, '1 m 04 s'],
  [3_599_499, '59 m 59 s'],
  [3_599_500, '1 h 00 m'],
  [7_500_000, '2 h 05 m'],
] as const)('%d ms is %s', ([ms, text]) => {
  expect(formatDuration(ms)).toBe(text);
});
