import { expect, test } from 'vitest';

import { pad, shorten, textWidth } from '../../../src/report/text-width.ts';

test('wide characters take two cells, combining ones and colours none', () => {
  expect(textWidth('漢字')).toBe(4);
  expect(textWidth('e\u0301')).toBe(1);
  expect(textWidth('\u001B[31mred\u001B[0m')).toBe(3);
});

test('padding counts cells, on either side', () => {
  expect(pad('漢', 4, 'end')).toBe('漢  ');
  expect(pad('12', 4, 'start')).toBe('  12');
  expect(pad('12345', 4, 'end')).toBe('12345');
});

test('shortening keeps characters whole and stays within the width', () => {
  expect(shorten('abcdef', 6)).toBe('abcdef');
  expect(shorten('abcdef', 4)).toBe('abc…');
  expect(shorten('漢字漢字', 4)).toBe('漢…');
  expect(shorten('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  expect(shorten('abc', 1)).toBe('…');
  expect(shorten('abc', 0)).toBe('');
});
