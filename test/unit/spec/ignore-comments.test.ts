import { describe, expect, it } from 'vitest';
import { ignoreComments } from '../../../src/spec/ignore-comments.ts';

/** Line, codes, and what the range of each code marks. */
function found(text: string): unknown {
  const source = { name: 'mpctl.yaml', text };
  return ignoreComments(source).map(({ range, codes }) => [text.slice(range.start, range.end), codes.map(({ code, range: { start, end } }) => [code, text.slice(start, end)])]);
}

describe('ignoreComments', () => {
  it.each([
    ['a: 1 # mpctl-ignore: MP139', [['# mpctl-ignore: MP139', [['MP139', 'MP139']]]]],
    ['# first\na: [1] # mpctl-ignore: MP139, MP205 since it is so\nb: 2', [['# mpctl-ignore: MP139, MP205 since it is so', [['MP139', 'MP139'], ['MP205', 'MP205']]]]],
    ['\uFEFFa:\n  b: {c: d} #mpctl-ignore MP139\n', [['#mpctl-ignore MP139', [['MP139', 'MP139']]]]],
    ['a: # mpctl-ignore: all of it', [['# mpctl-ignore: all of it', []]]],
    ['a: &x [1]\nb: *x # mpctl-ignore: MP139', [['# mpctl-ignore: MP139', [['MP139', 'MP139']]]]],
  ])('finds those of %j', (text, comments) => {
    expect(found(text)).toEqual(comments);
  });

  it.each([
    'a: |\n  echo # mpctl-ignore: MP139\nb: 1',
    'a: |\n  # mpctl-ignore: MP139\n',
    'a: >-\n  one\n  # mpctl-ignore: MP139\n',
    'a: "# mpctl-ignore: MP139"',
    "a: '# mpctl-ignore: MP139'",
    'a: x# mpctl-ignore: MP139',
    '# mpctl-ignored: MP139',
  ])('takes %j for none', (text) => {
    expect(found(text)).toEqual([]);
  });
});
