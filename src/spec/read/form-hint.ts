import { isMap, isScalar, isSeq, Scalar, type Node, type YAMLMap } from 'yaml';
import { isMissing, isNode, type TreeEntry, type YamlTree } from '../yaml-tree.ts';
import { accepts } from './accepts.ts';
import { flowScalar, flowText, longestValue } from './flow-text.ts';
import { foreignValues } from './foreign-words.ts';
import type { Spot } from './read-context.ts';
import { passes } from './leaf-problem.ts';
import { sampleOf, sampleOfKey } from './sample-of.ts';
import { shapeOf, type ListShape, type MappingShape, type Member, type RecordShape, type Shape } from './shape.ts';
import { writtenText } from './written-text.ts';

/**
 * The right form of a value that does not fit its shape, ready to type: with what was written in the place
 * where it belongs, or else a sample. null where neither can be told.
 */
export function formHint(tree: YamlTree, shape: Shape, node: Node | null, spot: Spot): string | null {
  const target = node === null ? null : tree.resolve(node);
  const isNothing = target === null || (isScalar(target) && isMissing(target));
  const key = keyOf(spot.label);
  if (shape.type === 'mapping' && key !== null && shape.members.has(key)) {
    return `indent \`${key}\` further than the name above it, to which it belongs`;
  }
  const form = (isNothing ? null : formOf(tree, shape, target)) ?? sampleOf(shape);
  if (form === null) return null;
  const written = `write \`${inPlace(spot.label, form)}\``;
  return !isNothing && isMap(target) && saysMore(tree, shape, target) ? `${written}; ${shape.rule.beside}` : written;
}

/** Whether a mapping in place of a word holds more than the word. */
function saysMore(tree: YamlTree, shape: Shape, map: YAMLMap): boolean {
  if (shape.rule.beside === undefined) return false;
  const { entries } = tree.entriesOf(map);
  return entries.length > (wordIn(tree, shape, entries) === null ? 0 : 1);
}

/** The key that a label names; null for an item of a list. */
function keyOf(label: string): string | null {
  return /^`(?<key>[^`]+)`(?: in `\w+`)?$/.exec(label)?.groups?.['key'] ?? null;
}

/** A value behind its key, or as an item of a block list. */
function inPlace(label: string, form: string): string {
  const key = keyOf(label);
  if (key !== null) return `${key}: ${form}`;
  return label.startsWith('an item of') ? form.replace(/^\{ (?<inner>.*) \}$/, '- $<inner>') : form;
}

function formOf(tree: YamlTree, shape: Shape, node: Node): string | null {
  const { list, mappings } = collectionsOf(shape);
  if (isScalar(node) && writtenText(node) === '') return null;
  const bare = isScalar(node) ? bareFormOf(shape, mappings, writtenText(node)) : null;
  return bare ?? asListItem(tree, list, node) ?? underKey(tree, mappings, node) ?? ofItems(tree, shape, mappings, node);
}

interface Collections {
  readonly list: ListShape | null;
  readonly mappings: readonly (MappingShape | RecordShape)[];
}

function collectionsOf(shape: Shape): Collections {
  switch (shape.type) {
    case 'list':
      return { list: shape, mappings: [] };
    case 'mapping':
    case 'record':
      return { list: null, mappings: [shape] };
    case 'union':
      return shape;
    default:
      return { list: null, mappings: [] };
  }
}

/** `depends_on: db` is `[db]`. */
function asListItem(tree: YamlTree, list: ListShape | null, node: Node): string | null {
  const [element] = list?.elements ?? [];
  if (list === null || element === undefined || list.fewest > 1 || !accepts(tree, shapeOf(element), node)) return null;
  const text = flowText(tree, node);
  return text === null ? null : `[${text}]`;
}

/** `sets: ready` is `{ ready: NAME }`, and some shapes know themselves what a bare text means. */
function bareFormOf({ rule }: Shape, mappings: Collections['mappings'], text: string): string | null {
  for (const mapping of mappings) {
    const entry = mapping.type === 'mapping' ? sampleOfKey(mapping.members, text) : null;
    if (entry !== null) return `{ ${entry} }`;
  }
  return rule.bareForm?.(text) ?? null;
}

/** `retry: 3` is `{ attempts: 3 }`: what was written belongs under the key that takes it. */
function underKey(tree: YamlTree, mappings: Collections['mappings'], node: Node): string | null {
  const members = mappings.length > 1 ? mappings.flatMap(firstMember) : mappings.flatMap(membersOf);
  for (const variant of variantsOf(node)) {
    const fitting = members
      .filter(({ schema }) => accepts(tree, shapeOf(schema), variant))
      .toSorted((left, right) => rank(tree, left, mappings) - rank(tree, right, mappings));
    const [best] = fitting;
    const text = flowText(tree, variant);
    if (best !== undefined && text !== null) return withRequired(mappings, best, text);
  }
  return null;
}

/** One key with its value, and whatever else must stand beside it. */
function withRequired(mappings: Collections['mappings'], { key: given }: Member, text: string): string {
  const mapping = mappings.find((each) => each.type === 'mapping' && each.members.has(given));
  if (mapping?.type !== 'mapping') return `{ ${given}: ${text} }`;
  const others = [...mapping.members.values()].filter(({ key, required }) => required && key !== given);
  const samples = others.map(({ key }) => sampleOfKey(mapping.members, key) ?? `${key}: …`);
  return `{ ${[`${given}: ${text}`, ...samples].join(', ')} }`;
}

function membersOf(mapping: MappingShape | RecordShape): readonly Member[] {
  return mapping.type === 'mapping' ? [...mapping.members.values()] : [];
}

/** The first key of each of several mappings says which of them is meant. */
function firstMember(mapping: MappingShape | RecordShape): readonly Member[] {
  return membersOf(mapping).slice(0, 1);
}

/** The value itself, and what mpctl calls it if it is a word of another tool. */
function variantsOf(node: Node): readonly Node[] {
  const foreign = isScalar(node) ? foreignValues.get(writtenText(node)) : undefined;
  return foreign === undefined ? [node] : [node, new Scalar(foreign)];
}

/** What must be there comes first, then what takes only few values, then what takes any text. */
function rank(tree: YamlTree, member: Member, mappings: Collections['mappings']): number {
  const shape = shapeOf(member.schema);
  const isAsked = member.required || mappings.some(({ rule }) => rule.exactlyOne?.includes(member.key) === true);
  const size = shape.type === 'mapping' ? shape.members.size : 0;
  if (isAsked) return size;
  return accepts(tree, shape, new Scalar('any text, at all')) ? 2000 : 1000;
}

/** `locks: [a, b]` is `{ a: , b: }`, and `processes: [{name: a, command: x}]` is `{ a: { command: x } }`. */
function asNames(tree: YamlTree, mappings: Collections['mappings'], items: readonly Node[]): string | null {
  const record = mappings.find((mapping) => mapping.type === 'record');
  if (record === undefined) return null;
  const keyShape = shapeOf(record.key);
  const valueShape = shapeOf(record.value);
  const entries = items.map((item) => {
    const target = tree.resolve(item);
    if (isScalar(target)) {
      if (keyShape.type === 'leaf' && !passes(keyShape, writtenText(target))) return null;
      const value = accepts(tree, valueShape, null) ? '' : sampleOf(valueShape);
      return value === null ? null : `${flowScalar(writtenText(target), true)}: ${value}`;
    }
    return isMap(target) ? namedEntry(tree, target, valueShape) : null;
  });
  if (entries.length === 0 || entries.includes(null)) return null;
  const text = `{ ${entries.join(', ').trimEnd()} }`;
  return text.length > 80 ? `{ ${entries[0] ?? ''}, … }` : text;
}

function namedEntry(tree: YamlTree, map: YAMLMap, valueShape: Shape): string | null {
  const { entries } = tree.entriesOf(map);
  const [only] = entries;
  const value = entries.length === 1 && only !== undefined ? only.valueNode : null;
  if (only !== undefined && value !== null && only.key !== 'name' && only.key !== 'id') {
    const target = tree.resolve(value);
    if (isMap(target)) return `${only.key}: ${flowEntries(tree, valueShape, tree.entriesOf(target).entries)}`;
    const form = accepts(tree, valueShape, value) ? flowText(tree, value) : formOf(tree, valueShape, value);
    return `${only.key}: ${form ?? '{ … }'}`;
  }
  const name = entries.find(({ key }) => key === 'name' || key === 'id');
  const nameNode = name?.valueNode ?? null;
  if (name === undefined || nameNode === null || !isScalar(nameNode)) return null;
  const rest = entries.filter((entry) => entry !== name);
  return `${writtenText(nameNode)}: ${rest.length === 0 ? (sampleOf(valueShape) ?? '{ … }') : flowEntries(tree, valueShape, rest)}`;
}

/** The keys of a mapping as they were written, with values that their members take. */
function flowEntries(tree: YamlTree, shape: Shape, entries: readonly TreeEntry[]): string {
  const members = collectionsOf(shape).mappings.flatMap(membersOf);
  const written = entries.map(({ key, valueNode }) => {
    const member = members.find((each) => each.key === key);
    const value = member === undefined || valueNode === null ? valueNode : takenBy(tree, shapeOf(member.schema), valueNode);
    return `${key}: ${(typeof value === 'string' ? value : flowText(tree, value)) ?? '…'}`;
  });
  const text = `{ ${written.join(', ')} }`;
  return text.length > longestValue ? '{ … }' : text;
}

/** What was written, or else what mpctl calls it, or else, of a bare text, a sample of what is taken. */
function takenBy(tree: YamlTree, shape: Shape, node: Node): Node | string {
  const taken = variantsOf(node).find((variant) => accepts(tree, shape, variant));
  return taken ?? (isScalar(node) ? (sampleOf(shape) ?? node) : node);
}

/** A list where none is wanted: of names, or `working_dir: [db]`, which is `db`. */
function ofItems(tree: YamlTree, shape: Shape, mappings: Collections['mappings'], node: Node): string | null {
  if (isMap(node)) return ofEntry(tree, shape, node);
  if (!isSeq(node)) return isScalar(node) ? asNames(tree, mappings, [node]) : null;
  const items = node.items.filter(isNode);
  const [only] = items;
  if (only !== undefined && items.length === 1 && accepts(tree, shape, only)) return flowText(tree, only);
  return asNames(tree, mappings, items);
}

/** `- PORT: 80` in a list of assignments is `PORT=80`, and `restart: { policy: always }` is `always`. */
function ofEntry(tree: YamlTree, shape: Shape, map: YAMLMap): string | null {
  const { entries } = tree.entriesOf(map);
  const [entry] = entries;
  const value = entry?.valueNode ?? null;
  if (entry === undefined || value === null) return null;
  const assignment = new Scalar(`${entry.key}=${flowText(tree, value) ?? ''}`);
  if (shape.rule.sample?.includes('=') === true && accepts(tree, shape, assignment)) return assignment.value;
  const word = shape.type === 'mapping' || shape.type === 'record' ? null : wordIn(tree, shape, entries);
  return word === null ? null : flowText(tree, word);
}

/** The first value of a mapping that could stand in place of all of it. */
function wordIn(tree: YamlTree, shape: Shape, entries: readonly TreeEntry[]): Node | null {
  const words = entries.flatMap(({ valueNode }) => (isScalar(valueNode) ? variantsOf(valueNode) : []));
  return words.find((word) => accepts(tree, shape, word)) ?? null;
}
