import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/base/parse-json.ts';

describe('parseJson', () => {
  it.each([
    ['[[[]]]', 3],
    ['[{"a":[1]}]', 3],
    ['["[[[[[[[["]', 1],
    ['["\\"[[[[", "\\\\", []]', 2],
    ['{"[{[{":1,"b":{}}', 2],
    ['[[],[],[],[[]]]', 3],
  ])('counts what is within each other in %s', (text, levels) => {
    const padded = text + ' '.repeat(100);
    expect(parseJson(padded, levels).ok).toBe(true);
    expect(parseJson(padded, levels - 1)).toEqual({ ok: false, error: 'too_deep' });
  });

  it('counts as a walk through the value does', () => {
    const levelsOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(levelsOf)) : 0;
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 7 }), (text, most) => {
        expect(parseJson(text + ' '.repeat(20), most).ok).toBe(levelsOf(JSON.parse(text)) <= most);
      }),
    );
  });

  it.each([
    ['9007199254740993', '9007199254740993'],
    ['{"a":["12345678901234567", -12345678901234567]}', '-12345678901234567'],
    ['["\\"9007199254740993", 1e999]', '1e999'],
    ['[-1E400]', '-1E400'],
    [`[${'9'.repeat(400)}]`, '9'.repeat(400)],
  ])('refuses a number that would become another: %s', (text, lost) => {
    expect(parseJson(text)).toEqual({ ok: false, error: { lostNumber: lost } });
    expect(parseJson(text, Number.POSITIVE_INFINITY).ok).toBe(true);
  });

  it('takes every number that can be written, and whatever stands in a text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constantFrom(2 ** 53, 1e20, 2 ** 80, 1e22), fc.stringMatching(/^[-"\\0-9eE]*$/u), fc.bigInt().map(String)), { maxLength: 5 }), (value) => {
        const text = JSON.stringify(value);
        const read = parseJson(text);
        expect(read.ok && JSON.stringify(read.value)).toBe(text);
      }),
    );
  });

  it('says of a text that is no JSON that it is none', () => {
    expect(parseJson('[1,')).toEqual({ ok: false, error: 'not_json' });
  });
});
