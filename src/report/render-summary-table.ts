import type { Style } from './create-style.ts';
import type { Summary, SummaryRow, Tone } from './summarize.ts';
import type { TextRuler } from './text-ruler.ts';

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
 *
 * @param ruler prepared for the texts of the summary
 */
export function renderSummaryTable(
  summary: Summary,
  style: Style,
  ruler: TextRuler,
  width: number,
): readonly string[] {
  const lines: string[] = [];
  if (summary.rows.length > 0) {
    const widths = measure(summary.rows, ruler, width);
    const withWhy = summary.rows.some((row) => row.why !== '');
    const render = (row: SummaryRow | null): string =>
      renderRow(row, widths, ruler, withWhy ? width : null);
    lines.push(style.dim(render(null)));
    for (const row of summary.rows) {
      lines.push(paintFor(style, row.tone)(render(row)));
    }
  }
  return [...lines, ...summary.folded.map(({ sentence }) => ruler.shorten(sentence, width))];
}

function measure(rows: readonly SummaryRow[], ruler: TextRuler, width: number): readonly number[] {
  const wanted = columns.map(({ key, title }) =>
    rows.reduce((widest, row) => Math.max(widest, ruler.width(row[key])), title.length),
  );
  const figures = wanted.slice(1).reduce((sum, each) => sum + each + gap.length, 0);
  const whyWidth = rows.some((row) => row.why !== '') ? leastWhyWidth + gap.length : 0;
  const roomForName = Math.max('name'.length, width - figures - whyWidth);
  return wanted.map((each, index) => (index === 0 ? Math.min(each, roomForName) : each));
}

/** @param width of the whole row with its reason; null leaves the reason out */
function renderRow(
  row: SummaryRow | null,
  widths: readonly number[],
  ruler: TextRuler,
  width: number | null,
): string {
  const cells = columns.map(({ key, title, side }, index) => {
    const cellWidth = widths[index] ?? 0;
    return ruler.pad(ruler.shorten(row === null ? title : row[key], cellWidth), cellWidth, side);
  });
  const figures = cells.join(gap);
  if (width === null) return figures.trimEnd();
  const room = Math.max(0, width - ruler.width(figures) - gap.length);
  return `${figures}${gap}${ruler.shorten(row === null ? 'why' : row.why, room)}`.trimEnd();
}

function paintFor(style: Style, tone: Tone): (text: string) => string {
  if (tone === 'bad') return style.boldRed;
  return tone === 'good' ? (text) => text : style.yellow;
}
