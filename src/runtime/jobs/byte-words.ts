/*
 * Items are kept as binary strings, a character a byte. Node passes only UTF-8 to a program, so that what is
 * none is written in ASCII for a shell that makes it again and becomes the program.
 */
import { decodeBytes } from '../escaped-bytes.ts';

/** Text as a binary string: its UTF-8, a character a byte. */
export function binaryOf(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** A binary string as text in which each byte that is no UTF-8 is a lone surrogate. */
export function decodedWord(binary: string): string {
  return isAscii(binary) ? binary : decodeBytes(Buffer.from(binary, 'latin1'));
}

/** A binary string as text; null where it is no UTF-8. */
function textOf(binary: string): string | null {
  if (isAscii(binary)) return binary;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(binary, 'latin1'));
  } catch {
    return null;
  }
}

/** An argument list of binary strings as one that Node can pass. */
export function argvOf(words: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const word of words) {
    const text = textOf(word);
    if (text === null) return ['/bin/sh', '-c', becoming(words)];
    texts.push(text);
  }
  return texts;
}

/** A script that becomes the program of these words. */
function becoming(words: readonly string[]): string {
  // A dot behind each keeps the newlines at its end, which a shell would drop.
  const set = words.map((word) => `w=$(printf %b '${escaped(word)}.'); set -- "$@" "\${w%.}"`);
  return `set --\n${set.join('\n')}\nexec "$@"`;
}

/** For the `%b` of printf(1): bytes that are not plain as three octal digits. */
function escaped(word: string): string {
  return word.replaceAll(/[^\w/.,:=+ -]/g, (character) => `\\0${(character.codePointAt(0) ?? 0).toString(8).padStart(3, '0')}`);
}

function isAscii(text: string): boolean {
  return !/[^\0-\u007F]/.test(text);
}
