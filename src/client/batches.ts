import type { Json } from '../base/json.ts';
import { toJson } from './to-json.ts';

/** Of a frame so much is filled, counted in characters: well below its size, however they are written. */
const filledPart = 1 / 8;
const maxItems = 1000;

/** Cuts items into lists that fit into a frame each, without waiting for more than one of them. */
export function* batchesOf(items: Iterable<Json>, maxFrameBytes: number): Generator<readonly Json[]> {
  const maxCharacters = maxFrameBytes * filledPart;
  let batch: Json[] = [];
  let characters = 0;
  for (const item of items) {
    const size = toJson(item).length;
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
