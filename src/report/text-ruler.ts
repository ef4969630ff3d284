import { stripVTControlCharacters } from 'node:util';

import type { WideText } from './wide-text.ts';

/**
 * Characters that take one cell each wherever they stand: Latin letters, and the marks of the
 * views.
 */
const narrowText =
  /^[\u0020-\u007E\u00A1-\u00AC\u00AE-\u02FF\u2026\u2193\u2500-\u25FC\u2714\u2716\u2800-\u28FF]*$/;

/**
 * Measures text in cells of a terminal. What knows wide and combining characters takes longer to
 * load than a short run lasts, so it is loaded only when a text has one.
 */
export class TextRuler {
  #wide: WideText | null = null;

  /** Loads what these texts need to be measured exactly. */
  async prepare(texts: readonly string[]): Promise<void> {
    if (this.#wide !== null || texts.every(isNarrow)) return;
    const { wideText } = await import('./wide-text.ts');
    this.#wide = wideText;
  }

  /**
   * Cells of a text, colours none. Of a text that was not prepared for, it is at most this much.
   */
  width(text: string): number {
    const bare = stripVTControlCharacters(text);
    if (isNarrow(bare)) return bare.length;
    return this.#wide === null ? 2 * bare.length : this.#wide.width(bare);
  }

  /** Fills a text up to a width with spaces, after it or before it. */
  pad(text: string, width: number, side: 'start' | 'end'): string {
    const spaces = ' '.repeat(Math.max(0, width - this.width(text)));
    return side === 'end' ? text + spaces : spaces + text;
  }

  /**
   * Shortens a text without control sequences to at most `width` cells, with `…` as its last one if
   * anything was cut.
   */
  shorten(text: string, width: number): string {
    if (this.width(text) <= width) return text;
    return width < 1 ? '' : `${this.#cut(text, width - 1)}…`;
  }

  #cut(text: string, width: number): string {
    if (isNarrow(text)) return text.slice(0, width);
    if (this.#wide !== null) return this.#wide.cut(text, width);
    // The first half of a surrogate pair alone is no character.
    return text.slice(0, Math.floor(width / 2)).replace(/[\uD800-\uDBFF]$/, '');
  }
}

function isNarrow(text: string): boolean {
  return narrowText.test(text);
}
