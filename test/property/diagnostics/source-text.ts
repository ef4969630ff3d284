import fc from 'fast-check';

/** Texts with everything that makes positions hard: line breaks of all kinds, tabs, wide and combining characters. */
export const sourceText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.string({ unit: 'grapheme' }) },
        { weight: 2, arbitrary: fc.constantFrom('\n', '\r\n', '\r', '\t', '日本', 'e\u0301', '😀', '\u001B[2J', '\uD800') },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 80, maxLength: 200 }) },
      ),
      { maxLength: 12 },
    ),
  )
  .map(([mark, parts]) => mark + parts.join(''));
