import type { Json } from '../../src/base/json.ts';
import { isList } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import { itemsGiven } from './items-given.ts';
import { verbExitCodes } from './refusal.ts';
import { sayRefusal } from './say-refusal.ts';
import { namedVerb, say, simpleVerb } from './simple-verb.ts';
import { countOf, nameOf, numberOf, printed, timeoutOf } from './values.ts';
import type { Arguments, VerbGroup, World } from './verb.ts';

async function putAll(given: Arguments, world: World): Promise<number> {
  const timeoutMs = timeoutOf(given);
  const priority = numberOf('`--priority`', given.values.get('--priority'));
  let total = 0;
  for await (const items of itemsGiven(given, world)) {
    const answer = await world.ask('queue.put', { name: nameOf(given), items, priority, timeout_ms: timeoutMs });
    if (!answer.ok) return sayRefusal(world, answer.error);
    const done = putOf(answer.value);
    total += done;
    if (done < items.length) {
      const why = timeoutMs === 0 ? 'had room at once' : 'could be put before the time was over';
      world.complain(`only the first ${String(total)} items ${why}`);
      return timeoutMs === 0 ? verbExitCodes.no : verbExitCodes.timeout;
    }
  }
  return verbExitCodes.yes;
}

function putOf(answer: Json): number {
  const put = fieldOf(answer, 'put');
  return typeof put === 'number' ? put : 0;
}

function itemsIn(answer: Json): readonly Json[] {
  const items = fieldOf(answer, 'items');
  return isList(items) ? items : [];
}

/** `mpctl queue …`. */
export const queueVerbs: VerbGroup = {
  name: 'queue',
  summary: 'Puts items into queues and gets them out.',
  verbs: [
    {
      name: 'put',
      takes: 'QUEUE ITEM…|-',
      summary: 'Puts items, waiting for room; `-` puts every line of standard input as it comes.',
      example: 'find . -name "*.c" | mpctl queue put work -',
      words: [2, Infinity],
      flags: ['--timeout', '--no-wait', '--priority', '--json'],
      run: putAll,
    },
    simpleVerb({
      name: 'get',
      takes: 'QUEUE',
      summary: 'Takes an item, waiting for it, and prints it; ends with 3 at the end of stream.',
      example: 'while item=$(mpctl queue get work); do echo "$item"; done',
      words: [1, 1],
      flags: ['--timeout', '--no-wait', '--max', '--json'],
      method: 'queue.get',
      params: (given) => ({ name: nameOf(given), max: countOf(given, '--max'), timeout_ms: timeoutOf(given) }),
      reply: (answer, given) => say(itemsIn(answer).map((item) => printed(given, item)).join('\n')),
    }),
    namedVerb({
      name: 'size',
      takes: 'QUEUE',
      summary: 'Prints how many items are waiting; with `--json` all that is known about it.',
      example: 'mpctl queue size work',
      flags: ['--json'],
      method: 'queue.look',
      reply: (state, given) => say(JSON.stringify(given.switches.has('--json') ? state : fieldOf(state, 'size'))),
    }),
    namedVerb({
      name: 'close',
      takes: 'QUEUE',
      summary: 'This instance puts no more; others may.',
      example: 'mpctl queue close work',
      flags: [],
      method: 'queue.close',
    }),
    namedVerb({
      name: 'task-done',
      takes: 'QUEUE',
      summary: 'The oldest item that this instance has in hand is done.',
      example: 'mpctl queue task-done work',
      flags: [],
      method: 'queue.task_done',
    }),
    namedVerb({
      name: 'join',
      takes: 'QUEUE',
      summary: 'Waits until every item that was put is done.',
      example: 'mpctl queue join work --timeout 1m',
      flags: ['--timeout', '--no-wait'],
      method: 'queue.join',
    }),
  ],
};
