import { isList } from '../base/json-type.ts';
import type { Json } from '../base/json.ts';

const offset = 0x811c9dc5;
const prime = 0x01000193;

/**
 * 32 bits that tell one item from another: FNV-1a over its parts, each with a mark of its kind, so that a
 * number and the same digits as a text differ, and a text with its length, so that none looks like two. Of two
 * items that differ, one in four thousand million pairs is taken for the same.
 */
export function itemDigest(item: Json): number {
  return added(offset, item) >>> 0;
}

/** Without the text of JSON, whose making would cost more than all else that is noted of a task. */
function added(digest: number, item: Json): number {
  if (typeof item === 'string') return addedWhole(addedText(digest, '"'), item);
  if (typeof item !== 'object' || item === null) return addedText(addedText(digest, '='), String(item));
  if (isList(item)) return addedText(item.reduce(added, addedText(digest, '[')), ']');
  let value = addedText(digest, '{');
  for (const [key, part] of Object.entries(item)) value = added(addedWhole(addedText(value, ','), key), part);
  return addedText(value, '}');
}

function addedWhole(digest: number, text: string): number {
  return addedText(Math.imul(digest ^ text.length, prime), text);
}

function addedText(digest: number, text: string): number {
  let value = digest;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ (text.codePointAt(index) ?? 0), prime);
  return value;
}
