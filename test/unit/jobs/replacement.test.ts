import { describe, expect, it } from 'vitest';
import { fillCommand, readCommand } from '../../../src/jobs/job-command.ts';
import { fillTemplate, parseTemplate } from '../../../src/jobs/replacement.ts';
import { shellQuote } from '../../../src/jobs/shell-quote.ts';

function fill(text: string, items: readonly string[] = ['a b/c.d.e']): string {
  return fillTemplate(parseTemplate(text), { items, seq: 7, slot: 2 }, 'none');
}

describe('replacement strings', () => {
  it.each([
    ['{}', 'a b/c.d.e'],
    ['{.}', 'a b/c.d'],
    ['{/}', 'c.d.e'],
    ['{//}', 'a b'],
    ['{/.}', 'c.d'],
    ['{#}:{%}', '7:2'],
    ['x{}y{}', 'xa b/c.d.eya b/c.d.e'],
    ['{ } {x} {print} ${a} {..} {-} {0} {1#}', '{ } {x} {print} ${a} {..} {-} {0} {1#}'],
    ['{}}', 'a b/c.d.e}'],
    ['{{}}', '{a b/c.d.e}'],
  ])('%s', (text, expected) => {
    expect(fill(text)).toBe(expected);
  });

  it.each([
    ['{1}{2}', 'ab/c.d'],
    ['{2/.} {1} {-1//} {-2}', 'c a b a'],
    ['{3}{-3}', ''],
    ['{}', 'a b/c.d'],
    ['{/}', 'a c.d'],
  ])('of several sources: %s', (text, expected) => {
    expect(fill(text, ['a', 'b/c.d'])).toBe(expected);
  });

  it.each([
    ['', '.', '', ''],
    ['/', '/', '', '/'],
    ['a/', '.', '', 'a/'],
    ['a/b/', 'a', '', 'a/b/'],
    ['/a', '/', 'a', '/a'],
    ['a//b.c', 'a', 'b.c', 'a//b'],
    ['.rc', '.', '.rc', ''],
    ['a.b/c', 'a.b', 'c', 'a.b/c'],
    ['//', '/', '', '//'],
  ])('of the path `%s`', (item, folder, name, withoutExtension) => {
    expect(fill('{//}', [item])).toBe(folder);
    expect(fill('{/}', [item])).toBe(name);
    expect(fill('{.}', [item])).toBe(withoutExtension);
  });
});

describe('shell quoting', () => {
  it.each([
    ['', "''"],
    ['plain-1_2.x/y+z', 'plain-1_2.x/y+z'],
    ['a b', "'a b'"],
    ["'", `"'"`],
    ["it's", `'it'"'"'s'`],
    ["'a b'", `"'"'a b'"'"`],
    ['a\nb', "'a\nb'"],
    ['\u00C3', "'\u00C3'"],
  ])('of %j', (text, expected) => {
    expect(shellQuote(text)).toBe(expected);
  });
});

describe('the command of a job', () => {
  const values = { items: ['a b'], seq: 1, slot: 1 };

  it.each<readonly [readonly string[], readonly string[], string]>([
    [['wc', '-c'], ['wc', '-c', 'a b'], "wc -c 'a b'"],
    [['cp', '{}', 'x{}y', ''], ['cp', 'a b', 'xa by', ''], "cp 'a b' x'a b'y ''"],
    [['echo', '{#}', 'a;b'], ['echo', '1', 'a;b'], "echo 1 'a;b'"],
    [['wc'], ['sh', '-c', "wc 'a b'"], "wc 'a b'"],
    [['wc {} | cat'], ['sh', '-c', "wc 'a b' | cat"], "wc 'a b' | cat"],
    [['{}'], ['sh', '-c', 'a b'], 'a b'],
    [['x{}/{/} {}'], ['sh', '-c', 'xa b/a b a b'], 'xa b/a b a b'],
    [['{#} {}'], ['sh', '-c', '1 a b'], '1 a b'],
    [['V={} x{}'], ['sh', '-c', "V='a b' x'a b'"], "V='a b' x'a b'"],
    [[' {}'], ['sh', '-c', " 'a b'"], " 'a b'"],
    [[], ['sh', '-c', 'a b'], 'a b'],
  ])('of %j', (words, argv, text) => {
    expect(fillCommand(readCommand(words), values, 'sh')).toEqual({ argv, text });
  });
});
