import { parseByteSize } from '../base/byte-size.ts';
import { err, ok, type Result } from '../base/result.ts';
import { defaultMaxFrameBytes } from '../protocol/message.ts';
import type { RunFailure } from './run-failure.ts';

const variable = 'MPCTL_MAX_FRAME';

/** What the clients put together by themselves stays below it. */
const [least, most] = ['64K', '256M'] as const;

/** The largest frame or body that the door of a run takes, in bytes, as mpctl's own environment says. */
export function maxFrameOf(environment: Readonly<Record<string, string | undefined>>): Result<number, RunFailure> {
  const written = environment[variable] ?? '';
  if (written === '') return ok(defaultMaxFrameBytes);
  const bytes = parseByteSize(written);
  if (bytes !== null && bytes >= (parseByteSize(least) ?? 0) && bytes <= (parseByteSize(most) ?? 0)) return ok(bytes);
  return err({
    code: 'MP018',
    message: `\`${variable}\` has to be a size from ${least} to ${most}, and not \`${written}\``,
    hint: `write for example \`${variable}=4M\`, or leave it out for 1M`,
  });
}
