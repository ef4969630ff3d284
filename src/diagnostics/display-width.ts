const printableAscii = /^[\u0020-\u007E]*$/;

// Within functions, since V8 looks up Unicode's properties when it meets the expression: a start that
// shows nothing but ASCII is spared a millisecond.
const isZeroWidth = (character: string): boolean => /^[\p{Mark}\p{Default_Ignorable_Code_Point}]$/u.test(character);
const isDoubleWidth = (character: string): boolean =>
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6])$/u.test(
    character,
  );
const isControl = (character: string): boolean => /^\p{Control}$/u.test(character);
const isMisleading = (character: string): boolean => /^[\p{Bidi_Control}\p{Surrogate}]$/u.test(character);

/** One character as it is shown, with the cells of a terminal that it takes. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  /** UTF-16 offset of the character in the line. */
  readonly offset: number;
}

const tabStop = 4;

/**
 * The characters of a line as a terminal shows them: tabs become spaces up to the next stop, control
 * characters become their pictures (a spec must not move the reader's cursor), so do those that turn
 * the direction of writing (text must not hide what it says), and wide characters
 * count two cells (Unicode UAX #11, by script; good enough to put a caret under the right place).
 */
export function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  let column = 0;
  for (const character of line) {
    const cell = cellOf(character, offset, column);
    cells.push(cell);
    offset += character.length;
    column += cell.width;
  }
  return cells;
}

/** A text of one line with every character replaced that could move a terminal's cursor or hide text. */
export function visibleText(text: string): string {
  if (printableAscii.test(text)) return text;
  return text.replaceAll(/[\p{Control}\p{Bidi_Control}\p{Surrogate}]/gu, (character) => cellOf(character, 0, 0).text);
}

function cellOf(character: string, offset: number, column: number): Cell {
  if (character === '\t') {
    const width = tabStop - (column % tabStop);
    return { text: ' '.repeat(width), width, offset };
  }
  if (printableAscii.test(character)) return { text: character, width: 1, offset };
  if (isControl(character)) return { text: controlPicture(character), width: 1, offset };
  if (isMisleading(character)) return { text: '\uFFFD', width: 1, offset };
  if (isZeroWidth(character)) return { text: character, width: 0, offset };
  return { text: character, width: isDoubleWidth(character) ? 2 : 1, offset };
}

function controlPicture(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x20) return String.fromCodePoint(0x2400 + codePoint);
  return codePoint === 0x7f ? '\u2421' : '\uFFFD';
}
