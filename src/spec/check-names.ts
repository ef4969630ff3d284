import { isMap } from 'yaml';
import type { SourceRange } from '../diagnostics/source.ts';
import type { Findings } from './read/findings.ts';
import { namedSections } from './schema/included.ts';
import type { YamlTree } from './yaml-tree.ts';

interface Definition {
  readonly name: string;
  readonly range: SourceRange;
}

/**
 * Names are unique in the whole spec, whatever they name and whichever file gives them; those that differ
 * only in case or in `-` and `_` clash, since environment variables write both alike. Gives those that clash.
 */
export function checkNames(trees: readonly YamlTree[], findings: Findings): ReadonlySet<string> {
  const clashing = new Set<string>();
  const seen = new Map<string, Definition>();
  for (const definition of trees.flatMap(definitionsOf)) {
    const normalized = definition.name.toLowerCase().replaceAll('-', '_');
    const first = seen.get(normalized);
    if (first === undefined) {
      seen.set(normalized, definition);
      continue;
    }
    const { name, range } = definition;
    clashing.add(name).add(first.name);
    const message =
      first.name === name
        ? `the name \`${name}\` is given twice, and names are unique in the whole spec`
        : `\`${name}\` and \`${first.name}\` are the same name: upper and lower case, \`-\` and \`_\` do not tell names apart`;
    findings.report('MP104', message, range, `rename one of them`, [{ message: 'first defined here', range: first.range }]);
  }
  return clashing;
}

function definitionsOf(tree: YamlTree): readonly Definition[] {
  const { root } = tree;
  if (!isMap(root)) return [];
  return namedSections.flatMap((section) => {
    const valueNode = tree.entryOf(root, section)?.valueNode ?? null;
    const names = valueNode === null ? null : tree.resolve(valueNode);
    if (!isMap(names)) return [];
    return tree
      .entriesOf(names)
      .entries.filter(({ key }) => !key.startsWith('x-'))
      .map(({ key, keyNode }) => ({ name: key, range: tree.rangeOf(keyNode) }));
  });
}
