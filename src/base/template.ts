import type { Json } from './json.ts';

/** One `${{ … }}`: a dotted path such as `vars.line`, with what stands in for null or unset. */
export interface Expression {
  /** The text between the braces, trimmed, for messages. */
  readonly source: string;
  /** `vars.line` is `['vars', 'line']`. */
  readonly path: readonly string[];
  /** The value behind `||`; `undefined` where there is none, and then an unset name is an error. */
  readonly fallback: Json | undefined;
}

/**
 * A text with `${{ … }}` in it that can only be completed while the run goes on. A value that is
 * exactly one expression keeps the type of what it names; inside other text a string goes in as it
 * is, null as nothing and everything else as JSON.
 */
export class Template {
  readonly parts: readonly (string | Expression)[];

  constructor(parts: readonly (string | Expression)[]) {
    this.parts = parts;
  }
}

/** A text that may still have to be completed while the run goes on. */
export type Text = string | Template;

/** A JSON value whose texts may still have to be completed while the run goes on. */
export type JsonTemplate =
  | Template
  | null
  | boolean
  | number
  | string
  | readonly JsonTemplate[]
  | { readonly [key: string]: JsonTemplate };
