import * as z from 'zod';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { LeafShape } from './shape.ts';
import { foreignValues } from './foreign-words.ts';

/** Why a scalar is not what is wanted: the two halves of a sentence, and the way out. */
export interface LeafProblem {
  /** `a duration with its unit, such as …`. */
  readonly expected: string;
  readonly hint: string | null;
}

/** What a scalar was meant to be, by the alternatives it could have been. */
export function leafProblem(leaves: readonly LeafShape[], written: string, isText: boolean): LeafProblem {
  const expected = [...new Set(leaves.map((leaf) => `${expectationOf(leaf)}${isTooLarge(leaf, written) ? ` up to ${largest}` : ''}`))].join(' or ');
  const hint = leaves.map((leaf) => hintFor(leaf, written, isText)).find((each) => each !== null) ?? outsideHint(leaves, written);
  return { expected, hint };
}

/** Beyond this a number loses its last digits, here as in every program that reads JSON. */
const largest = Number.MAX_SAFE_INTEGER;

/** Whether the only thing wrong with a whole number is that it is larger than any number that can be counted to. */
function isTooLarge(leaf: LeafShape, written: string): boolean {
  return /^\d+$/.test(written) && Number(written) > largest && passes(leaf, largest);
}

/** Of a number that has the wrong size, and of a time of zero. */
function outsideHint(leaves: readonly LeafShape[], written: string): string | null {
  if (!/^-?\d/.test(written)) return null;
  const isNone = /^[0.a-z]+$/.test(written);
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(written);
  return isNone || isNumber ? (leaves.find(({ rule }) => rule.outside !== undefined)?.rule.outside ?? null) : null;
}

/** What a leaf takes, in words. */
export function expectationOf({ schema, rule, isNull }: LeafShape): string {
  if (rule.expected !== undefined) return rule.expected;
  if (isNull) return 'no value';
  const values = valuesOf(schema);
  if (values.length === 0) return '`true` or `false`';
  const quoted = values.map((value) => `\`${String(value)}\``);
  return quoted.length === 1 ? quoted.join('') : `one of ${quoted.join(', ')}`;
}

function valuesOf(schema: z.core.$ZodType): readonly z.core.util.Primitive[] {
  return [...(schema._zod.values ?? [])];
}

/** The numbers that mean the same signal everywhere. */
const signalNumbers: Readonly<Record<string, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  9: 'SIGKILL',
  15: 'SIGTERM',
};

function hintFor(leaf: LeafShape, written: string, isText: boolean): string | null {
  const { misplaced } = leaf.rule;
  if (misplaced !== undefined && Object.hasOwn(misplaced, written)) return misplaced[written] ?? null;
  const corrections = correctionsOf(written, valuesOf(leaf.schema).length > 0);
  const corrected = corrections.find((each) => (each !== written || isText) && passes(leaf, each));
  if (corrected !== undefined) return `write \`${corrected}\`${String(corrected) === written ? ' without quotes' : ''}`;
  const values = valuesOf(leaf.schema).map(String);
  const meant = values.length === 0 ? null : didYouMean(written, values);
  return meant === null || meant === written ? null : `did you mean \`${meant}\`?`;
}

/** What a scalar was perhaps meant to be, the likeliest first; `isWord` where one of a few words is wanted. */
function correctionsOf(written: string, isWord: boolean): readonly (string | number | boolean)[] {
  const isNumber = /^\d+(?:\.\d+)?$/.test(written);
  const signal = signalNumbers[written];
  const foreign = foreignValues.get(written);
  const upper = written.toUpperCase();
  return [
    ...(isNumber ? [`${written}s`, `${written}B`, `${written}%`, Math.min(Number(written), largest)] : []),
    ...(/^\d.*\d$/.test(written) ? [`${written}s`] : []),
    ...(signal === undefined ? [] : [signal]),
    ...(isWord ? [`SIG${upper}`, upper] : []),
    ...(/^\d/.test(written) ? [upper, upper.replace(/(?<=[KMG])I?B$/, ''), written.replaceAll(/\s+/g, ''), durationOf(written), inOrder(durationOf(written))] : []),
    ...(/^(?:yes|on|y|true)$/i.test(written) ? [true] : []),
    ...(/^(?:no|off|n|false)$/i.test(written) ? [false] : []),
    ...(foreign === undefined ? [] : [foreign]),
  ];
}

/** `5 minutes` and `10sec` as mpctl writes them. */
function durationOf(written: string): string {
  return written
    .toLowerCase()
    .replaceAll(/\s+|,|and/g, '')
    .replaceAll(/(?<=\d)(?:milliseconds?|millis|msecs?)/g, 'ms')
    .replaceAll(/(?<=\d)(?:seconds?|secs?)/g, 's')
    .replaceAll(/(?<=\d)(?:minutes?|mins?)/g, 'm')
    .replaceAll(/(?<=\d)(?:hours?|hrs?)/g, 'h');
}

/** `5m1h` with its longest unit first. */
function inOrder(written: string): string {
  const units = ['h', 'm', 's', 'ms'];
  const parts = written.match(/[\d.]+[a-z]+/g) ?? [];
  const rankOf = (part: string): number => units.indexOf(part.replace(/^[\d.]+/, ''));
  return parts.toSorted((left, right) => rankOf(left) - rankOf(right)).join('');
}

/** Whether a scalar is what a leaf takes. */
export function passes(leaf: LeafShape, value: unknown): boolean {
  return z.safeParse(leaf.schema, value).success;
}
