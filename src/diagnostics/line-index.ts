import type { SourceFile } from './source.ts';

/** A place for people and editors: both count from 1, the column in UTF-16 units. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

const byteOrderMark = '\uFEFF';

/**
 * Finds line and column of an offset in O(log lines). Lines end at LF or CR LF, as in YAML files that
 * editors and GitHub show; a lone CR belongs to its line. A byte order mark takes no column.
 */
export class LineIndex {
  readonly #text: string;
  /** Offset at which each line begins, ascending. */
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [text.startsWith(byteOrderMark) ? 1 : 0];
    for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1);
    this.#starts = starts;
  }

  /** How many lines there are; a text that ends with a line break has an empty last line. */
  get lineCount(): number {
    return this.#starts.length;
  }

  /** Line and column of an offset; one outside the text counts as its nearest end. */
  position(offset: number): LineColumn {
    const inside = Math.max(this.lineStart(1), Math.min(offset, this.#text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.lineStart(middle + 1) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - this.lineStart(low + 1) + 1 };
  }

  /** Offset of the first character of a line, from 1; a line past the end begins where the text ends. */
  lineStart(line: number): number {
    return this.#starts[line - 1] ?? this.#text.length;
  }

  /** The text of a line, from 1, without its line break. */
  lineText(line: number): string {
    const start = this.lineStart(line);
    const next = this.#starts[line];
    const end = next === undefined ? this.#text.length : next - 1;
    return next !== undefined && this.#text[end - 1] === '\r' && end > start
      ? this.#text.slice(start, end - 1)
      : this.#text.slice(start, end);
  }
}

const indexes = new WeakMap<SourceFile, LineIndex>();

/** The index of a source, built at its first use and kept as long as the source is. */
export function lineIndexOf(source: SourceFile): LineIndex {
  let index = indexes.get(source);
  if (index === undefined) {
    index = new LineIndex(source.text);
    indexes.set(source, index);
  }
  return index;
}
