import { isMap, type Node } from 'yaml';
import { namedSections } from './schema/included.ts';
import { name as wellFormed } from './schema/leaves.ts';
import { specSchema } from './schema/spec.ts';
import type { YamlTree } from './yaml-tree.ts';

/** What is not sure about the names of a spec with which something is wrong. */
export interface NameDoubts {
  /** Whether several things have this name or one like it. */
  isAmbiguous(name: string): boolean;
  /** Whether something, or an instance of it, may have this name that could not be read. */
  mayBeDefined(name: string): boolean;
}

const sections: ReadonlySet<string> = new Set(namedSections);

/**
 * The doubts about names: those that clash, and those that are words of what was meant to define names
 * and is not understood. Where an included file could not be read, any name may be its.
 */
export function nameDoubts(trees: readonly YamlTree[], clashing: ReadonlySet<string>, isComplete: boolean): NameDoubts {
  const perhaps = new Set([...clashing, ...trees.flatMap((tree) => notUnderstood(tree).flatMap(wordsOf))]);
  return {
    isAmbiguous: (name) => clashing.has(name),
    mayBeDefined: (name) => !isComplete || [name, ...prefixesOf(name)].some((each) => perhaps.has(each)),
  };
}

/** What an instance may be one of. */
function prefixesOf(name: string): readonly string[] {
  return [...name.matchAll(/-/g)].map(({ index }) => name.slice(0, index));
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[A-Za-z_][\w-]*/g) ?? [];
}

/** The texts under keys that are no sections, of sections that are no mappings, and of names that are none. */
function notUnderstood(tree: YamlTree): readonly string[] {
  const { root } = tree;
  if (!isMap(root)) return [];
  return tree.entriesOf(root).entries.flatMap(({ key, valueNode }) => {
    const value = valueNode === null ? null : tree.resolve(valueNode);
    if (key.startsWith('x-')) return [];
    if (!sections.has(key)) return Object.hasOwn(specSchema.shape, key) ? [] : [key, textOf(tree, value)];
    if (!isMap(value)) return [textOf(tree, value)];
    const names = tree.entriesOf(value).entries.map((entry) => entry.key);
    return names.filter((name) => !wellFormed.safeParse(name).success);
  });
}

function textOf(tree: YamlTree, node: Node | null): string {
  if (node === null) return '';
  const { source, start, end } = tree.rangeOf(node);
  return source.text.slice(start, end);
}
