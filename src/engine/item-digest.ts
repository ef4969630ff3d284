import type { Json } from '../base/json.ts';

const offset = 0x811c9dc5;
const prime = 0x01000193;

/**
 * 32 bits that tell one item from another: FNV-1a over its text. A number and the same digits as a text
 * differ; of two items that differ one in four thousand million pairs is taken for the same.
 */
export function itemDigest(item: Json): number {
  const text = typeof item === 'string' ? item : `\0${JSON.stringify(item)}`;
  let value = offset;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ (text.codePointAt(index) ?? 0), prime);
  return value >>> 0;
}
