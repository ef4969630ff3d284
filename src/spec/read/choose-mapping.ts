import type { YAMLMap } from 'yaml';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { TreeEntry } from '../yaml-tree.ts';
import { foreignKeyHint } from './foreign-words.ts';
import { formHint } from './form-hint.ts';
import { quotedList } from './quoted-list.ts';
import type { ReadContext, Spot } from './read-context.ts';
import type { MappingShape, RecordShape, UnionShape } from './shape.ts';

/**
 * Which of several mappings is meant: the first key of each says which it is, such as the verb of a
 * step. None or two of these keys is reported, and then null is given.
 */
export function chooseMapping(
  context: ReadContext,
  shape: UnionShape,
  entries: readonly TreeEntry[],
  node: YAMLMap,
  spot: Spot,
): MappingShape | RecordShape | null {
  const { mappings: alternatives } = shape;
  const [only] = alternatives;
  if (only === undefined || alternatives.length === 1) return only ?? null;
  const byKey = new Map(alternatives.map((each) => [firstKeyOf(each), each]));
  const carried = entries.filter(({ key }) => byKey.has(key));
  const [first, second] = carried;
  if (first === undefined) {
    const called = only.rule.called ?? spot.label;
    if (!reportForeign(context, called, [...byKey.keys()], entries)) {
      const message = `${called} ${called.startsWith('the ') ? 'need' : 'needs'} one of ${quotedList([...byKey.keys()])}`;
      context.report('MP102', message, entries[0]?.keyNode ?? spot.node, formHint(context.tree, shape, node, spot));
    }
    return null;
  }
  if (second !== undefined) {
    const called = only.rule.called ?? spot.label;
    const hint = spot.label.startsWith('an item of')
      ? `make two items of it: \`- ${first.key}: …\` and \`- ${second.key}: …\``
      : 'keep one of them';
    context.report('MP107', `\`${first.key}\` and \`${second.key}\` cannot both stand in ${called}`, second.keyNode, hint, {
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

/** Reports the first key that is a misspelt one or a word of another tool; false where there is none. */
function reportForeign(context: ReadContext, called: string, keys: readonly string[], entries: readonly TreeEntry[]): boolean {
  for (const { key, keyNode } of entries) {
    const meant = didYouMean(key, keys);
    const hint = foreignKeyHint(called, key) ?? (meant === null ? null : `did you mean \`${meant}\`?`);
    if (hint === null) continue;
    context.report('MP101', `unknown key \`${key}\` in ${called}`, keyNode, hint);
    return true;
  }
  return false;
}
