import type { Row } from './benchmark.ts';

const head = ['row', 'ours', 'peer', 'ratio', 'goal', 'verdict'];

/** The rows as a table with aligned columns. */
export function renderRows(rows: readonly Row[]): string {
  const cells = [
    head,
    ...rows.map(({ name, ours, peer, ratio, goal, met }) => [
      name,
      ours,
      peer ?? '–',
      ratio === null ? '–' : `${ratio.toFixed(2)}×`,
      goal,
      met ? 'met' : 'MISSED',
    ]),
  ];
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
    .join('\n');
}
