import { didYouMean } from '../../base/did-you-mean.ts';
import type { TreeEntry } from '../yaml-tree.ts';
import { foreignKeyHint } from './foreign-words.ts';
import { quotedList } from './quoted-list.ts';
import type { ReadContext, Spot } from './read-context.ts';
import type { MappingShape, RecordShape } from './shape.ts';

/**
 * Which of several mappings is meant: the first key of each says which it is, such as the verb of a
 * step. None or two of these keys is reported, and then null is given.
 */
export function chooseMapping(
  context: ReadContext,
  alternatives: readonly (MappingShape | RecordShape)[],
  entries: readonly TreeEntry[],
  spot: Spot,
): MappingShape | RecordShape | null {
  const [only] = alternatives;
  if (only === undefined || alternatives.length === 1) return only ?? null;
  const byKey = new Map(alternatives.map((shape) => [firstKeyOf(shape), shape]));
  const carried = entries.filter(({ key }) => byKey.has(key));
  const [first, second] = carried;
  if (first === undefined) {
    reportNone(context, only.rule.called ?? spot.label, [...byKey.keys()], entries, spot);
    return null;
  }
  if (second !== undefined) {
    const called = only.rule.called ?? spot.label;
    context.report('MP107', `\`${first.key}\` and \`${second.key}\` cannot both stand in ${called}`, second.keyNode, 'keep one of them', {
      message: `\`${first.key}\` stands here`,
      range: context.tree.rangeOf(first.keyNode),
    });
    return null;
  }
  return byKey.get(first.key) ?? null;
}

function firstKeyOf(shape: MappingShape | RecordShape): string {
  const [key = ''] = shape.type === 'mapping' ? shape.members.keys() : [];
  return key;
}

function reportNone(
  context: ReadContext,
  called: string,
  keys: readonly string[],
  entries: readonly TreeEntry[],
  spot: Spot,
): void {
  for (const { key, keyNode } of entries) {
    const meant = didYouMean(key, keys);
    const hint = foreignKeyHint(called, key) ?? (meant === null ? null : `did you mean \`${meant}\`?`);
    if (hint === null) continue;
    context.report('MP101', `unknown key \`${key}\` in ${called}`, keyNode, hint);
    return;
  }
  const message = `${called} needs one of ${quotedList(keys)}`;
  context.report('MP102', message, entries[0]?.keyNode ?? spot.node);
}
