import type { Json } from '../../src/base/json.ts';
import { asText } from '../../src/base/as-text.ts';
import { describeWait } from '../../src/report/describe-wait.ts';
import { isList } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import { momentNames } from '../../src/protocol/call.ts';
import { openRun, runsHere } from './find-run.ts';
import { readWait } from './read-wait.ts';
import { UsageProblem, verbExitCodes } from './refusal.ts';
import { sayRefusal } from './say-refusal.ts';
import { textTable } from './text-table.ts';
import { nameOf, timeoutOf } from './values.ts';
import type { Arguments, Verb, World } from './verb.ts';

/** A verb that is one request to the run, and prints nothing. */
function request(
  verb: Omit<Verb, 'run'>,
  method: string,
  params: (given: Arguments) => Readonly<Record<string, Json | undefined>>,
): Verb {
  return {
    ...verb,
    run: async (given, world) => {
      const answer = await openRun(given, world).ask(method, params(given));
      return answer.ok ? verbExitCodes.yes : sayRefusal(world, answer.error);
    },
  };
}

/** What something waits for, as one text; empty where it waits for nothing. */
function waitsOf(unit: Json): string {
  const waits = fieldOf(unit, 'waits');
  return (isList(waits) ? waits : []).flatMap((wait) => readWait(wait) ?? []).map(describeWait).join('; ');
}

function listOf(value: Json, key: string): readonly Json[] {
  const list = fieldOf(value, key);
  return isList(list) ? list : [];
}

function cell(row: Json, key: string): string {
  return asText(fieldOf(row, key) ?? '-');
}

function processTable(state: Json): string {
  const processes = listOf(state, 'processes').map((row) => [
    ...['name', 'state', 'pid', 'exitcode', 'attempt'].map((key) => cell(row, key)),
    waitsOf(row),
  ]);
  const pools = listOf(state, 'pools').map((row) => [
    cell(row, 'name'),
    cell(row, 'state'),
    '-',
    '-',
    '-',
    [`${cell(row, 'succeeded')} of ${cell(row, 'tasks')} tasks succeeded, ${cell(row, 'failed')} failed, ${cell(row, 'running')} running`, waitsOf(row)]
      .filter((text) => text !== '')
      .join('; '),
  ]);
  return textTable(['NAME', 'STATE', 'PID', 'EXITCODE', 'ATTEMPT', 'WAITS FOR'], [...processes, ...pools]);
}

async function ps(given: Arguments, world: World): Promise<number> {
  const answer = await openRun(given, world).ask('run.look', {});
  if (!answer.ok) return sayRefusal(world, answer.error);
  world.write(`${given.switches.has('--json') ? JSON.stringify(answer.value) : processTable(answer.value)}\n`);
  return verbExitCodes.yes;
}

/** What is said of one instance or pool: its state, and each of its waits on a line. */
async function why(given: Arguments, world: World): Promise<number> {
  const name = nameOf(given);
  const answer = await openRun(given, world).ask('run.look', {});
  if (!answer.ok) return sayRefusal(world, answer.error);
  const units = [...listOf(answer.value, 'processes'), ...listOf(answer.value, 'pools')];
  const meant = units.filter((unit) => fieldOf(unit, 'name') === name || fieldOf(unit, 'process') === name);
  if (meant.length === 0) throw new UsageProblem(`the run has no process and no pool \`${name}\``, '`mpctl ps` lists them');
  if (given.switches.has('--json')) {
    world.write(`${JSON.stringify(meant)}\n`);
    return verbExitCodes.yes;
  }
  for (const unit of meant) {
    const waits = waitsOf(unit);
    world.write(`${cell(unit, 'name')} is ${cell(unit, 'state')}${waits === '' ? ', and waits for nothing' : `: waiting for ${waits}`}\n`);
  }
  return verbExitCodes.yes;
}

function runs(given: Arguments, world: World): Promise<number> {
  const found = runsHere(world);
  if (given.switches.has('--json')) {
    world.write(`${JSON.stringify(found.map(({ record, folder, alive }) => ({ ...record, folder, alive })))}\n`);
  } else {
    const rows = found.map(({ record, folder, alive }) => [
      record.id,
      record.end?.outcome ?? (alive ? 'goes on' : 'killed'),
      String(record.end?.exitCode ?? '-'),
      record.begun,
      folder,
    ]);
    world.write(`${textTable(['ID', 'OUTCOME', 'EXIT', 'BEGUN', 'FOLDER'], rows)}\n`);
  }
  return Promise.resolve(verbExitCodes.yes);
}

/** Without a name the whole run is stopped, as by Ctrl-C: `finally` runs, and mpctl dies of SIGTERM. */
async function stop(given: Arguments, world: World): Promise<number> {
  const { run, ask } = openRun(given, world);
  const [name] = given.words;
  if (name === undefined) {
    process.kill(run.record.pid, 'SIGTERM');
    return verbExitCodes.yes;
  }
  const answer = await ask('process.terminate', { name });
  return answer.ok ? verbExitCodes.yes : sayRefusal(world, answer.error);
}

function momentOf({ values }: Arguments): string {
  const moment = values.get('--for') ?? 'ready';
  if (momentNames.some((known) => known === moment)) return moment;
  throw new UsageProblem(`\`${moment}\` is no moment`, `one of ${momentNames.join(', ')}`);
}

/** Verbs for a run that goes on, from another terminal. */
export const operatorVerbs: readonly Verb[] = [
  { name: 'ps', takes: '', summary: 'Lists what is in the run: state, process id, and who waits for what.', example: 'mpctl ps', words: [0, 0], flags: ['--json', '--run'], run: ps },
  { name: 'why', takes: 'NAME', summary: 'Says what a process or pool waits for, and who has it.', example: 'mpctl why migrate', words: [1, 1], flags: ['--json', '--run'], run: why },
  { name: 'runs', takes: '', summary: 'Lists the runs of this folder and how they ended.', example: 'mpctl runs', words: [0, 0], flags: ['--json'], run: runs },
  request(
    { name: 'wait', takes: 'NAME', summary: 'Waits for a moment of a process or pool (`ready`).', example: 'mpctl wait server --for ready --timeout 30s', words: [1, 1], flags: ['--for', '--timeout', '--run'] },
    'process.await',
    (given) => ({ name: nameOf(given), moment: momentOf(given), timeout_ms: timeoutOf(given) }),
  ),
  { name: 'stop', takes: '[NAME]', summary: 'Stops a process for good, or the whole run as Ctrl-C does.', example: 'mpctl stop server', words: [0, 1], flags: ['--run'], run: stop },
  request(
    { name: 'start', takes: 'NAME', summary: 'Starts a process with `autostart: false`, or one that has ended.', example: 'mpctl start extra', words: [1, 1], flags: ['--run'] },
    'process.start',
    (given) => ({ name: nameOf(given) }),
  ),
  request(
    { name: 'restart', takes: 'NAME', summary: 'Ends the attempt that runs and begins the next at once.', example: 'mpctl restart server', words: [1, 1], flags: ['--run'] },
    'process.restart',
    (given) => ({ name: nameOf(given) }),
  ),
  request(
    { name: 'signal', takes: 'NAME SIGNAL', summary: 'Sends a signal to the running command of a process.', example: 'mpctl signal server SIGHUP', words: [2, 2], flags: ['--run'] },
    'process.signal',
    (given) => ({ name: nameOf(given), signal: given.words[1] ?? '' }),
  ),
];
