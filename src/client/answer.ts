import type { Json } from '../base/json.ts';
import { UnexpectedAnswer } from './errors.ts';
import { isList, isRecord } from '../base/json-type.ts';

/** @throws UnexpectedAnswer where it is no number. */
export function numberOf(value: Json | undefined): number {
  if (typeof value === 'number') return value;
  throw unexpected('a number', value);
}

/** @throws UnexpectedAnswer where it is no text. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw unexpected('a text', value);
}

/** @throws UnexpectedAnswer where it is neither true nor false. */
export function truthOf(value: Json | undefined): boolean {
  if (typeof value === 'boolean') return value;
  throw unexpected('true or false', value);
}

/** @throws UnexpectedAnswer where it is no list. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (isList(value)) return value;
  throw unexpected('a list', value);
}

/** A number, or null where it is null or not there. */
export function numberOrNull(value: Json | undefined): number | null {
  return value === null || value === undefined ? null : numberOf(value);
}

/**
 * The fields of an object, all read in the same way.
 *
 * @throws UnexpectedAnswer where it is no object.
 */
export function fieldsOf<T>(value: Json | undefined, read: (field: Json) => T): Readonly<Record<string, T>> {
  if (!isRecord(value)) throw unexpected('an object', value);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, read(field)]));
}

function unexpected(wanted: string, found: Json | undefined): UnexpectedAnswer {
  return new UnexpectedAnswer('unexpected_answer', `the run was to answer with ${wanted}, and not with ${JSON.stringify(found) ?? 'nothing'}`);
}
