import { invariant } from './invariant.ts';
import { asText } from './as-text.ts';
import type { Json } from './json.ts';
import { err, ok, type Result } from './result.ts';
import { Template, type Expression, type Text } from './template.ts';

/** Says that a name is not known yet, but will be while the run goes on. */
export const later: unique symbol = Symbol('known later');

/** A name that is unset and has nothing behind `||` to stand in. */
export interface UnsetName {
  readonly expression: Expression;
}

/**
 * Completes a text. `lookup` gives the value of a path, or undefined where it is unset; what stands
 * behind `||` takes the place of null and unset. A text that is exactly one expression gives the
 * value with its type; inside other text a string goes in as it is, null as nothing, the rest as JSON.
 */
export function renderTemplate(text: Text, lookup: (path: readonly string[]) => Json | undefined): Result<Json, UnsetName> {
  const filled = substitute(text, lookup);
  if (!filled.ok) return filled;
  const { value } = filled;
  invariant(!(value instanceof Template), 'a lookup that knows every name leaves nothing open');
  return ok(value);
}

/**
 * Fills in what is known and leaves the rest: `lookup` says `later` for what only the run will know.
 * The answer is a Template only where something was left.
 */
export function substitute(
  text: Text,
  lookup: (path: readonly string[]) => Json | undefined | typeof later,
): Result<Json | Template, UnsetName> {
  if (typeof text === 'string') return ok(text);
  const parts: (string | Expression)[] = [];
  for (const part of text.parts) {
    if (typeof part === 'string') {
      append(parts, part);
      continue;
    }
    const value = lookup(part.path);
    if (value === later) {
      parts.push(part);
      continue;
    }
    const known = value ?? part.fallback ?? value;
    if (known === undefined && part.fallback === undefined) return err({ expression: part });
    if (text.parts.length === 1) return ok(known ?? null);
    append(parts, asText(known ?? null));
  }
  const [only = ''] = parts;
  return ok(parts.length <= 1 && typeof only === 'string' ? only : new Template(parts));
}

function append(parts: (string | Expression)[], text: string): void {
  const last = parts.at(-1);
  if (typeof last === 'string') parts[parts.length - 1] = last + text;
  else parts.push(text);
}
