import { err, ok, type Result } from './result.ts';
import type { Json } from './json.ts';
import { endOfString, lostNumber } from './lost-number.ts';

/** Why a text is no value: it is not JSON, its lists and objects are nested too deeply to be written again, or a number would become another. */
export type JsonFault = 'not_json' | 'too_deep' | { readonly lostNumber: string };

/**
 * So many lists and objects within each other may come in. Writing JSON is recursive, in V8 as in CPython:
 * some thousands overflow the stack, and CPython's `json` by itself writes no more than these.
 */
export const deepestJson = 1000;

/**
 * Reads one JSON text of at most `mostLevels` lists and objects within each other, all of whose numbers stay
 * what they are; an answer of the run, which wraps what has come in, is read with no bound.
 */
export function parseJson(text: string, mostLevels = deepestJson): Result<Json, JsonFault> {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJson(value)) return err('not_json');
    if (mostLevels === Number.POSITIVE_INFINITY) return ok(value);
    const fault = faultIn(text, mostLevels);
    return fault === null ? ok(value) : err(fault);
  } catch {
    return err('not_json');
  }
}

/** What is wrong with a text that is JSON; null where nothing is. */
export function faultIn(text: string, mostLevels = deepestJson): JsonFault | null {
  if (isDeeper(text, mostLevels)) return 'too_deep';
  const lost = lostNumber(text);
  return lost === null ? null : { lostNumber: lost };
}

/** What `JSON.parse` gives is JSON all the way down: the outermost value tells. */
function isJson(value: unknown): value is Json {
  return value === null || ['boolean', 'number', 'string', 'object'].includes(typeof value);
}

/** Whether a JSON text has more levels. Most texts are too short for it, or have not even so many brackets, which is soon told. */
export function isDeeper(text: string, mostLevels = deepestJson): boolean {
  if (text.length <= 2 * mostLevels) return false;
  if (count(text, '[', mostLevels) + count(text, '{', mostLevels) <= mostLevels) return false;
  let levels = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === ']' || character === '}') levels -= 1;
    else if (character === '[' || character === '{') levels += 1;
    if (levels > mostLevels) return true;
  }
  return false;
}

/** How often a character occurs; no further than one more than `most`. */
function count(text: string, character: string, most: number): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0 && found <= most; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}
