import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../../src/diagnostics/line-index.ts';
import { sourceText } from './source-text.ts';

/** The same, character by character. */
function naivePosition(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let column = 1;
  for (let index = text.startsWith('\uFEFF') ? 1 : 0; index < Math.min(offset, text.length); index += 1) {
    if (text[index] === '\n') {
      line += 1;
      column = 1;
    } else {
      column += 1;
    }
  }
  return { line, column };
}

describe('LineIndex', () => {
  it('agrees with a naive scan at every offset', () => {
    fc.assert(
      fc.property(sourceText, (text) => {
        const index = new LineIndex(text);
        for (let offset = 0; offset <= text.length; offset += 1) {
          expect(index.position(offset)).toEqual(naivePosition(text, offset));
        }
      }),
    );
  });

  it('gives back the text of every line', () => {
    fc.assert(
      fc.property(sourceText, (text) => {
        const index = new LineIndex(text);
        const lines = Array.from({ length: index.lineCount }, (_, line) => index.lineText(line + 1));
        expect(lines).toEqual(text.replace(/^\uFEFF/u, '').split(/\r?\n/u));
      }),
    );
  });
});
