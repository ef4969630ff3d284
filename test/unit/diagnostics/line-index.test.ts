import { describe, expect, it } from 'vitest';
import { LineIndex, lineIndexOf } from '../../../src/diagnostics/line-index.ts';

describe('LineIndex', () => {
  it('counts lines and columns from 1', () => {
    const index = new LineIndex('ab\ncd\n');
    expect([0, 1, 2, 3, 5, 6].map((offset) => index.position(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
      { line: 3, column: 1 },
    ]);
    expect(index.lineCount).toBe(3);
  });

  it('counts columns in UTF-16 units, as editors do', () => {
    expect(new LineIndex('😀x').position(2)).toEqual({ line: 1, column: 3 });
  });

  it('gives CR LF no part in the text of a line', () => {
    const index = new LineIndex('a: 1\r\nb: 2\r\n');
    expect(index.lineText(1)).toBe('a: 1');
    expect(index.lineText(2)).toBe('b: 2');
    expect(index.position(6)).toEqual({ line: 2, column: 1 });
  });

  it('gives a byte order mark no column', () => {
    const index = new LineIndex('\uFEFFa: 1');
    expect(index.position(0)).toEqual({ line: 1, column: 1 });
    expect(index.position(1)).toEqual({ line: 1, column: 1 });
    expect(index.lineText(1)).toBe('a: 1');
  });

  it('takes an offset outside the text as its nearest end', () => {
    const index = new LineIndex('a\nb');
    expect(index.position(-5)).toEqual({ line: 1, column: 1 });
    expect(index.position(99)).toEqual({ line: 2, column: 2 });
    expect(index.lineText(7)).toBe('');
  });

  it('has one line in an empty text', () => {
    const index = new LineIndex('');
    expect(index.lineCount).toBe(1);
    expect(index.position(0)).toEqual({ line: 1, column: 1 });
  });

  it('is built once for a source', () => {
    const source = { name: 'mpctl.yaml', text: 'a' };
    expect(lineIndexOf(source)).toBe(lineIndexOf(source));
  });
});
