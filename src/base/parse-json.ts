import { err, ok, type Result } from './result.ts';
import type { Json } from './json.ts';

/** Reads one JSON text; null is no value but the reason why there is none: it is not JSON. */
export function parseJson(text: string): Result<Json, null> {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? ok(value) : err(null);
  } catch {
    return err(null);
  }
}

/** What `JSON.parse` gives is JSON all the way down: the outermost value tells. */
function isJson(value: unknown): value is Json {
  return value === null || ['boolean', 'number', 'string', 'object'].includes(typeof value);
}
