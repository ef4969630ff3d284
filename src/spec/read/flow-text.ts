import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { isMissing, isNode, type YamlTree } from '../yaml-tree.ts';
import { writtenText } from './written-text.ts';

/** A value that is longer than this is no help in a hint. */
export const longestValue = 60;

/** A value in one line, as it could stand within `[ ]` or `{ }`; null where it is too long for a hint. */
export function flowText(tree: YamlTree, node: Node | null): string | null {
  const text = write(tree, node, 0);
  return text === null || text.length > longestValue ? null : text;
}

function write(tree: YamlTree, node: Node | null, depth: number): string | null {
  const target = node === null ? null : tree.resolve(node);
  if (target === null) return '';
  if (depth > 4) return null;
  if (isScalar(target)) return isMissing(target) ? '' : flowScalar(writtenText(target), typeof target.value === 'string');
  if (isSeq(target)) {
    const items = target.items.slice(0, longestValue).map((item) => (isNode(item) ? write(tree, item, depth + 1) : ''));
    return items.includes(null) ? null : `[${items.join(', ')}]`;
  }
  if (!isMap(target)) return null;
  const entries = tree.entriesOf(target).entries.slice(0, longestValue);
  const written = entries.map(({ key, valueNode }) => {
    const value = write(tree, valueNode, depth + 1);
    return value === null ? null : `${flowScalar(key, true)}: ${value}`.trimEnd();
  });
  return written.includes(null) ? null : `{ ${written.join(', ')} }`;
}

/** Text that YAML would take for something else within brackets gets quotes. */
export function flowScalar(text: string, isText: boolean): string {
  const isPlain = /^[A-Za-z0-9_./$~+=-](?:[^,[\]{}#:"'\n\\]|:(?=\S)|#(?<=\S#))*$/.test(text) && text === text.trimEnd();
  const looksTyped = isText && /^(?:true|false|null|~|[-+]?[\d.]+(?:e[-+]?\d+)?)$/i.test(text);
  return isPlain && !looksTyped ? text : JSON.stringify(text);
}
