import { readingRuleOf } from '../../spec/schema/reading.ts';

/** What a value must be once its `${{ }}` are filled in. */
export interface Leaf<T> {
  /** For `expected …`. */
  readonly expected: string;
  /** The value, or undefined where it is none. */
  read(value: unknown): T | undefined;
}

type Schema<T> = Parameters<typeof readingRuleOf>[0] & {
  safeParse(
    value: unknown,
  ): { readonly success: true; readonly data: T } | { readonly success: false };
};

/** A leaf of the spec's own schema. */
export function schemaLeaf<T>(schema: Schema<T>): Leaf<T> {
  return {
    expected: readingRuleOf(schema).expected ?? 'another value',
    read: (value) => {
      const parsed = schema.safeParse(value);
      return parsed.success ? parsed.data : undefined;
    },
  };
}

/** One of a few words. */
export function wordLeaf<const T extends string>(...words: readonly T[]): Leaf<T> {
  return {
    expected: words.map((word) => `\`${word}\``).join(' or '),
    read: (value) => words.find((word) => word === value),
  };
}

/** Either of two kinds of value; the first one that fits. */
export function eitherLeaf<A, B>(first: Leaf<A>, second: Leaf<B>): Leaf<A | B> {
  return {
    expected: `${first.expected} or ${second.expected}`,
    read: (value) => first.read(value) ?? second.read(value),
  };
}
