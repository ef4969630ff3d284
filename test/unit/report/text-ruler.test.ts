import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';

import { TextRuler } from '../../../src/report/text-ruler.ts';

const texts = ['漢字漢字', 'e\u0301e\u0301e\u0301', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}'];

describe('a ruler that is prepared for its texts', () => {
  test('gives wide characters two cells, combining ones and colours none', async () => {
    const ruler = new TextRuler();
    await ruler.prepare(texts);
    expect(ruler.width('漢字')).toBe(4);
    expect(ruler.width('e\u0301')).toBe(1);
    expect(ruler.width('\u{1F468}\u200D\u{1F469}\u200D\u{1F467}')).toBe(2);
    expect(ruler.width('\u001B[31mred\u001B[0m')).toBe(3);
  });

  test('pads in cells, on either side', async () => {
    const ruler = new TextRuler();
    await ruler.prepare(texts);
    expect(ruler.pad('漢', 4, 'end')).toBe('漢  ');
    expect(ruler.pad('12', 4, 'start')).toBe('  12');
    expect(ruler.pad('12345', 4, 'end')).toBe('12345');
  });

  test('keeps characters whole when it shortens', async () => {
    const ruler = new TextRuler();
    await ruler.prepare(texts);
    expect(ruler.shorten('abcdef', 6)).toBe('abcdef');
    expect(ruler.shorten('abcdef', 4)).toBe('abc…');
    expect(ruler.shorten('漢字漢字', 4)).toBe('漢…');
    expect(ruler.shorten('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
    expect(ruler.shorten('abc', 1)).toBe('…');
    expect(ruler.shorten('abc', 0)).toBe('');
  });
});

test('a ruler that is not prepared never takes a text for less wide than it is', () => {
  const ruler = new TextRuler();
  for (const text of texts) {
    expect(ruler.width(text)).toBeGreaterThanOrEqual(stringWidth(text));
    for (let width = 0; width < 6; width += 1) {
      expect(stringWidth(ruler.shorten(text, width))).toBeLessThanOrEqual(width);
    }
  }
});

test('every character that is taken for narrow without the library is narrow for the library too', () => {
  const ruler = new TextRuler();
  const characters = Array.from({ length: 0x2_ffff }, (_, code) => String.fromCodePoint(code));
  const narrow = characters.filter((character) => ruler.width(character) === 1);
  expect(narrow.length).toBeGreaterThan(900);
  expect(narrow.filter((character) => stringWidth(character) !== 1)).toStrictEqual([]);
});
