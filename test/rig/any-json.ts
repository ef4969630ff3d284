import * as fc from 'fast-check';
import type { Json } from '../../src/base/json.ts';
import { parseJson } from '../../src/base/parse-json.ts';

/** Any value that comes back from JSON as it was: `-0` does not. */
export const anyJson: fc.Arbitrary<Json> = fc.json().map((text) => {
  const read = parseJson(text, Number.POSITIVE_INFINITY);
  return read.ok ? withoutMinusZero(read.value) : null;
});

function withoutMinusZero(value: Json): Json {
  const read = parseJson(JSON.stringify(value), Number.POSITIVE_INFINITY);
  return read.ok ? read.value : null;
}
