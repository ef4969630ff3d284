import type { Json } from './json.ts';

/** Whether it is a list; `Array.isArray` does not tell the compiler so for read-only ones. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether it is an object with named fields. */
export function isRecord(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !isList(value);
}
