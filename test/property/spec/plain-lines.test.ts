import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isMap, parseDocument, visit, type Node } from 'yaml';
import { present } from '../../../src/base/invariant.ts';
import { parseOptions } from '../../../src/spec/parse-in-pieces.ts';
import { readPlainLines } from '../../../src/spec/plain-lines.ts';

/** Every node with its place and what it means, in the order written. */
function nodesOf(root: Node): readonly unknown[] {
  const nodes: unknown[] = [];
  visit(root, {
    Scalar: (place, node) => {
      nodes.push([place, node.value, node.source, node.type, node.range?.slice(0, 2), node.anchor]);
    },
    Collection: (place, node) => {
      nodes.push([place, isMap(node) ? 'map' : 'seq', node.flow === true, node.range?.[0], node.items.length, node.anchor, node.tag]);
    },
    Alias: (_, node) => {
      nodes.push(node.source);
    },
  });
  return nodes;
}

/** Reads a text both ways: null where the lines are not plain, else whether the library reads the same. */
function expectSame(text: string): boolean {
  const plain = readPlainLines(text, 0, text.length);
  if (plain === null) return false;
  const { contents, errors, warnings } = parseDocument(text, parseOptions);
  expect([...errors, ...warnings]).toEqual([]);
  expect(nodesOf(plain)).toEqual(nodesOf(present(contents, 'the library finds contents')));
  return true;
}

const atom = fc.constantFrom(
  'a', 'b2', 'key', '1', '0x1F', '0o7', '1.50', '.5', '-3', '+1', '1e3', '012', '~', 'null', 'True', '.inf', 'no', '10m', '--flag', '-x',
  '-', '--- ', 'a:b', 'http://x/y', ':', ': ', '#', ' #', ' # c', ' ', '  ', '"q"', '"a b"', "'it'", '"\\n"', '"x: y"', "'a''b'", '""',
  '[', ']', '{', '}', ',', ', ', '[a, b]', '{k: v}', '{"k": [1]}', '[]', '{ }', '&a ', '*a', '!t ', '|', '>', '%', '@', '`', '?', '? ', '\t', '<<',
  '$HOME', '${{ x }}', '\\', '=', '(x)', 'a"b', "it's", 'é', '😀', '\u2028', '\uFEFF', '...', '\r',
);
const word = fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join(''));
const indent = fc.constantFrom('', '', '  ', '  ', '    ', '      ', ' ');
const line = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(indent, fc.constantFrom('a', 'b', '"c"', "'d'", '3.10', 'null'), word).map(([space, key, value]) => `${space}${key}: ${value}`) },
  { weight: 4, arbitrary: fc.tuple(indent, fc.constantFrom('a:', 'b:', 'x-1:', '"c":', 'a: ', 'b: # c')).map((parts) => parts.join('')) },
  { weight: 4, arbitrary: fc.tuple(indent, fc.constantFrom('- ', '-  ', '- k: ', '- - ', '-'), word).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.tuple(indent, fc.constantFrom('', '# comment', '#')).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: word },
);

it('whatever is read as plain lines gives the nodes of the library', () => {
  let plainTexts = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\n', ''), (lines, end) => {
      if (expectSame(`${lines.join('\n')}${end}`)) plainTexts += 1;
    }),
    { numRuns: 20_000 },
  );
  expect(plainTexts).toBeGreaterThan(500);
});

it('words in brackets give the nodes of the library', () => {
  let plainTexts = 0;
  fc.assert(
    fc.property(fc.array(atom, { maxLength: 6 }), fc.constantFrom(['[', ']'], ['{', '}'], ['{k: ', '}'], ['[', ']]'], ['[a, ', '] # c']), (atoms, [open, close]) => {
      if (expectSame(`k: ${open ?? ''}${atoms.join('')}${close ?? ''}\n`)) plainTexts += 1;
    }),
    { numRuns: 20_000 },
  );
  expect(plainTexts).toBeGreaterThan(500);
});

it('a plain spec is read without the library', () => {
  const text = `# comment
name: plain   # behind

processes:
  db:
    command: [postgres, -D, "data dir", --port=5432]
    environment: {LEVEL: debug, "N": 3, EMPTY: ''}
    depends_on:
    - other
    - third: {condition: ready, list: [1, [2]]}
    steps:
      - put: q
        value: 1.5
      - [nested, -1]

    timeout: 10m
  other: {command: echo}
x-end: last`;
  expect(expectSame(text)).toBe(true);
});

it.each([
  ['a long word', `k: ${'a b '.repeat(1_500_000)}`],
  ['a long list', `k: [${'a b '.repeat(1_500_000)}]`],
  ['comments', `${'#\n'.repeat(3_000_000)}k: v\n`],
  ['empty lines', `k: v\n${'\n'.repeat(6_000_000)}`],
])('%s of many megabytes is no harm', (_, text) => {
  const plain = readPlainLines(text, 0, text.length);
  expect(plain === null || plain.items.length === 1).toBe(true);
});

it('nesting without end is left to the library', () => {
  expect(readPlainLines(`k: ${'['.repeat(100_000)}`, 0, 100_003)).toBeNull();
});
