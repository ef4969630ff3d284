import { bareLine } from '../bare-text.ts';
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

/**
 * What is shown first where room is short. What holds a run up is told nowhere else; a failure has
 * a line of its own above the frame.
 */
const phaseOrder = ['waiting', 'failed', 'active', 'over'] as const;
const phaseWords: Readonly<Record<LiveRow['phase'], string>> = {
  waiting: 'waiting',
  failed: 'failed',
  active: 'running',
  over: 'ended',
};
const markCells = 2;
const gapCells = 2;

/**
 * One frame of the live view as lines, none wider than the terminal and together lower than it,
 * since a frame that scrolls cannot be drawn over. In the order of the spec as long as everything
 * fits. Otherwise what waits comes first, in one row where it is the same wait, then failures, then
 * what runs, and the rest is counted.
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
  const fits = rows.length <= room;
  const urgent = fits ? [] : sortByUrgency(rows);
  const shown = fits ? rows : urgent.slice(0, Math.max(0, room - 1));
  const hidden = urgent.slice(shown.length);
  const more =
    hidden.length === 0 || room === 0
      ? []
      : [style.dim(ruler.shorten(describeHidden(hidden), width))];
  return [
    ...renderRows(shown, style, ruler, width),
    ...more,
    style.bold(ruler.shorten(statusLine, width)),
  ];
}

/** A row that may stand for several. */
interface UrgentRow extends MarkedRow {
  readonly count: number;
}

function sortByUrgency(rows: readonly MarkedRow[]): readonly UrgentRow[] {
  return phaseOrder.flatMap((phase) => {
    const ofPhase = rows.filter((row) => row.phase === phase);
    return phase === 'waiting'
      ? joinSameWaits(ofPhase)
      : ofPhase.map((row) => ({ ...row, count: 1 }));
  });
}

function joinSameWaits(rows: readonly MarkedRow[]): readonly UrgentRow[] {
  const byText = new Map<string, MarkedRow[]>();
  for (const row of rows) {
    const same = byText.get(row.text);
    if (same === undefined) byText.set(row.text, [row]);
    else same.push(row);
  }
  return [...byText.values()].flatMap((same) =>
    same.slice(0, 1).map((row) => ({
      ...row,
      name: same.length === 1 ? row.name : `${row.name} …`,
      text: same.length === 1 ? row.text : `${same.length} ${row.text}`,
      count: same.length,
    })),
  );
}

/** `… and 12 more: 3 running, 9 ended`. */
function describeHidden(rows: readonly UrgentRow[]): string {
  const sum = (some: readonly UrgentRow[]): number =>
    some.reduce((count, row) => count + row.count, 0);
  const kinds = phaseOrder
    .map((phase) => ({ phase, count: sum(rows.filter((row) => row.phase === phase)) }))
    .filter(({ count }) => count > 0)
    .map(({ phase, count }) => `${count} ${phaseWords[phase]}`);
  return `… and ${sum(rows)} more: ${kinds.join(', ')}`;
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
    const text = ruler.shorten(bareLine(row.text), textRoom);
    return `${row.mark} ${name}  ${paintText(style, row)(text)}`;
  });
}

function paintText(style: Style, row: LiveRow): (text: string) => string {
  if (row.phase === 'failed') return style.red;
  return row.phase === 'active' ? (text) => text : style.dim;
}
