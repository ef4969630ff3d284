import type { Json } from '../base/json.ts';
import { parseJson } from '../base/parse-json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { StdoutPlan } from '../plan/command.ts';

/** An output that goes into a queue. */
export type QueueOutput = Extract<StdoutPlan, { type: 'queue' }>;

/** What a line of output becomes in its queue: the text itself, or the JSON that it must be. */
export function lineItem(output: QueueOutput, text: string): Result<Json, string> {
  if (output.format === 'text') return ok(text);
  const item = parseJson(text);
  if (item.ok) return item;
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return err(`a line for \`${output.queue}\` is not JSON: ${shown}`);
}
