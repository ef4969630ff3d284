import type { Json } from '../base/json.ts';

/** Well below the size of a frame, however the characters are written. */
const maxCharacters = 128 * 1024;
const maxItems = 1000;

/** Cuts items into lists that fit into a frame each, without waiting for more than one of them. */
export function* batchesOf(items: Iterable<Json>): Generator<readonly Json[]> {
  let batch: Json[] = [];
  let characters = 0;
  for (const item of items) {
    const size = JSON.stringify(item).length;
    if (batch.length === maxItems || (batch.length > 0 && characters + size > maxCharacters)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(item);
    characters += size;
  }
  if (batch.length > 0) yield batch;
}
