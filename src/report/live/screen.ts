import type { ReportTarget } from '../reporter.ts';
import type { TextRuler } from '../text-ruler.ts';

/** A line with its newline, and where it belongs. */
interface PendingLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/**
 * Cursor up n lines, to the first column, erase to the end of the screen (ECMA-48: CUU, CR, ED).
 */
function eraseUp(lines: number): string {
  return lines === 0 ? '' : `\u001B[${lines}A\r\u001B[J`;
}

/**
 * The lower part of the terminal that is drawn again and again, with lasting lines above it. Lines
 * and frame leave in one piece, so that neither tears the other. The cursor is never hidden: there
 * is nothing to restore when mpctl is killed.
 */
export class Screen {
  readonly #target: ReportTarget;
  readonly #ruler: TextRuler;
  #frame: readonly string[] = [];
  #pending: PendingLine[] = [];

  constructor(target: ReportTarget, ruler: TextRuler) {
    this.#target = target;
    this.#ruler = ruler;
  }

  /** Puts a line, which ends with its newline, above the frame at the next drawing. */
  print(stream: PendingLine['stream'], text: string): void {
    this.#pending.push({ stream, text });
  }

  /** Writes the waiting lines and draws the frame under them; an empty one leaves only lines. */
  draw(frame: readonly string[]): void {
    if (this.#pending.length === 0 && sameLines(frame, this.#frame)) return;
    let standing = eraseUp(this.#height());
    const pending = this.#pending;
    this.#pending = [];
    for (const line of pending) {
      if (line.stream === 'stdout') {
        standing += line.text;
        continue;
      }
      // What stands on the screen has to be gone before the other stream writes to it.
      if (standing !== '') this.#target.write(standing);
      standing = '';
      this.#target.writeError(line.text);
    }
    standing += frame.map((line) => `${line}\n`).join('');
    if (standing !== '') this.#target.write(standing);
    this.#frame = frame;
  }

  /** Lines that the frame takes now: a window that became narrower has wrapped them. */
  #height(): number {
    const columns = Math.max(1, this.#target.columns);
    return this.#frame.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(this.#ruler.width(line) / columns)),
      0,
    );
  }
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
