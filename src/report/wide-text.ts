import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/** Measures texts in any script. */
export interface WideText {
  /** Cells that a text takes on a terminal: wide characters two, combining ones none. */
  readonly width: (text: string) => number;
  /** The longest beginning of a text that fits into `width` cells, with no character cut in two. */
  readonly cut: (text: string, width: number) => string;
}

/** Measures by string-width and cuts between grapheme clusters. */
export const wideText: WideText = {
  width: (text) => stringWidth(text),
  cut: (text, width) => {
    let kept = '';
    let used = 0;
    for (const { segment } of graphemes.segment(text)) {
      used += stringWidth(segment);
      if (used > width) break;
      kept += segment;
    }
    return kept;
  },
};
