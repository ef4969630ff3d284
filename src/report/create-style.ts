/** Gives a text a look; without colours it comes back as it is. */
export type Paint = (text: string) => string;

/** The looks that the views use. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly boldRed: Paint;
  /**
   * The colour of an instance: the same name has the same one in every run. Red is kept for
   * failures.
   */
  readonly instance: (name: string) => Paint;
}

/**
 * Select Graphic Rendition codes (ECMA-48, 8.3.117) that tell instances apart on dark and light
 * grounds.
 */
const instanceCodes = [36, 33, 32, 35, 34, 96, 92, 95, 94] as const;

/** Ends every look that is on. */
export const resetSequence = '\u001B[0m';

const unpainted: Paint = (text) => text;

/** The looks of one view. @param color false leaves every text as it is */
export function createStyle(color: boolean): Style {
  const paint =
    (codes: string): Paint =>
    (text) =>
      color && text !== '' ? `\u001B[${codes}m${text}${resetSequence}` : text;
  const palette = instanceCodes.map((code) => paint(String(code)));
  return {
    bold: paint('1'),
    dim: paint('2'),
    red: paint('31'),
    green: paint('32'),
    yellow: paint('33'),
    boldRed: paint('1;31'),
    instance: (name) => palette[hash(name) % palette.length] ?? unpainted,
  };
}

/** FNV-1a over the code points: spreads names that differ only in their last digit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text)
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}
