import type { Json } from '../../src/base/json.ts';
import type { Result } from '../../src/base/result.ts';
import type { Refusal } from './refusal.ts';
import type { Flag } from './flags.ts';

/** The arguments of a verb, read. */
export interface Arguments {
  /** What stands there without a flag. */
  readonly words: readonly string[];
  /** What stands behind `--`; null without it. */
  readonly command: readonly string[] | null;
  /** Flags that take nothing. */
  readonly switches: ReadonlySet<Flag>;
  /** Flags that take a value, and it. */
  readonly values: ReadonlyMap<Flag, string>;
}

/** One request to the run: a method of the protocol and its parameters. */
export type Ask = (method: string, params: Readonly<Record<string, Json | undefined>>) => Promise<Result<Json, Refusal>>;

/** What a verb may touch. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly workingDir: string;
  readonly ask: Ask;
  /** Standard output. */
  readonly write: (text: string) => void;
  /** Standard output, as it is; false once nobody reads it any more. */
  readonly print: (bytes: Uint8Array) => Promise<boolean>;
  /** One line on standard error, without `mpctl: `. */
  readonly complain: (line: string) => void;
  /** Standard input as text, in pieces. */
  readonly input: () => AsyncIterable<string>;
}

/** One verb of the command line, such as `event set`. */
export interface Verb {
  readonly name: string;
  /** What it takes, for the help: `QUEUE ITEM…`. */
  readonly takes: string;
  /** One sentence. */
  readonly summary: string;
  readonly example: string;
  /** Fewest and most words. */
  readonly words: readonly [least: number, most: number];
  readonly flags: readonly Flag[];
  /** Whether a command stands behind `--`. */
  readonly command?: boolean;
  /** Does it and gives the exit code. */
  readonly run: (given: Arguments, world: World) => Promise<number>;
}

/** Verbs that begin with the same word. */
export interface VerbGroup {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly Verb[];
}
