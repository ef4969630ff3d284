import type { Style } from '../create-style.ts';
import type { TextRuler } from '../text-ruler.ts';
import type { LiveRow } from './describe-row.ts';

/** One row of the view with the mark that stands before it, one cell wide and already painted. */
export interface MarkedRow extends LiveRow {
  readonly mark: string;
}

/** Room on the terminal, in cells and lines. */
export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

const phaseOrder: readonly LiveRow['phase'][] = ['failed', 'active', 'waiting', 'over'];
const markCells = 2;
const gapCells = 2;

/**
 * One frame of the live view as lines, none wider than the terminal and together lower than it,
 * since a frame that scrolls cannot be drawn over. In the order of the spec as long as everything
 * fits; otherwise failures come first, then what runs, then what waits, and the rest is counted.
 */
export function renderFrame(
  rows: readonly MarkedRow[],
  statusLine: string,
  style: Style,
  ruler: TextRuler,
  size: FrameSize,
): readonly string[] {
  // The cursor stands on a line of its own below the frame.
  const height = size.rows - 1;
  if (height < 1) return [];
  const room = height - 1;
  // The last column stays free: some terminals wrap when it is written.
  const width = Math.max(1, size.columns - 1);
  const shown = rows.length <= room ? rows : mostUrgent(rows, Math.max(0, room - 1));
  const hidden = rows.length - shown.length;
  const more =
    hidden === 0 || room === 0 ? [] : [style.dim(ruler.shorten(`… and ${hidden} more`, width))];
  return [
    ...renderRows(shown, style, ruler, width),
    ...more,
    style.bold(ruler.shorten(statusLine, width)),
  ];
}

function mostUrgent(rows: readonly MarkedRow[], count: number): readonly MarkedRow[] {
  return phaseOrder.flatMap((phase) => rows.filter((row) => row.phase === phase)).slice(0, count);
}

function renderRows(
  rows: readonly MarkedRow[],
  style: Style,
  ruler: TextRuler,
  width: number,
): readonly string[] {
  const widest = rows.reduce((most, row) => Math.max(most, ruler.width(row.name)), 0);
  // A long name leaves at least half of the line to what is said of it.
  const nameWidth = Math.min(widest, Math.floor(width / 2));
  const textRoom = Math.max(0, width - markCells - nameWidth - gapCells);
  return rows.map((row) => {
    const name = style.instance(row.name)(
      ruler.pad(ruler.shorten(row.name, nameWidth), nameWidth, 'end'),
    );
    return `${row.mark} ${name}  ${paintText(style, row)(ruler.shorten(row.text, textRoom))}`;
  });
}

function paintText(style: Style, row: LiveRow): (text: string) => string {
  if (row.phase === 'failed') return style.red;
  return row.phase === 'active' ? (text) => text : style.dim;
}
