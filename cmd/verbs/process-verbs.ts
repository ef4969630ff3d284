import { asText } from '../../src/base/as-text.ts';
import type { Json } from '../../src/base/json.ts';
import { isList } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import { verbExitCodes } from './refusal.ts';
import { sayRefusal } from './say-refusal.ts';
import { namedVerb, say, sayWhether, simpleVerb } from './simple-verb.ts';
import { textTable } from './text-table.ts';
import { nameOf } from './values.ts';
import type { Arguments, VerbGroup, World } from './verb.ts';

const columns = ['name', 'state', 'pid', 'exitcode'] as const;

/** A table for people; what is not there is `-`. */
function tableOf(list: Json): string {
  const rows = (isList(list) ? list : []).map((row) => columns.map((column) => asText(fieldOf(row, column) ?? '-')));
  return textTable(columns.map((column) => column.toUpperCase()), rows);
}

async function isAlive(given: Arguments, world: World): Promise<number> {
  const name = nameOf(given);
  const answer = await world.ask('process.list', {});
  if (!answer.ok) return sayRefusal(world, answer.error);
  const instances = (isList(answer.value) ? answer.value : []).filter((row) => fieldOf(row, 'name') === name || fieldOf(row, 'process') === name);
  if (instances.length === 0) {
    world.complain(`the run has no process \`${name}\` (\`mpctl process ls\` lists them)`);
    return verbExitCodes.usage;
  }
  const { text, exitCode } = sayWhether(instances.some((row) => fieldOf(row, 'is_alive') === true), given);
  if (text !== null) world.write(`${text}\n`);
  return exitCode;
}

/** `mpctl process …`. */
export const processVerbs: VerbGroup = {
  name: 'process',
  summary: 'Lists, starts and ends the processes of the run.',
  verbs: [
    simpleVerb({
      name: 'ls',
      takes: '',
      summary: 'Lists every instance with its state, process id and exit code.',
      example: 'mpctl process ls --json',
      words: [0, 0],
      flags: ['--json'],
      method: 'process.list',
      params: () => ({}),
      reply: (list, given) => say(given.switches.has('--json') ? JSON.stringify(list) : tableOf(list)),
    }),
    namedVerb({
      name: 'start',
      takes: 'PROCESS',
      summary: 'Starts it, a pool too, where it has `autostart: false` or has ended.',
      example: 'mpctl process start extra',
      flags: [],
      method: 'process.start',
    }),
    namedVerb({
      name: 'join',
      takes: 'PROCESS',
      summary: 'Waits until it has ended for good; `--json` prints the exit codes of its instances.',
      example: 'mpctl process join extra --timeout 1m',
      flags: ['--timeout', '--no-wait', '--json'],
      method: 'process.join',
      reply: (answer, given) => ({ text: given.switches.has('--json') ? JSON.stringify(answer) : null, exitCode: verbExitCodes.yes }),
    }),
    namedVerb({
      name: 'terminate',
      takes: 'PROCESS',
      summary: 'Ends it with its stop signal and, after its grace period, SIGKILL.',
      example: 'mpctl process terminate extra',
      flags: [],
      method: 'process.terminate',
    }),
    namedVerb({
      name: 'kill',
      takes: 'PROCESS',
      summary: 'Ends it with SIGKILL.',
      example: 'mpctl process kill extra',
      flags: [],
      method: 'process.kill',
    }),
    {
      name: 'is-alive',
      takes: 'PROCESS',
      summary: 'Ends with 0 where one of its instances is alive, and with 1 where none is.',
      example: 'while mpctl process is-alive extra; do …; done',
      words: [1, 1],
      flags: ['--json'],
      run: isAlive,
    },
  ],
};
