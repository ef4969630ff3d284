import type { Json } from '../../src/base/json.ts';
import { verbExitCodes } from './refusal.ts';
import { sayRefusal } from './say-refusal.ts';
import { nameOf, timeoutOf } from './values.ts';
import type { Arguments, Verb } from './verb.ts';

/** What a verb prints, without its last newline, and ends with. */
export interface Reply {
  readonly text: string | null;
  readonly exitCode: number;
}

/** A verb that is one request. */
export interface SimpleVerb extends Omit<Verb, 'run'> {
  readonly method: string;
  readonly params: (given: Arguments) => Readonly<Record<string, Json | undefined>>;
  /** What the result comes out as; without it nothing is printed. */
  readonly reply?: (result: Json, given: Arguments) => Reply;
  /** What to do about a refusal, where the verb knows better than the run; null where it does not. */
  readonly hint?: (why: string, given: Arguments) => string | null;
}

/** Prints this and ends with 0. */
export function say(text: string): Reply {
  return { text, exitCode: verbExitCodes.yes };
}

/** Ends with 0 or 1; `--json` prints `true` or `false` as well. */
export function sayWhether(yes: boolean, { switches }: Arguments): Reply {
  return { text: switches.has('--json') ? String(yes) : null, exitCode: yes ? verbExitCodes.yes : verbExitCodes.no };
}

/** Makes a verb of one request. */
export function simpleVerb({ method, params, reply, hint, ...verb }: SimpleVerb): Verb {
  return {
    ...verb,
    run: async (given, world) => {
      const answer = await world.ask(method, params(given));
      if (!answer.ok) return sayRefusal(world, { ...answer.error, hint: hint?.(answer.error.message, given) ?? answer.error.hint });
      const { text, exitCode } = reply?.(answer.value, given) ?? { text: null, exitCode: verbExitCodes.yes };
      if (text !== null) world.write(`${text}\n`);
      return exitCode;
    },
  };
}

/** Makes a verb about one thing of the spec, whose name is its only word. */
export function namedVerb(verb: Omit<SimpleVerb, 'words' | 'params'>): Verb {
  return simpleVerb({
    ...verb,
    words: [1, 1],
    // Nothing is sent of a time that no flag has given.
    params: (given) => ({ name: nameOf(given), timeout_ms: timeoutOf(given) }),
  });
}
