import { expect, test } from 'vitest';
import type { Row } from '../../../bench/benchmark.ts';
import { renderRows } from '../../../bench/print-rows.ts';

const rows: readonly Row[] = [
  { name: 'one', ours: '50 ms', peer: '40 ms', ratio: 1.25, goal: 'at most 2.00×', met: true },
  { name: 'two', ours: '3 s', peer: null, ratio: null, goal: 'below 1.5 s', met: false },
];

test('nine rounds give a verdict', () => {
  expect(renderRows(rows, 9)).toBe(
    [
      'row  ours   peer   ratio  goal           verdict',
      'one  50 ms  40 ms  1.25×  at most 2.00×  met',
      'two  3 s    –      –      below 1.5 s    MISSED',
    ].join('\n'),
  );
});

test('fewer rounds give figures and no verdict', () => {
  const table = renderRows(rows, 8);
  expect(table.match(/not a verdict: 8 of 9 rounds$/gm)).toHaveLength(2);
  expect(table).not.toMatch(/met$|MISSED/m);
});
