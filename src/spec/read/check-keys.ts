import { didYouMean } from '../../base/did-you-mean.ts';
import { isMap, Scalar, type YAMLMap } from 'yaml';
import type { TreeEntry, YamlTree } from '../yaml-tree.ts';
import { accepts } from './accepts.ts';
import { flowText } from './flow-text.ts';
import { foreignKeyHint } from './foreign-words.ts';
import { formHint } from './form-hint.ts';
import { quotedList } from './quoted-list.ts';
import type { ReadContext, Spot } from './read-context.ts';
import { sampleOfKey } from './sample-of.ts';
import { shapeOf, type MappingShape, type Member } from './shape.ts';

/**
 * Reports a key that the mapping does not have, with the word that mpctl has for it. Gives the known key
 * that was most likely meant, or null. `isAlone`: nothing else stands in the mapping.
 */
export function reportUnknownKey(
  context: ReadContext,
  shape: MappingShape,
  entry: TreeEntry,
  isAlone: boolean,
  spot: Spot,
): string | null {
  const { key, keyNode } = entry;
  const called = shape.rule.called ?? spot.label;
  const meant = didYouMean(key, shape.members.keys());
  const short = isAlone ? shortForm(context.tree, shape, entry) : null;
  const hint =
    foreignKeyHint(called, key) ??
    (short === null ? null : `write \`${short.form}\``) ??
    (meant === null ? null : `did you mean \`${meant}\`?`) ??
    looseProcess(context.tree, shape, entry) ??
    `the keys are ${quotedList([...shape.members.keys()], 'and')}`;
  context.report('MP101', `unknown key \`${key}\` in ${called}`, keyNode, hint);
  return short?.required ?? meant ?? /^mpctl says `(?<word>\w+)/.exec(hint)?.groups?.['word'] ?? null;
}

/** Whether a key that may be any name is a slip for a known one, as `exlude` in a matrix: its value fits only there. */
export function isMisspelt(tree: YamlTree, { members }: MappingShape, others: Member['schema'], { key, valueNode }: TreeEntry): boolean {
  if (valueNode === null || accepts(tree, shapeOf(others), valueNode)) return false;
  const meant = members.get(didYouMean(key, members.keys()) ?? '');
  return meant !== undefined && accepts(tree, shapeOf(meant.schema), valueNode);
}

/** `{ slots: 2 }` for `{ name: slots, permits: 2 }`: the key is what must be named, the value what may be said of it. */
function shortForm(
  tree: YamlTree,
  { members }: MappingShape,
  { key, valueNode }: TreeEntry,
): { readonly form: string; readonly required: string } | null {
  const [required, ...more] = [...members.values()].filter((member) => member.required);
  if (required === undefined || more.length > 0 || members.size > 3 || valueNode === null) return null;
  if (!accepts(tree, shapeOf(required.schema), new Scalar(key))) return null;
  const said = [...members.values()].find((member) => !member.required && accepts(tree, shapeOf(member.schema), valueNode));
  const value = flowText(tree, valueNode);
  if (said === undefined || value === null) return null;
  return { form: `{ ${required.key}: ${key}, ${said.key}: ${value} }`, required: required.key };
}

/** A Procfile has its processes at the top; only the top of a spec has a section for them. */
function looseProcess(tree: YamlTree, { members }: MappingShape, { key, keyNode, valueNode }: TreeEntry): string | null {
  const section = members.get('processes');
  const record = section === undefined ? null : shapeOf(section.schema);
  if (record?.type !== 'record' || valueNode === null) return null;
  const process = shapeOf(record.value);
  if (accepts(tree, process, valueNode)) return `a process stands under \`processes\`, and so indented further`;
  const form = isMap(tree.resolve(valueNode)) ? null : formHint(tree, process, valueNode, { label: `\`${key}\``, node: keyNode });
  return form === null ? null : `a process stands under \`processes\`: ${form}`;
}

/** The known keys of a mapping, and those that were most likely meant by unknown ones. */
export interface FoundKeys {
  readonly present: ReadonlyMap<string, TreeEntry>;
  readonly meant: ReadonlySet<string>;
}

/**
 * Reports the keys that a mapping lacks and those that exclude each other, which are gaps. What was meant
 * by a misspelt key is not missing too, nor is what a merge would have brought.
 */
export function checkKeys(
  context: ReadContext,
  shape: MappingShape,
  { present, meant }: FoundKeys,
  map: YAMLMap,
  spot: Spot,
): void {
  const called = shape.rule.called ?? spot.label;
  const place = spot.node === map ? (present.values().next().value?.keyNode ?? map) : spot.node;
  for (const { key, required } of shape.members.values()) {
    if (!required || present.has(key) || meant.has(key) || lacksMerge(context, map)) continue;
    context.report('MP102', `${subjectOf(called, spot)} needs \`${key}\``, place, additionHint(shape, key));
  }
  const { exactlyOne } = shape.rule;
  if (exactlyOne === undefined) return;
  const [first, second] = [...present.values()].filter(({ key }) => exactlyOne.includes(key));
  if (first === undefined ? exactlyOne.some((key) => meant.has(key)) : second === undefined) return;
  for (const key of exactlyOne) context.addGap(key);
  if (first === undefined) {
    if (lacksMerge(context, map)) return;
    const [usual = ''] = exactlyOne;
    context.report('MP102', `${subjectOf(called, spot)} needs ${quotedList(exactlyOne)}`, place, additionHint(shape, usual));
  } else if (second !== undefined) {
    const message = `\`${first.key}\` and \`${second.key}\` cannot both stand in ${called}`;
    context.report('MP107', message, second.keyNode, slipOf(context.tree, shape, present, [first, second]) ?? 'keep one of them', {
      message: `\`${first.key}\` stands here`,
      range: context.tree.rangeOf(first.keyNode),
    });
  }
}

/** `worker: 3` beside `command` is a slip for `workers: 3`: a key that is nearly the same, and free, takes the value. */
function slipOf(tree: YamlTree, { members }: MappingShape, present: FoundKeys['present'], found: readonly TreeEntry[]): string | null {
  const free = [...members.values()].filter(({ key }) => !present.has(key));
  for (const { key, valueNode } of found) {
    const taking = free.filter(({ schema }) => valueNode !== null && accepts(tree, shapeOf(schema), valueNode));
    const meant = didYouMean(key, taking.map((member) => member.key));
    if (meant !== null) return `keep one of them, or did you mean \`${meant}\` by \`${key}\`?`;
  }
  return null;
}

/** Whether a `<<` of the mapping brings nothing because something is wrong with it. */
function lacksMerge({ tree }: ReadContext, map: YAMLMap): boolean {
  return tree.entriesOf(map).problems.some(({ type }) => type === 'bad_merge' || type === 'lost_merge');
}

function additionHint({ members }: MappingShape, key: string): string | null {
  const entry = sampleOfKey(members, key);
  return entry === null ? null : `add \`${entry}\``;
}

function subjectOf(called: string, { label }: Spot): string {
  if (called === label || !label.startsWith('`')) return called;
  return `${called.replace(/^an? /, 'the ')} ${label}`;
}

/** Reports what the language has, but this version has not. */
export function checkBuilt(context: ReadContext, { rule }: Member, value: unknown, { keyNode }: TreeEntry): void {
  const missing = rule.notYet?.(value) ?? null;
  if (missing !== null) context.report('MP126', `${missing} is not in this version`, keyNode, rule.instead ?? 'leave it out');
}
