import type { ReportTarget } from '../../src/report/reporter.ts';

/** What a terminal test can choose. */
export interface FakeTerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly isTerminal?: boolean;
  readonly color?: boolean;
}

/** The moment at which every fake terminal's clock stands at first. */
const beginMs = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

/**
 * A place to write to that remembers every write, with its own clock. As a terminal it can also
 * show what a person would see: it knows the few sequences that the views use and fails on any
 * other.
 */
export class FakeTerminal implements ReportTarget {
  readonly writes: { readonly stream: 'stdout' | 'stderr'; readonly text: string }[] = [];
  columns: number;
  rows: number;
  readonly isTerminal: boolean;
  readonly color: boolean;
  nowMs = 0;

  constructor({
    columns = 80,
    rows = 24,
    isTerminal = false,
    color = false,
  }: FakeTerminalOptions = {}) {
    this.columns = columns;
    this.rows = rows;
    this.isTerminal = isTerminal;
    this.color = color;
  }

  write(text: string): void {
    this.writes.push({ stream: 'stdout', text });
  }

  writeError(text: string): void {
    this.writes.push({ stream: 'stderr', text });
  }

  now(): Date {
    return new Date(beginMs + this.nowMs);
  }

  /** All that was written to one stream. */
  text(stream: 'stdout' | 'stderr'): string {
    return this.writes
      .filter((write) => write.stream === stream)
      .map((write) => write.text)
      .join('');
  }

  /**
   * Both streams as one text, each line marked `1>` or `2>`; a line that two writes share is torn
   * and fails.
   */
  transcript(): string {
    const lines: string[] = [];
    for (const { stream, text } of this.writes) {
      if (!text.endsWith('\n'))
        throw new Error(`a write ends within a line: ${JSON.stringify(text)}`);
      const mark = stream === 'stdout' ? '1>' : '2>';
      for (const line of text.slice(0, -1).split('\n'))
        lines.push(line === '' ? mark : `${mark} ${line}`);
    }
    return `${lines.join('\n')}\n`;
  }

  /** Every line that stands on the screen or has scrolled off it, oldest first, without colours. */
  screen(): readonly string[] {
    const lines: string[] = [''];
    let row = 0;
    let column = 0;
    const all = this.writes.map((write) => write.text).join('');
    // oxlint-disable-next-line no-control-regex -- Control sequences are what a terminal reads.
    const tokens = all.match(/\u001B\[[\d;]*[A-Za-z]|[\n\r]|[^\u001B\n\r]+/g) ?? [];
    if (tokens.join('') !== all) throw new Error('an escape character begins no known sequence');
    for (const token of tokens) {
      if (token === '\n') {
        row += 1;
        column = 0;
        lines[row] ??= '';
      } else if (token === '\r') {
        column = 0;
      } else if (!token.startsWith('\u001B')) {
        lines[row] = (lines[row] ?? '').slice(0, column) + token;
        column += token.length;
      } else if (token.endsWith('A')) {
        row -= Number(token.slice(2, -1));
        if (row < Math.max(0, lines.length - this.rows))
          throw new Error('the cursor went above the screen');
      } else if (token.endsWith('J')) {
        lines.length = row + 1;
        lines[row] = (lines[row] ?? '').slice(0, column);
      } else if (!token.endsWith('m')) {
        throw new Error(`unknown control sequence ${JSON.stringify(token)}`);
      }
    }
    return lines;
  }
}
