import type { Json } from '../base/json.ts';
import { describeLost } from '../base/lost-number.ts';
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
  if (typeof item.error !== 'string') return err(`in a line for \`${output.queue}\`, ${describeLost(item.error.lostNumber)}`);
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return err(`a line for \`${output.queue}\` is not JSON: ${shown}`);
}

/** Says of a line that it has more than the `mostBytes` that an item may have. */
export function tooLong({ queue }: QueueOutput, mostBytes: number): Result<never, string> {
  const instead = 'put what is large into a file and the name of the file into the queue, or start the run with a larger MPCTL_MAX_FRAME';
  return err(`a line for \`${queue}\` has more than the ${mostBytes} bytes that an item may have: ${instead}`);
}
