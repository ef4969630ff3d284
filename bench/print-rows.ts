import type { Row } from './benchmark.ts';

const head = ['row', 'ours', 'peer', 'ratio', 'goal', 'verdict'];

/** With fewer rounds, ours and the peer in turn, chance decides. */
export const fewestRounds = 9;

/** The rows as a table with aligned columns; fewer rounds than a verdict takes give none. */
export function renderRows(rows: readonly Row[], rounds: number): string {
  const isVerdict = rounds >= fewestRounds;
  const cells = [
    head,
    ...rows.map(({ name, ours, peer, ratio, goal, met }) => [
      name,
      ours,
      peer ?? '–',
      ratio === null ? '–' : `${ratio.toFixed(2)}×`,
      goal,
      isVerdict ? verdictOf(met) : `not a verdict: ${String(rounds)} of ${String(fewestRounds)} rounds`,
    ]),
  ];
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
    .join('\n');
}

function verdictOf(met: boolean): string {
  return met ? 'met' : 'MISSED';
}
