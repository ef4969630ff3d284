import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Place } from '../base/place.ts';
import type { SourceRange } from '../diagnostics/source.ts';
import { isMissing, isNode, type YamlTree } from './yaml-tree.ts';

/** A value and the key in front of it; an item of a list has no key. */
interface Found {
  readonly key: Node | null;
  readonly value: Node;
}

/**
 * Where a key or value of a document was written, through aliases and merge keys; the nearest enclosing
 * key where the place itself does not exist, as for a default. A value that is nothing is its key.
 */
export function locate(tree: YamlTree, place: Place, part: 'key' | 'value'): SourceRange {
  if (tree.root === null) return { source: tree.source, start: 0, end: 0 };
  let found: Found = { key: null, value: tree.root };
  for (const step of place) {
    const child = childOf(tree, found.value, step);
    if (child === null) return tree.rangeOf(found.key ?? found.value);
    found = child;
  }
  return tree.rangeOf(part === 'key' ? (found.key ?? found.value) : found.value);
}

function childOf(tree: YamlTree, parent: Node, step: string | number): Found | null {
  const collection = tree.resolve(parent);
  if (isSeq(collection)) {
    const item = typeof step === 'number' ? collection.items[step] : undefined;
    return isNode(item) ? { key: null, value: item } : null;
  }
  if (!isMap(collection)) return null;
  const entry = tree.entryOf(collection, String(step));
  if (entry === undefined) return null;
  const { keyNode, valueNode } = entry;
  const isNothing = valueNode === null || (isScalar(valueNode) && isMissing(valueNode));
  return { key: keyNode, value: isNothing ? keyNode : valueNode };
}
