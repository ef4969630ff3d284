import type * as z from 'zod';

/** How the reader treats one schema; kept beside zod, which knows nothing of YAML scalars. */
export interface ReadingRule {
  /** A plain scalar is taken as it is written (`3.10`, `0644`, `true`), at any depth below. */
  readonly text?: boolean;
  /** Text, but a plain `null` is none. */
  readonly orNull?: boolean;
  /** Script of a shell: `${{ }}` in it is refused. */
  readonly shell?: boolean;
  /** Text that nothing expands: `$NAME` in it is a mistake. */
  readonly noShell?: boolean;
  /** Any value: nothing below is checked. */
  readonly free?: boolean;
  /** Names that the user gives: checked for their pattern and for clashes. */
  readonly names?: boolean;
  /** What is wanted, for `expected …`: `a duration such as \`5s\``. */
  readonly expected?: string;
  /** How such a value is written, for hints: `5s`, `NAME`. */
  readonly sample?: string;
  /** What to do about a value of the right kind that no process, run or file can have, where a sample would change what is meant. */
  readonly outside?: string;
  /** Words that somebody may write here in good faith, each with what to do instead. */
  readonly misplaced?: Readonly<Record<string, string>>;
  /** What somebody who writes a mapping in place of this word has to say elsewhere, for hints. */
  readonly beside?: string;
  /** What a bare text in place of this collection was most likely meant to be, for hints. */
  readonly bareForm?: (text: string) => string;
  /** Exactly one of these keys must stand in the mapping. */
  readonly exactlyOne?: readonly string[];
  /** The bare leaf of a value that may also be written as `${{ }}`. */
  readonly leaf?: z.ZodType;
  /** What the mapping is called in messages: `a process`. */
  readonly called?: string;
  /** What only the run knows (`vars`, `item`, `process`) may not stand in its `${{ }}`. */
  readonly loadOnly?: boolean;
  /** What only the run knows may stand in its `${{ }}` although it is no text. */
  readonly atRunTime?: boolean;
  /** In the language, but not built in this version: what is not built, or null for a value that is. */
  readonly notYet?: (value: unknown) => string | null;
  /** What to do about what is not built; without it, to leave it out. */
  readonly instead?: string;
}

const rules = new WeakMap<z.core.$ZodType, ReadingRule>();

/**
 * Attaches a rule to a schema and gives it back, or a clone of it where it has a rule of its own already;
 * clones, such as `describe` and `meta` make them, inherit it.
 */
export function reading<T extends z.ZodType>(schema: T, rule: ReadingRule): T {
  const bearer = rules.has(schema) ? schema.clone() : schema;
  rules.set(bearer, { ...readingRuleOf(schema), ...rule });
  return bearer;
}

const noRule: ReadingRule = {};

/** The rule of a schema or of the one it was cloned from; empty where none was attached. */
export function readingRuleOf(schema: z.core.$ZodType): ReadingRule {
  const own = rules.get(schema);
  if (own !== undefined) return own;
  const parent = schema._zod.parent;
  const inherited = parent === undefined ? noRule : readingRuleOf(parent);
  rules.set(schema, inherited);
  return inherited;
}
