import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBytes, encodeText } from '../../../src/runtime/escaped-bytes.ts';

describe('bytes that are no UTF-8', () => {
  it.each([
    [[0x61, 0xff, 0x62], 'a\uDCFFb'],
    [[0xc3], '\uDCC3'],
    [[0xc3, 0xbc, 0x80], 'ü\uDC80'],
    [[0xe2, 0x82, 0x61], '\uDCE2\uDC82a'],
    // CESU-8 is none either.
    [[0xed, 0xa0, 0x80], '\uDCED\uDCA0\uDC80'],
    [[0xf0, 0x9f, 0x90, 0x98, 0xfe], '🐘\uDCFE'],
    [[0xef, 0xbf, 0xbd], '\uFFFD'],
  ])('%j is the text that Python has', (bytes, text) => {
    expect(decodeBytes(Uint8Array.from(bytes))).toBe(text);
  });

  it('any bytes come out as they went in, and any text that is whole is as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(Buffer.from(encodeText(decodeBytes(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(encodeText(text)).toBe(text);
        expect(decodeBytes(Buffer.from(text))).toBe(text);
      }),
    );
  });
});
