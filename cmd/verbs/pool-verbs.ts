import { asText } from '../../src/base/as-text.ts';
import { isList } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import { itemsGiven } from './items-given.ts';
import { verbExitCodes } from './refusal.ts';
import { sayRefusal } from './say-refusal.ts';
import { namedVerb } from './simple-verb.ts';
import { nameOf, printed, timeoutOf, wholeOf } from './values.ts';
import type { Arguments, VerbGroup, World } from './verb.ts';

async function submit(given: Arguments, world: World): Promise<number> {
  for await (const items of itemsGiven(given, world)) {
    const answer = await world.ask('pool.submit', { name: nameOf(given), items });
    if (!answer.ok) return sayRefusal(world, answer.error);
    const tasks = fieldOf(answer.value, 'tasks');
    if (isList(tasks)) world.write(`${tasks.map(asText).join('\n')}\n`);
  }
  return verbExitCodes.yes;
}

async function result(given: Arguments, world: World): Promise<number> {
  const task = wholeOf('a task', given.words[1], 0);
  const answer = await world.ask('pool.result', { name: nameOf(given), task, timeout_ms: timeoutOf(given) });
  if (!answer.ok) return sayRefusal(world, answer.error);
  const fate = fieldOf(answer.value, 'fate');
  const value = fieldOf(answer.value, 'value');
  if (given.switches.has('--json')) world.write(`${JSON.stringify(answer.value)}\n`);
  else if (fate === 'succeeded') world.write(`${printed(given, value ?? null)}\n`);
  if (fate === 'succeeded') return verbExitCodes.yes;
  const why = fieldOf(answer.value, 'why');
  world.complain(`task ${String(task)} of \`${nameOf(given)}\` has the fate ${asText(fate ?? null)}${typeof why === 'string' ? `: ${why}` : ''}`);
  return verbExitCodes.no;
}

/** `mpctl pool …`. */
export const poolVerbs: VerbGroup = {
  name: 'pool',
  summary: 'Submits tasks to pools and fetches their results.',
  verbs: [
    {
      name: 'submit',
      takes: 'POOL ITEM…|-',
      summary: 'Submits tasks and prints their numbers; `-` submits every line of standard input as it comes.',
      example: 'task=$(mpctl pool submit hash README.md)',
      words: [2, Infinity],
      flags: ['--json'],
      run: submit,
    },
    {
      name: 'result',
      takes: 'POOL TASK',
      summary: 'Waits for a task and prints its value; ends with 1 where it did not succeed.',
      example: 'mpctl pool result hash "$task" --timeout 10s',
      words: [2, 2],
      flags: ['--timeout', '--no-wait', '--json'],
      run: result,
    },
    namedVerb({
      name: 'close',
      takes: 'POOL',
      summary: 'This instance submits no more; others may.',
      example: 'mpctl pool close hash',
      flags: [],
      method: 'pool.close',
    }),
    namedVerb({
      name: 'terminate',
      takes: 'POOL',
      summary: 'Ends its workers, and cancels the tasks that have no fate yet.',
      example: 'mpctl pool terminate hash',
      flags: [],
      method: 'pool.terminate',
    }),
    namedVerb({
      name: 'join',
      takes: 'POOL',
      summary: 'Waits until it has ended.',
      example: 'mpctl pool join hash --timeout 1m',
      flags: ['--timeout', '--no-wait'],
      method: 'pool.join',
    }),
  ],
};
