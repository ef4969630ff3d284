import { didYouMean } from '../../base/did-you-mean.ts';
import type { YAMLMap } from 'yaml';
import type { TreeEntry } from '../yaml-tree.ts';
import { foreignKeyHint } from './foreign-words.ts';
import { quotedList } from './quoted-list.ts';
import type { ReadContext, Spot } from './read-context.ts';
import { sampleOfKey } from './sample-of.ts';
import type { MappingShape, Member } from './shape.ts';

/**
 * Reports a key that the mapping does not have, with the word that mpctl has for it. Gives the known key
 * that was most likely meant, or null.
 */
export function reportUnknownKey(context: ReadContext, shape: MappingShape, { key, keyNode }: TreeEntry, spot: Spot): string | null {
  const called = shape.rule.called ?? spot.label;
  const meant = didYouMean(key, shape.members.keys());
  const hint =
    foreignKeyHint(called, key) ??
    (meant === null ? `the keys are ${quotedList([...shape.members.keys()], 'and')}` : `did you mean \`${meant}\`?`);
  context.report('MP101', `unknown key \`${key}\` in ${called}`, keyNode, hint);
  return meant ?? /^mpctl says `(?<word>\w+)/.exec(hint)?.groups?.['word'] ?? null;
}

/** The known keys of a mapping, and those that were most likely meant by unknown ones. */
export interface FoundKeys {
  readonly present: ReadonlyMap<string, TreeEntry>;
  readonly meant: ReadonlySet<string>;
}

/**
 * Reports the keys that a mapping lacks and those that exclude each other. What was meant by a misspelt
 * key is not missing too.
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
    if (!required || present.has(key) || meant.has(key)) continue;
    context.report('MP102', `${subjectOf(called, spot)} needs \`${key}\``, place, additionHint(shape, key));
  }
  const { exactlyOne } = shape.rule;
  if (exactlyOne === undefined) return;
  const [first, second] = [...present.values()].filter(({ key }) => exactlyOne.includes(key));
  if (first === undefined) {
    if (exactlyOne.some((key) => meant.has(key))) return;
    const [usual = ''] = exactlyOne;
    context.report('MP102', `${subjectOf(called, spot)} needs ${quotedList(exactlyOne)}`, place, additionHint(shape, usual));
  } else if (second !== undefined) {
    const message = `\`${first.key}\` and \`${second.key}\` cannot both stand in ${called}`;
    context.report('MP107', message, second.keyNode, 'keep one of them', {
      message: `\`${first.key}\` stands here`,
      range: context.tree.rangeOf(first.keyNode),
    });
  }
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
  if (missing !== null) context.report('MP126', `${missing} is not in this version`, keyNode, 'leave it out');
}
