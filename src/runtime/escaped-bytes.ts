/*
 * Bytes that are no UTF-8 within texts, as Python's `surrogateescape` has them (PEP 383): each is a lone
 * surrogate, U+DC80 to U+DCFF, so that the name of a file comes out as it went in.
 */
import { isUtf8 } from 'node:buffer';

const firstEscape = 0xdc00;
/** With the flag `u` a pair is one character, and none of these. */
const loneSurrogate = /(\p{Surrogate})/u;
/** How many bytes a character has, by the upper four bits of its first one. */
const lengths = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4];

/** Reads UTF-8; each byte that belongs to none becomes a lone surrogate. */
export function decodeBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  const parts: string[] = [];
  for (let at = 0; at < buffer.length; ) {
    const byte = buffer[at] ?? 0;
    const character = buffer.subarray(at, at + (lengths[byte >> 4] ?? 1));
    const isWhole = isUtf8(character);
    parts.push(isWhole ? character.toString('utf8') : String.fromCodePoint(firstEscape + byte));
    at += isWhole ? character.length : 1;
  }
  return parts.join('');
}

/** Writes UTF-8; a lone surrogate that stands for a byte becomes that byte again. */
export function encodeText(text: string): string | Buffer {
  if (text.isWellFormed()) return text;
  const parts: Buffer[] = [];
  for (const piece of text.split(loneSurrogate)) {
    const code = piece.codePointAt(0) ?? 0;
    const isEscape = code >= firstEscape + 0x80 && code <= firstEscape + 0xff;
    parts.push(isEscape ? Buffer.of(code - firstEscape) : Buffer.from(piece, 'utf8'));
  }
  return Buffer.concat(parts);
}
