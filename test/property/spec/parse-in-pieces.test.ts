import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isMap, parseDocument, visit, type Node } from 'yaml';
import { present } from '../../../src/base/invariant.ts';
import { parseInPieces, parseOptions } from '../../../src/spec/parse-in-pieces.ts';

const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('  a1:', '  b2: { x: [1, 2] }', '    command: [x]', '    k: v', '    - item', '  - item') },
  { weight: 2, arbitrary: fc.constantFrom('processes:', 'locks: # none', 'timeout: 5s', 'x: &a [1]', 'y: *a', '- z') },
  { weight: 2, arbitrary: fc.constantFrom('', '# comment', '  # comment', '      # deep', '    text: |', '      block', '  "q": "open', '  end"') },
  { weight: 1, arbitrary: fc.constantFrom('   odd:', '\tk: v', '  plain', '  ? k', '  : v', '---', ']', '  f: [1,', '    2]', '  <<: *a') },
);

/** Every node with its place, in the order written; what stands around the pieces has none of its own. */
function nodesOf(root: Node): readonly string[] {
  const nodes: string[] = [];
  visit(root, {
    Scalar: (_, node) => {
      nodes.push(`${JSON.stringify(node.value)} ${String(node.range?.slice(0, 2))} ${node.anchor ?? ''}`);
    },
    Alias: (_, node) => {
      nodes.push(`*${node.source} ${String(node.range)}`);
    },
  });
  return nodes;
}

it('a text that is parsed in pieces gives the nodes of the whole, or is not taken apart', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), fc.integer({ min: 1, max: 40 }), (lines, pieceLength) => {
      const text = `${lines.join('\n')}\n`;
      const pieced = parseInPieces(text, pieceLength);
      if (pieced === null) return;
      const whole = parseDocument(text, parseOptions);
      expect(whole.errors).toEqual([]);
      expect(isMap(whole.contents)).toBe(true);
      expect(nodesOf(pieced)).toEqual(whole.contents === null ? [] : nodesOf(whole.contents));
    }),
    { numRuns: 3000 },
  );
});

it('a long spec is taken apart', () => {
  const processes = Array.from({ length: 200 }, (_, index) => `  p${index}: &a${index}\n    command: |\n      echo\n    depends_on:\n    - p0\n`);
  const text = `# a long spec\nname: long\nprocesses: # many\n${processes.join('')}locks:\n  l:\n`;
  const pieced = parseInPieces(text, 500);
  expect(pieced === null ? [] : nodesOf(pieced)).toEqual(nodesOf(present(parseDocument(text, parseOptions).contents, 'the text has contents')));
});
