import type { Json } from './json.ts';

/** A JSON value as text: a string as it is, null as nothing, the rest as JSON. */
export function asText(value: Json): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}
