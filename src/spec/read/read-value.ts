import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { isLost } from '../../base/lost-number.ts';
import { unreachable } from '../../base/invariant.ts';
import { anyKey } from '../gaps.ts';
import { isMissing, isNode, type TreeEntry } from '../yaml-tree.ts';
import { checkBuilt, checkKeys, isMisspelt, reportUnknownKey } from './check-keys.ts';
import { checkTemplates } from './check-templates.ts';
import { chooseMapping } from './choose-mapping.ts';
import { expectationOf, passes } from './leaf-problem.ts';
import { formHint } from './form-hint.ts';
import { nameHint } from './name-hint.ts';
import type { ReadContext, Spot } from './read-context.ts';
import { readScalar } from './read-scalar.ts';
import { sampleOf } from './sample-of.ts';
import { shapeOf, type FreeShape, type ListShape, type MappingShape, type RecordShape, type Shape, type UnionShape } from './shape.ts';
import { writtenText } from './written-text.ts';

/**
 * Turns a node into the plain value that its shape describes, with its defaults, and reports everything
 * that does not fit at the place where it is written. Which alternative of a union is meant is decided
 * by what the value carries, so that only that one reports. undefined where it does not fit; below it,
 * what does not fit is left out or has its default, so that what is given is of the shape, and is noted
 * as a gap.
 */
export function readValue(context: ReadContext, shape: Shape, node: Node | null, spot: Spot): unknown {
  if (node === null) return readNothing(context, shape, spot);
  return context.within(node, (target) => readTarget(context, shape, target, spot));
}

function readTarget(context: ReadContext, shape: Shape, node: Node, spot: Spot): unknown {
  if (isScalar(node) && isMissing(node) && shape.type !== 'leaf' && shape.type !== 'union') return readNothing(context, shape, spot);
  switch (shape.type) {
    case 'free':
      return readFree(context, shape, node, spot);
    case 'mapping':
      if (isMap(node)) return readMapping(context, shape, node, spot);
      break;
    case 'record':
      if (isMap(node)) return readRecord(context, shape, node, spot);
      break;
    case 'list':
      if (isSeq(node)) return readList(context, shape, node, spot);
      break;
    case 'leaf':
      if (isScalar(node)) {
        return readScalar(context, { leaves: [shape], interpolable: false, rule: shape.rule, alternatives: [], whole: shape }, node, spot);
      }
      break;
    case 'union':
      if (isMap(node) && shape.mappings.length > 0) {
        const mapping = chooseMapping(context, shape, context.tree.entriesOf(node).entries, node, spot);
        if (mapping === null) return undefined;
        return mapping.type === 'mapping' ? readMapping(context, mapping, node, spot) : readRecord(context, mapping, node, spot);
      }
      if (isSeq(node) && shape.list !== null) return readList(context, shape.list, node, spot, namedFormOf(context, shape, node, spot));
      if (isScalar(node)) return readScalar(context, { ...shape, alternatives: collectionsOf(shape), whole: shape }, node, spot);
      break;
    default:
      unreachable(shape);
  }
  context.report('MP103', `${spot.label} is ${kindOf(node)}; expected ${wantedOf(shape)}`, node, spot.hint ?? formHint(context.tree, shape, node, spot));
  return undefined;
}

/** A section without a value counts as left out; elsewhere nothing is a value only where null is one. */
function readNothing(context: ReadContext, shape: Shape, spot: Spot): unknown {
  if (shape.type === 'free') return null;
  if (shape.type === 'record' && shape.rule.names === true) return {};
  if (shape.type === 'leaf' && shape.isNull) return null;
  if (shape.type === 'union' && shape.leaves.some(({ isNull }) => isNull)) return null;
  context.report('MP103', `${spot.label} has no value; expected ${wantedOf(shape)}`, spot.node, formHint(context.tree, shape, null, spot));
  return undefined;
}

function readMapping(context: ReadContext, shape: MappingShape, map: YAMLMap, spot: Spot): unknown {
  const value: Record<string, unknown> = {};
  const entries = context.entriesOf(map, shape.rule.called ?? spot.label);
  const present = new Map(entries.map((entry) => [entry.key, entry]));
  const meant = new Set<string>();
  for (const entry of entries) {
    const { key } = entry;
    const member = shape.members.get(key);
    if (member !== undefined) {
      const read = readEntry(context, shapeOf(member.schema), entry);
      if (read === undefined) continue;
      checkBuilt(context, member, read, entry);
      value[key] = read;
    } else if (key.startsWith('x-')) {
      continue;
    } else if (shape.others !== null && key !== '__proto__' && !isMisspelt(context.tree, shape, shape.others, entry)) {
      const read = readEntry(context, shapeOf(shape.others), entry);
      if (read !== undefined) value[key] = read;
    } else {
      const word = reportUnknownKey(context, shape, entry, entries.length === 1, spot);
      if (word !== null) meant.add(word);
      context.addGap(word ?? anyKey);
    }
  }
  checkKeys(context, shape, { present, meant }, map, spot);
  for (const { key, fallback, required } of shape.members.values()) {
    if (value[key] !== undefined) continue;
    if (required) return undefined;
    if (fallback !== undefined) value[key] = fallback;
  }
  return value;
}

/** What stands under a key; what cannot be read is a gap there. */
function readEntry(context: ReadContext, shape: Shape, { key, keyNode, valueNode }: TreeEntry, within = ''): unknown {
  return context.under(key, () => readValue(context, shape, valueNode, { label: `\`${key}\`${within}`, node: keyNode }));
}

function readRecord(context: ReadContext, shape: RecordShape, map: YAMLMap, spot: Spot): unknown {
  const value: Record<string, unknown> = {};
  const keyShape = shapeOf(shape.key);
  const valueShape = shapeOf(shape.value);
  // A name that is used says nothing of what stands beside it.
  const within = shape.rule.names !== true && /^`\w+`$/.test(spot.label) ? ` in ${spot.label}` : '';
  for (const entry of context.entriesOf(map, shape.rule.called ?? spot.label)) {
    const { key, keyNode } = entry;
    if (key.startsWith('x-')) continue;
    if (key === '__proto__' || (keyShape.type === 'leaf' && !passes(keyShape, key))) {
      const expected = keyShape.type === 'leaf' ? `; expected ${expectationOf(keyShape)}` : '';
      if (shape.rule.names === true) context.report('MP109', `\`${key}\` is no name${expected}`, keyNode, nameHint(key));
      else context.report('MP108', `\`${key}\` cannot be a key of ${spot.label}${expected}`, keyNode, nameHint(key));
      context.addGap(key);
      continue;
    }
    const read = readEntry(context, valueShape, entry, within);
    if (read !== undefined) value[key] = read;
  }
  return value;
}

/** `depends_on: [{ db: … }]` as the mapping that it is meant to be; null where no item is a mapping, or may be one. */
function namedFormOf({ tree }: ReadContext, { list, mappings }: UnionShape, node: YAMLSeq, spot: Spot): string | null {
  const record = mappings.find(({ type }) => type === 'record');
  const [element] = list?.elements ?? [];
  if (record === undefined || element === undefined || sampleOf(shapeOf(element)) !== 'NAME') return null;
  return node.items.some((item) => isMap(item)) ? formHint(tree, record, node, spot) : null;
}

/** `mappingHint` is what to write instead where an item is a mapping that none may be. */
function readList(context: ReadContext, shape: ListShape, list: YAMLSeq, spot: Spot, mappingHint: string | null = null): unknown {
  const count = list.items.length;
  if (count < shape.fewest || count > shape.most) {
    context.report('MP103', `${spot.label} has ${count} ${count === 1 ? 'item' : 'items'}; expected ${lengthOf(shape)}`, list, formHint(context.tree, shape, null, spot));
    return undefined;
  }
  const label = spot.label.startsWith('an item of') ? spot.label : `an item of ${spot.label}`;
  const kept: number[] = [];
  const values = list.items.flatMap((item, index) => {
    const element = shape.elements[Math.min(index, shape.elements.length - 1)];
    const read = context.under(index, () =>
      element === undefined || !isNode(item) ? undefined : readValue(context, shapeOf(element), item, { label, node: item, hint: isMap(item) ? mappingHint : null }),
    );
    if (read === undefined) return [];
    kept.push(index);
    return [read];
  });
  if (kept.length < count) context.keepOnly(kept);
  return kept.length < shape.fewest ? undefined : values;
}

function readFree(context: ReadContext, shape: FreeShape, node: Node, spot: Spot): unknown {
  if (isScalar(node)) {
    const text = writtenText(node);
    if (!checkTemplates(context, node, text, shape.rule, spot) && shape.rule.loadOnly === true) return undefined;
    if (shape.rule.text === true) return text;
    if (typeof node.value === 'number' && !Number.isFinite(node.value)) {
      context.report('MP103', `${spot.label} is \`${text}\`, which JSON cannot carry`, node, `quote it: \`"${text}"\``);
      return undefined;
    }
    if (isLostScalar(node.value, text)) {
      context.report('MP103', `${spot.label} is \`${text}\`, which is beyond 2**53 - 1 and would not survive JSON`, node, `write it as text: \`"${text}"\``);
      return undefined;
    }
    return typeof node.value === 'bigint' ? Number(node.value) : node.value;
  }
  if (isSeq(node)) {
    return node.items.map((item, index) => (isNode(item) ? context.under(index, () => readValue(context, shape, item, spot)) : null) ?? null);
  }
  const value: Record<string, unknown> = {};
  if (!isMap(node)) return value;
  for (const entry of context.entriesOf(node, spot.label)) {
    if (entry.key === '__proto__') {
      context.report('MP108', `\`${entry.key}\` cannot be a key of ${spot.label}`, entry.keyNode);
      context.addGap(entry.key);
      continue;
    }
    const read = readEntry(context, shape, entry);
    if (read !== undefined) value[entry.key] = read;
  }
  return value;
}

/** A whole number that was read as another one. */
function isLostScalar(value: unknown, written: string): boolean {
  if (typeof value !== 'number') return false;
  return /^0[xo]/u.test(written) ? !Number.isSafeInteger(value) : isLost(written);
}

function kindOf(node: Node): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  return isScalar(node) ? `\`${writtenText(node)}\`` : 'an alias';
}

function wantedOf(shape: Shape): string {
  switch (shape.type) {
    case 'free':
      return 'a value';
    case 'leaf':
      return expectationOf(shape);
    case 'list':
      return shape.rule.expected ?? 'a list';
    case 'mapping':
    case 'record':
      return 'a mapping';
    case 'union':
      return [...new Set([...shape.leaves.map(expectationOf), ...collectionsOf(shape)])].join(' or ');
    default:
      return unreachable(shape);
  }
}

function collectionsOf({ list, mappings, leaves }: UnionShape): readonly string[] {
  const collections = [...(list === null ? [] : [list.rule.expected ?? 'a list']), ...(mappings.length === 0 ? [] : ['a mapping'])];
  // What stands for a collection says so itself: `a list, or one ...`.
  return collections.filter((collection) => !leaves.some((leaf) => expectationOf(leaf).startsWith(`${collection}, or `)));
}

function lengthOf({ fewest, most }: ListShape): string {
  if (fewest === most) return `${fewest}`;
  return most === Infinity ? `at least ${fewest}` : `${fewest} to ${most}`;
}
