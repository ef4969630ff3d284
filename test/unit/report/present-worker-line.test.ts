import { describe, expect, test } from 'vitest';

import { presentWorkerLine } from '../../../src/report/present-worker-line.ts';

describe('on a terminal', () => {
  const colored = { isTerminal: true, color: true };
  const plain = { isTerminal: true, color: false };

  test('colours pass and end with the line', () => {
    expect(presentWorkerLine('\u001B[31mred', colored)).toBe('\u001B[31mred\u001B[0m');
    expect(presentWorkerLine('\u001B[31mred\u001B[0m', colored)).toBe('\u001B[31mred\u001B[0m');
  });

  test('colours are taken out where none are wanted', () => {
    expect(presentWorkerLine('\u001B[1;31mred\u001B[0m text', plain)).toBe('red text');
  });

  test.for([colored, plain])('nothing moves the cursor, with color $color', (place) => {
    expect(
      presentWorkerLine('a\u001B[2Ab\u001B[2Jc\bd\u0007e\u001B]0;title\u0007f\tg', place),
    ).toBe('abcdef\tg');
  });

  test('of a progress bar the last state is shown', () => {
    expect(presentWorkerLine('10%\r50%\r100%\r', colored)).toBe('100%');
  });
});

describe('in a file or pipe', () => {
  const place = { isTerminal: false, color: false };

  test('every character stays', () => {
    expect(presentWorkerLine('10%\r50%\t\u0007', place)).toBe('10%\r50%\t\u0007');
  });

  test('a colour ends with the line', () => {
    expect(presentWorkerLine('\u001B[31mred', place)).toBe('\u001B[31mred\u001B[0m');
  });
});
