import { isRecord } from '../base/json-type.ts';
import type { Json } from '../base/json.ts';
import { parseJson } from '../base/parse-json.ts';

/** What a line of the records that were held back says; the lines in it have their newlines. */
export interface HeldLine {
  readonly task: number;
  readonly results: string | null;
  readonly joblog: string | null;
}

/** Null where it is none. */
export function heldIn(text: string): HeldLine | null {
  const value = parseJson(text);
  if (!value.ok || !isRecord(value.value)) return null;
  const { task, results, joblog } = value.value;
  return typeof task === 'number' ? { task, results: textOrNull(results), joblog: textOrNull(joblog) } : null;
}

/** The line of results in it. */
export function heldResultsIn(text: string): string | null {
  return heldIn(text)?.results ?? null;
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
