import { parseDuration } from '../../src/base/duration.ts';
import type { Json } from '../../src/base/json.ts';
import { describeLost, isLost } from '../../src/base/lost-number.ts';
import { parseJson } from '../../src/base/parse-json.ts';
import type { Flag } from './flags.ts';
import { UsageProblem } from './refusal.ts';
import type { Arguments } from './verb.ts';

/** The `timeout_ms` that the flags ask for; undefined waits without limit. */
export function timeoutOf({ switches, values }: Arguments): number | undefined {
  if (switches.has('--no-wait')) return 0;
  const written = values.get('--timeout');
  if (written === undefined) return undefined;
  const timeoutMs = parseDuration(written);
  if (timeoutMs !== null) return timeoutMs;
  const hint = Number.isFinite(Number(written)) && written !== '' ? `write \`--timeout ${written}s\`` : 'write for example `--timeout 2s`';
  throw new UsageProblem(`\`${written}\` is not a duration`, hint);
}

/** The first word: the name of what the verb is about. */
export function nameOf({ words }: Arguments): string {
  return words[0] ?? '';
}

/** An item as it is written: the text itself, or with `--json` what it says. */
export function itemOf({ switches }: Arguments, written: string): Json {
  if (!switches.has('--json')) return written;
  const item = parseJson(written);
  if (item.ok) return item.value;
  if (typeof item.error !== 'string') throw new UsageProblem(describeLost(item.error.lostNumber), null);
  throw new UsageProblem(`\`${written}\` is not JSON`, `a text is \`--json '"${written.replaceAll(/["\\]/gu, '')}"'\`, or without \`--json\``);
}

/** An item as it is printed: a text as it is, the rest as JSON; with `--json` all of it. */
export function printed({ switches }: Arguments, item: Json): string {
  return typeof item === 'string' && !switches.has('--json') ? item : JSON.stringify(item);
}

/** A whole number that a flag or word gives; undefined where it is not there. */
export function wholeOf(what: string, written: string | undefined, least: number): number | undefined {
  if (written === undefined) return undefined;
  const number = Number(written);
  if (written.trim() !== '' && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageProblem(`${what} has to be a whole number from ${String(least)} on, and not \`${written}\``, null);
}

/** A number that a flag or word gives; undefined where it is not there. */
export function numberOf(what: string, written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const number = Number(written);
  if (written.trim() !== '' && Number.isFinite(number) && !isLost(written)) return number;
  if (/^-?\d+(?:e\d+)?$/iu.test(written)) throw new UsageProblem(describeLost(written).replace(/: .*$/u, ''), null);
  throw new UsageProblem(`${what} has to be a number, and not \`${written}\``, null);
}

/** A whole number from 1 on that a flag gives. */
export function countOf({ values }: Arguments, flag: Flag): number | undefined {
  return wholeOf(`\`${flag}\``, values.get(flag), 1);
}
