import * as z from 'zod';
import { reading } from './reading.ts';
import { signalNames } from './signal-names.ts';

/** A value written with `${{ … }}`: it is known only when the plan or the run has filled it in. */
export const interpolated = z
  .templateLiteral([z.string(), z.literal('${{'), z.string()])
  .describe('A value with `${{ … }}` in it')
  .meta({ id: 'interpolated' });

/** A value written with `${{ … }}`, still as it was written. */
export type Interpolated = z.infer<typeof interpolated>;

/** Whether a value of the spec still has to be filled in. */
export function isInterpolated(value: unknown): value is Interpolated {
  return typeof value === 'string' && value.includes('${{');
}

/** The leaf itself, or `${{ … }}` in its place. */
export function orInterpolated<T extends z.ZodType>(leaf: T): z.ZodUnion<readonly [T, typeof interpolated]> {
  return reading(z.union([leaf, interpolated]), { leaf });
}

/** What a user may call a thing: unique in the whole spec. */
export const namePattern = /^(?!x-)[A-Za-z_][A-Za-z0-9_-]*$/;

/** A name that is being given. */
export const name = reading(z.string().regex(namePattern), {
  text: true,
  expected: 'a name of letters, digits, `_` and `-` that begins with a letter or `_`, and not with `x-`',
  sample: 'NAME',
}).meta({ id: 'name' });

/** A name that is used: of anything the spec defines, or of one instance such as `test-3.12-linux`. */
export const reference = reading(z.string().regex(/^[A-Za-z_][A-Za-z0-9._-]*$/), {
  text: true,
  expected: 'a name',
  sample: 'NAME',
}).meta({ id: 'reference' });

/** Name of a step's variable; it is an environment variable too, hence no `-`. */
export const variable = reading(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), {
  text: true,
  expected: 'a variable name of letters, digits and `_` that does not begin with a digit',
  sample: 'NAME',
}).meta({ id: 'variable' });

/** Text as it is written; it may hold `${{ … }}`. */
export const text = reading(z.string(), { text: true, expected: 'text', sample: 'TEXT' });

/** Text that must be complete before the run; it may hold `${{ env.NAME }}` and what else is known then. */
export const loadTimeText = reading(z.string(), { text: true, loadOnly: true, expected: 'text', sample: 'TEXT' });

/** A path that must be known before the run. */
export const path = reading(z.string().min(1), { text: true, loadOnly: true, expected: 'a path', sample: 'PATH' });

/** Name of a file that is opened while the run goes on. */
export const fileName = reading(z.string().min(1), { text: true, expected: 'a file name', sample: 'FILE' });

const writtenDuration = /^(?=\d)(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m(?!s))?(?:\d+(?:\.\d+)?s)?(?:\d+(?:\.\d+)?ms)?$/;

/** Length of time with its unit, such as `250ms`, `2s`, `1m30s`, `1h`. */
export const duration = reading(
  z.string().regex(writtenDuration),
  { text: true, expected: 'a duration with its unit, such as `250ms`, `2s`, `1m30s` or `1h`', sample: '5s' },
).meta({ id: 'duration' });

/** Length of time after which something has failed, so that none at all is a mistake. */
export const longestTime = reading(z.string().regex(new RegExp(`^(?=.*[1-9])${writtenDuration.source.slice(1)}`, 'u')), {
  text: true,
  expected: 'a duration above zero with its unit, such as `250ms`, `2s`, `1m30s` or `1h`',
  sample: '5s',
  outside: 'leave it out, or give it more time',
}).meta({ id: 'longest_time' });

/** Number of bytes with its unit (1K is 1024), such as `64K`, `50M`, `1G`. */
export const byteSize = reading(z.string().regex(/^\d+(?:\.\d+)?[BKMG]$/), {
  text: true,
  expected: 'a size with its unit, such as `64K` or `50M`',
  sample: '64K',
}).meta({ id: 'byte_size' });

/** Share of all, such as `10%`; none of them is no share. */
export const percentage = reading(z.string().regex(/^(?=[\d.]*[1-9])(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%$/), {
  text: true,
  expected: 'a percentage above 0 such as `10%`',
  sample: '10%',
}).meta({ id: 'percentage' });

/** `true` or `false`. */
export const flag = reading(z.boolean(), { expected: '`true` or `false`', sample: 'true' });

/** Whole number from 0. */
export const count = reading(z.int().min(0), { expected: 'a whole number from 0', sample: '1' });

/** Whole number from 1. */
export const positiveCount = reading(z.int().min(1), { expected: 'a whole number from 1', sample: '1' });

/** Whole number, negative ones too. */
export const integer = reading(z.int(), { expected: 'a whole number', sample: '1' });

/** Any number. */
export const anyNumber = reading(z.number(), { expected: 'a number', sample: '1' });

/** Factor by which a delay grows. */
export const factor = reading(z.number().min(1), { expected: 'a number from 1', sample: '2' });

/** Share between 0 and 1. */
export const share = reading(z.number().min(0).max(1), { expected: 'a number from 0 to 1', sample: '0.1' });

/** What a process may end with. */
export const exitCode = reading(z.int().min(0).max(255), {
  expected: 'an exit code from 0 to 255',
  sample: '0',
  outside: 'for a failure write `1`',
});

/** TCP port. */
export const port = reading(z.int().min(1).max(65_535), { expected: 'a port from 1 to 65535', sample: '8080' });

/** HTTP status. */
export const httpStatus = reading(z.int().min(100).max(599), { expected: 'an HTTP status from 100 to 599', sample: '200' });

/** Signal by its POSIX name. */
export const signal = reading(z.enum(signalNames), {
  text: true,
  expected: 'the name of a signal such as `SIGTERM`',
  sample: 'SIGTERM',
}).meta({ id: 'signal' });

/** Regular expression as JavaScript understands it. */
export const pattern = reading(z.string().min(1).refine(isRegularExpression), {
  text: true,
  loadOnly: true,
  expected: 'a regular expression',
  sample: 'REGEX',
});

/** Any JSON value, read by the rules of YAML 1.2: `5` is a number. */
export const json = reading(z.json(), { free: true, expected: 'a value', sample: 'VALUE' }).meta({ id: 'json' });

/** Any JSON value whose scalars stay the text that was written: `3.10` is text. */
export const textualJson = reading(z.json(), { free: true, text: true, expected: 'a value', sample: 'VALUE' }).meta({ id: 'textual_json' });

function isRegularExpression(source: string): boolean {
  try {
    return new RegExp(source, 'u').unicode;
  } catch {
    return false;
  }
}

/* The leaves that are wanted most often, once each: building a schema is a good part of what starting costs. */

/** A name that is used, or `${{ … }}`. */
export const referenceOrInterpolated = orInterpolated(reference);

/** A length of time, or `${{ … }}`. */
export const durationOrInterpolated = orInterpolated(duration);

/** `true` or `false`, or `${{ … }}`. */
export const flagOrInterpolated = orInterpolated(flag);

/** A longest time, or `${{ … }}`. */
export const longestTimeOrInterpolated = orInterpolated(longestTime);

/** A whole number from 0, or `${{ … }}`. */
export const countOrInterpolated = orInterpolated(count);

/** A whole number from 1, or `${{ … }}`. */
export const positiveCountOrInterpolated = orInterpolated(positiveCount);
