import { cellsOf } from './display-width.ts';

/** The part of a line that fits the terminal, and where the marked range stands in it. */
export interface SourceWindow {
  readonly text: string;
  /** Cells before the mark. */
  readonly indent: number;
  /** Cells under the mark, at least one. */
  readonly length: number;
}

/** Far more than any terminal shows; keeps a line of a megabyte cheap. */
const examinedUnits = 2000;
const ellipsis = '…';

/**
 * Cuts a line to `width` cells around the range from `start` to `end` (UTF-16 offsets in the line), with
 * `…` where something is left out. A range past the end of the line gets a mark of one cell there.
 */
export function windowAround(line: string, start: number, end: number, width: number): SourceWindow {
  const from = Math.max(0, start - examinedUnits);
  const to = Math.min(line.length, start + examinedUnits);
  const cells = cellsOf(line.slice(from, to));
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  const columnOf = (offset: number): number =>
    cells.reduce((sum, cell) => (cell.offset + from < offset ? sum + cell.width : sum), 0);
  const first = columnOf(start);
  const last = Math.max(first + 1, columnOf(end));
  const cutByExamination = from > 0 || to < line.length;
  if (total <= width && !cutByExamination) {
    return { text: cells.map((cell) => cell.text).join(''), indent: first, length: last - first };
  }

  const room = Math.max(1, width - 2 * ellipsis.length);
  const marked = Math.min(last - first, room);
  const centered = first - Math.floor((room - marked) / 2);
  const left = Math.max(0, Math.min(centered, Math.max(first, total) - room));
  let column = 0;
  let shownFrom: number | null = null;
  let shownTo = 0;
  let text = '';
  for (const cell of cells) {
    if (column >= left && column + cell.width <= left + room) {
      shownFrom ??= column;
      text += cell.text;
      shownTo = column + cell.width;
    }
    column += cell.width;
  }
  const begin = shownFrom ?? first;
  const before = begin > 0 || from > 0 ? ellipsis : '';
  const after = shownTo < total || to < line.length ? ellipsis : '';
  const indent = before.length + Math.max(0, first - begin);
  const length = Math.max(1, Math.min(last, Math.max(shownTo, first + 1)) - Math.max(first, begin));
  return { text: `${before}${text}${after}`, indent, length };
}
