import { readFileSync } from 'node:fs';
import { binaryOf } from '../../src/runtime/jobs/byte-words.ts';

/** What Node puts where an argument is no UTF-8. */
const replacementCharacter = '\uFFFD';

/**
 * The arguments as binary strings. Node has lost what is no UTF-8, such as a file name of `::: *`, and the
 * system still knows it, where it has a /proc.
 */
export function givenWords(argv: readonly string[]): readonly string[] {
  if (!argv.some((word) => word.includes(replacementCharacter))) return argv.map(binaryOf);
  try {
    const words = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
    return words.slice(words.length - argv.length);
  } catch {
    return argv.map(binaryOf);
  }
}
