import type { Json } from '../base/json.ts';
import { isRecord } from '../base/json-type.ts';

/** The field of an answer; undefined where it has none. */
export function fieldOf(value: Json | undefined, key: string): Json | undefined {
  return isRecord(value) ? value[key] : undefined;
}
