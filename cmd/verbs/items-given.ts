import type { Json } from '../../src/base/json.ts';
import { linesOf } from './lines-of-input.ts';
import { itemOf } from './values.ts';
import type { Arguments, World } from './verb.ts';

/**
 * The items behind the first word, in lists to ask with: those that stand there or, for `-`, the lines
 * of standard input as they come.
 */
export async function* itemsGiven(given: Arguments, { input }: World): AsyncGenerator<readonly Json[], void, undefined> {
  const [, ...written] = given.words;
  if (written.length !== 1 || written[0] !== '-') {
    yield written.map((text) => itemOf(given, text));
    return;
  }
  for await (const lines of linesOf(input())) yield lines.map((line) => itemOf(given, line));
}
