import { parseJson } from '../../base/parse-json.ts';
import type { Json } from '../../base/json.ts';

/**
 * The messages of a ring that were sent and not taken, each a line of JSON. Both numbers count bytes from the
 * first message on, and what is there is the clients' to write: numbers that cannot be give nothing, and
 * neither does a line that is no JSON, or nested too deeply to be written to anybody.
 */
export function messagesBetween(ring: Buffer, taken: bigint, sent: bigint): readonly Json[] {
  const size = BigInt(ring.length);
  if (taken >= sent || sent - taken > size) return [];
  const start = Number(taken % size);
  const bytes = Number(sent - taken);
  const text = Buffer.concat([ring.subarray(start, start + bytes), ring.subarray(0, Math.max(0, start + bytes - ring.length))]).toString('utf8');
  return text.split('\n').flatMap((line) => {
    const message = parseJson(line);
    return message.ok ? [message.value] : [];
  });
}
