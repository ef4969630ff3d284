import { itemsGiven } from './items-given.ts';
import { verbExitCodes } from './refusal.ts';
import { sayRefusal } from './say-refusal.ts';
import { namedVerb, say, sayWhether, simpleVerb } from './simple-verb.ts';
import { nameOf, printed, timeoutOf } from './values.ts';
import type { Arguments, VerbGroup, World } from './verb.ts';

async function send(given: Arguments, world: World): Promise<number> {
  for await (const items of itemsGiven(given, world)) {
    for (const item of items) {
      const answer = await world.ask('pipe.send', { name: nameOf(given), item, timeout_ms: timeoutOf(given) });
      if (!answer.ok) return sayRefusal(world, answer.error);
    }
  }
  return verbExitCodes.yes;
}

/** `mpctl pipe …`. */
export const pipeVerbs: VerbGroup = {
  name: 'pipe',
  summary: 'Sends and receives messages over pipes.',
  verbs: [
    {
      name: 'send',
      takes: 'PIPE MESSAGE…|-',
      summary: 'Sends messages, waiting for room; `-` sends every line of standard input as it comes.',
      example: 'mpctl pipe send link hello',
      words: [2, Infinity],
      flags: ['--timeout', '--no-wait', '--json'],
      run: send,
    },
    namedVerb({
      name: 'recv',
      takes: 'PIPE',
      summary: 'Takes a message, waiting for it, and prints it; ends with 3 at the end of stream.',
      example: 'answer=$(mpctl pipe recv link --timeout 2s)',
      flags: ['--timeout', '--no-wait', '--json'],
      method: 'pipe.recv',
      reply: (message, given) => say(printed(given, message)),
    }),
    simpleVerb({
      name: 'poll',
      takes: 'PIPE',
      summary: 'Ends with 0 where a message or the end of stream is there, and with 1 where neither is, at once or, with `--timeout`, in its time.',
      example: 'if mpctl pipe poll link --timeout 2s; then …; fi',
      words: [1, 1],
      flags: ['--timeout', '--json'],
      method: 'pipe.poll',
      params: (given) => ({ name: nameOf(given), timeout_ms: timeoutOf(given) ?? 0 }),
      reply: (isThere, given) => sayWhether(isThere === true, given),
    }),
    namedVerb({
      name: 'close',
      takes: 'PIPE',
      summary: "Closes this instance's end.",
      example: 'mpctl pipe close link',
      flags: [],
      method: 'pipe.close',
    }),
  ],
};
