import { describe, expect, test } from 'vitest';

import { presentWorkerLine } from '../../../src/report/present-worker-line.ts';

test('a line without control characters comes back as it is', () => {
  expect(presentWorkerLine('plain\ttext, naïve 漢字', true)).toBe('plain\ttext, naïve 漢字');
});

test('colours pass where they are wanted, and end with the line', () => {
  expect(presentWorkerLine('\u001B[31mred', true)).toBe('\u001B[31mred\u001B[0m');
  for (const line of ['\u001B[31mred\u001B[0m', '\u001B[31mred\u001B[0m and more'])
    expect(presentWorkerLine(line, true)).toBe(line);
});

test('colours are taken out where none are wanted', () => {
  expect(presentWorkerLine('\u001B[1;31mred\u001B[0m text', false)).toBe('red text');
});

test.for([true, false])('nothing moves the cursor or clears the screen, with color %s', (color) => {
  expect(
    presentWorkerLine('a\u001B[2Ab\u001B[2J\u001B[Hc\bd\u0007e\u001B]0;title\u0007f\tg\u0000', color),
  ).toBe('abcdef\tg');
});

test.for([
  ['a colour before a bell', '\u001B[1mtext\u0007', 'text'],
  ['the title of a window', 'a\u001B]0;title\u0007b\u001B]2;title\u001B\\c', 'abc'],
  ['a link', '\u001B]8;;https://example.org\u0007here\u001B]8;;\u0007', 'here'],
  ['eight-bit sequences', 'a\u009B31mb\u009D0;title\u009Cc', 'abc'],
  ['an unfinished sequence at the end', 'text\u001B[', 'text'],
  ['a choice of characters', '\u001B(Btext\u001B=', 'text'],
  ['a private mode', '\u001B[?25ltext\u001B[?25h', 'text'],
] as const)('only the text is left of %s', ([, line, text]) => {
  expect(presentWorkerLine(line, false)).toBe(text);
});

describe('of what a carriage return lets a worker write over', () => {
  test.for([
    ['the last state is shown', '10%\r50%\r100%', '100%'],
    ['a return at the end changes nothing', '10%\r50%\r100%\r', '100%'],
    ['a line of DOS keeps its text', 'text\r', 'text'],
    ['a bar that clears its line leaves its last state', '50%\r100%\r\u001B[K', '100%'],
    ['blank states give a blank line', '\r\u001B[K\r', ''],
  ] as const)('%s', ([, line, shown]) => {
    expect(presentWorkerLine(line, false)).toBe(shown);
    expect(presentWorkerLine(line, true)).toBe(shown);
  });

  test('only the colour of the last state is kept', () => {
    expect(presentWorkerLine('\u001B[31m10%\r\u001B[32m100%', true)).toBe('\u001B[32m100%\u001B[0m');
  });
});
