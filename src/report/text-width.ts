import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/** Cells that a text takes on a terminal: wide characters two, combining ones and colours none. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** Fills a text up to a width in cells with spaces, after it or before it. */
export function pad(text: string, width: number, side: 'start' | 'end'): string {
  const spaces = ' '.repeat(Math.max(0, width - textWidth(text)));
  return side === 'end' ? text + spaces : spaces + text;
}

/**
 * Shortens a text without control sequences to at most `width` cells, with `…` as its last one if
 * anything was cut; a wide or combined character is never cut in two.
 */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += textWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
