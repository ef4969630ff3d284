import { isAlias, isMap, isPair, isScalar, isSeq, type Alias, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { SourceFile, SourceRange } from '../diagnostics/source.ts';

/** One `key: value` of a mapping, after merge keys: where it stands in the text and what it means. */
export interface TreeEntry {
  /** The key as it is written: `3.10` stays `3.10`. */
  readonly key: string;
  readonly keyNode: Scalar;
  /** null where the key has no value at all. */
  readonly valueNode: Node | null;
}

/** What is wrong with the keys of a mapping. */
export type EntryProblem =
  | { readonly type: 'duplicate'; readonly key: string; readonly node: Node; readonly first: Node }
  | { readonly type: 'not_text'; readonly node: Node | null }
  | { readonly type: 'bad_merge'; readonly node: Node }
  /** What an alias stands for that nothing before it names. */
  | { readonly type: 'lost_merge' };

/** The entries of a mapping and what is wrong with it. */
export interface Entries {
  readonly entries: readonly TreeEntry[];
  readonly problems: readonly EntryProblem[];
}

/** One YAML document: the library's nodes, with aliases and merge keys resolved and positions in the text. */
export class YamlTree {
  readonly source: SourceFile;
  readonly root: Node | null;
  readonly #indexes = new WeakMap<YAMLMap, ReadonlyMap<string, TreeEntry>>();
  #targets: ReadonlyMap<Alias, Node | null> | null = null;

  constructor(source: SourceFile, root: Node | null) {
    this.source = source;
    this.root = root;
  }

  /** The range of a node; a node that has no text of its own, such as a missing value, is empty. */
  rangeOf(node: Node): SourceRange {
    const [start, end] = node.range ?? [0, 0];
    return { source: this.source, start, end: Math.max(start, end) };
  }

  /** What an alias stands for, and any other node itself; null where nothing bears the alias's name. */
  resolve(node: Node): Node | null {
    let current: Node | null = node;
    while (isAlias(current)) current = this.#aliasTargets().get(current) ?? null;
    return current;
  }

  /** Every alias whose name nothing before it bears. */
  unresolvedAliases(): readonly Alias[] {
    if (!this.source.text.includes('*')) return [];
    return [...this.#aliasTargets()].filter(([, target]) => target === null).map(([alias]) => alias);
  }

  /** The anchors of the document, for "did you mean". */
  anchorNames(): readonly string[] {
    const names = new Set<string>();
    walk(this.root, (node) => {
      if (!isAlias(node) && 'anchor' in node && typeof node.anchor === 'string') names.add(node.anchor);
    });
    return [...names];
  }

  /** The entry of a mapping under a key; the first call for a mapping makes an index of it. */
  entryOf(map: YAMLMap, key: string): TreeEntry | undefined {
    let index = this.#indexes.get(map);
    if (index === undefined) {
      index = new Map(this.entriesOf(map).entries.map((entry) => [entry.key, entry]));
      this.#indexes.set(map, index);
    }
    return index.get(key);
  }

  /** The entries of a mapping in the order written; what merge keys bring comes behind its own keys. */
  entriesOf(map: YAMLMap): Entries {
    const entries: TreeEntry[] = [];
    const problems: EntryProblem[] = [];
    const seen = new Map<string, Node>();
    const merges: { readonly key: Node; readonly value: unknown }[] = [];
    for (const { key, value } of map.items) {
      const keyNode = isAlias(key) ? this.resolve(key) : key;
      if (!isScalar(keyNode) || typeof keyNode.source !== 'string' || isMissing(keyNode)) {
        problems.push({ type: 'not_text', node: isNode(key) ? key : null });
        continue;
      }
      if (isMergeKey(keyNode)) {
        merges.push({ key: keyNode, value });
        continue;
      }
      const text = keyText(keyNode);
      const first = seen.get(text);
      if (first !== undefined) {
        problems.push({ type: 'duplicate', key: text, node: keyNode, first });
        continue;
      }
      seen.set(text, keyNode);
      entries.push({ key: text, keyNode, valueNode: isNode(value) ? value : null });
    }
    for (const { key, value } of merges) this.#merge(isNode(value) ? value : key, entries, seen, problems, new Set([map]));
    return { entries, problems };
  }

  #merge(
    node: Node,
    entries: TreeEntry[],
    seen: Map<string, Node>,
    problems: EntryProblem[],
    within: ReadonlySet<Node>,
  ): void {
    const target = this.resolve(node);
    if (target === null) {
      problems.push({ type: 'lost_merge' });
      return;
    }
    if (within.has(target) || !(isMap(target) || isSeq(target))) {
      problems.push({ type: 'bad_merge', node });
      return;
    }
    const inner = new Set([...within, target]);
    if (isSeq(target)) {
      for (const each of target.items) if (isNode(each)) this.#merge(each, entries, seen, problems, inner);
      return;
    }
    const nested: Node[] = [];
    for (const { key, value } of target.items) {
      const keyNode = isAlias(key) ? this.resolve(key) : key;
      if (!isScalar(keyNode) || typeof keyNode.source !== 'string') continue;
      if (isMergeKey(keyNode)) {
        if (isNode(value)) nested.push(value);
        continue;
      }
      const text = keyText(keyNode);
      if (seen.has(text)) continue;
      seen.set(text, keyNode);
      entries.push({ key: text, keyNode, valueNode: isNode(value) ? value : null });
    }
    for (const each of nested) this.#merge(each, entries, seen, problems, inner);
  }

  #aliasTargets(): ReadonlyMap<Alias, Node | null> {
    if (this.#targets !== null) return this.#targets;
    const anchors = new Map<string, Node>();
    const targets = new Map<Alias, Node | null>();
    walk(this.root, (node) => {
      if (isAlias(node)) targets.set(node, anchors.get(node.source) ?? null);
      else if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node);
    });
    this.#targets = targets;
    return targets;
  }
}

/** Whether a value is a node of the tree. */
export function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

/** Every node in the order written, without following aliases and without recursion. */
function walk(root: Node | null, visit: (node: Node) => void): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (isPair(next)) {
      open.push(next.value, next.key);
      continue;
    }
    if (!isNode(next)) continue;
    visit(next);
    if (!isMap(next) && !isSeq(next)) continue;
    for (let index = next.items.length - 1; index >= 0; index -= 1) open.push(next.items[index]);
  }
}

/** Whether nothing at all is written, as behind `key:`. */
export function isMissing(scalar: Scalar): boolean {
  return scalar.value === null && (scalar.source ?? '') === '';
}

/** Only a plain `<<` merges; a quoted one is an ordinary key. */
function isMergeKey(scalar: Scalar): boolean {
  return scalar.source === '<<' && scalar.type === 'PLAIN';
}

function keyText(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? '');
}
