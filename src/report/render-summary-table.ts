import type { Style } from './create-style.ts';
import type { Summary, SummaryRow, Tone } from './summarize.ts';
import { pad, shorten, textWidth } from './text-width.ts';

/** A column that is never shortened, in the order shown; `why` follows as the last one. */
const columns = [
  { key: 'name', title: 'name', side: 'end' },
  { key: 'state', title: 'state', side: 'end' },
  { key: 'exit', title: 'exit', side: 'start' },
  { key: 'duration', title: 'duration', side: 'start' },
  { key: 'attempts', title: 'attempts', side: 'start' },
] as const satisfies readonly { key: keyof SummaryRow; title: string; side: 'start' | 'end' }[];

const gap = '  ';
/** Cells that the reason keeps before names are shortened for it. */
const leastWhyWidth = 12;

/**
 * The closing table as lines, no wider than `width` cells unless the terminal is narrower than its
 * figures: the reason is shortened first, then the name.
 */
export function renderSummaryTable(summary: Summary, style: Style, width: number): readonly string[] {
  const lines: string[] = [];
  if (summary.rows.length > 0) {
    const widths = measure(summary.rows, width);
    const withWhy = summary.rows.some((row) => row.why !== '');
    lines.push(style.dim(renderRow(null, widths, withWhy, width)));
    for (const row of summary.rows) {
      lines.push(paintFor(style, row.tone)(renderRow(row, widths, withWhy, width)));
    }
  }
  return [...lines, ...summary.folded.map((sentence) => shorten(sentence, width))];
}

function measure(rows: readonly SummaryRow[], width: number): readonly number[] {
  const wanted = columns.map(({ key, title }) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[key])), title.length),
  );
  const figures = wanted.slice(1).reduce((sum, each) => sum + each + gap.length, 0);
  const whyWidth = rows.some((row) => row.why !== '') ? leastWhyWidth + gap.length : 0;
  const roomForName = Math.max('name'.length, width - figures - whyWidth);
  return wanted.map((each, index) => (index === 0 ? Math.min(each, roomForName) : each));
}

function renderRow(row: SummaryRow | null, widths: readonly number[], withWhy: boolean, width: number): string {
  const cells = columns.map(({ key, title, side }, index) => {
    const cellWidth = widths[index] ?? 0;
    return pad(shorten(row === null ? title : row[key], cellWidth), cellWidth, side);
  });
  const figures = cells.join(gap);
  if (!withWhy) return figures.trimEnd();
  const room = Math.max(0, width - textWidth(figures) - gap.length);
  return `${figures}${gap}${shorten(row === null ? 'why' : row.why, room)}`.trimEnd();
}

function paintFor(style: Style, tone: Tone): (text: string) => string {
  if (tone === 'bad') return style.boldRed;
  return tone === 'good' ? (text) => text : style.yellow;
}
