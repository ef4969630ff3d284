import path from 'node:path';
import type { Json } from '../../src/base/json.ts';
import { isList } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import { hasFates } from '../../src/runtime/run-folder/fates-folder.ts';
import type { FoundRun } from '../../src/runtime/run-folder/run-record.ts';
import { hiddenRuns, openRun, runsHere } from './find-run.ts';
import { type Refusal, UsageProblem, verbExitCodes } from './refusal.ts';
import { sayRefusal } from './say-refusal.ts';
import { textTable } from './text-table.ts';
import { lockTable, queueTable, thingText } from './thing-text.ts';
import { listOf, processTable, unitText } from './unit-text.ts';
import { nameOf } from './values.ts';
import type { Arguments, Verb, World } from './verb.ts';

async function ps(given: Arguments, world: World): Promise<number> {
  const { askNow } = openRun(given, world);
  const tables = [
    { key: 'locks', wanted: given.switches.has('--locks'), kinds: ['lock', 'semaphore'], text: lockTable, none: 'the run has no lock and no semaphore' },
    { key: 'queues', wanted: given.switches.has('--queues'), kinds: ['queue'], text: queueTable, none: 'the run has no queue' },
  ].filter(({ wanted }) => wanted);
  const answer = await askNow(tables.length > 0 ? 'run.things' : 'run.look', {});
  if (!answer.ok) return sayRefusal(world, answer.error);
  const { value } = answer;
  const chosen = tables.map(({ key, kinds, text, none }) => {
    const things = (isList(value) ? value : []).filter((thing) => kinds.some((kind) => fieldOf(thing, 'kind') === kind));
    return { key, things, text: things.length > 0 ? text(things) : none };
  });
  if (given.switches.has('--json')) {
    const shown = chosen.length > 0 ? Object.fromEntries(chosen.map(({ key, things }) => [key, things])) : value;
    world.write(`${JSON.stringify(shown)}\n`);
  } else {
    world.write(`${chosen.length > 0 ? chosen.map(({ text }) => text).join('\n\n') : processTable(value)}\n`);
  }
  return verbExitCodes.yes;
}

/** What is said of one process, pool or primitive: how it stands, and who waits for whom. */
async function why(given: Arguments, world: World): Promise<number> {
  const name = nameOf(given);
  const { askNow } = openRun(given, world);
  const state = await askNow('run.look', { name });
  if (!state.ok) return sayRefusal(world, state.error);
  const units = [...listOf(state.value, 'processes'), ...listOf(state.value, 'pools')];
  const meant = units.filter((unit) => fieldOf(unit, 'name') === name || fieldOf(unit, 'process') === name);
  if (meant.length > 0) return tell(given, world, meant, unitText);
  const things = await askNow('run.things', { name });
  if (!things.ok) return isUnknown(things.error) ? refuse(name) : sayRefusal(world, things.error);
  return tell(given, world, isList(things.value) ? things.value : [], thingText);
}

function isUnknown({ kind }: Refusal): boolean {
  return kind === 'not_found';
}

function refuse(name: string): never {
  throw new UsageProblem(`the run has nothing that is called \`${name}\``, '`mpctl ps`, with `--locks` or `--queues`, lists what it has');
}

function tell(given: Arguments, world: World, found: readonly Json[], text: (one: Json) => string): number {
  world.write(given.switches.has('--json') ? `${JSON.stringify(found)}\n` : found.map((one) => `${text(one)}\n`).join(''));
  return verbExitCodes.yes;
}

function runs(given: Arguments, world: World): Promise<number> {
  const found = runsHere(world);
  const hidden = hiddenRuns(world);
  if (hidden !== null) world.complain(`these are not all of the runs: ${hidden}`);
  if (given.switches.has('--json')) {
    world.write(`${JSON.stringify(found.map((run) => ({ ...run.record, folder: run.folder, alive: run.alive, resumable: isResumable(run) })))}\n`);
  } else {
    const rows = found.map((run) => rowOf(run, world));
    world.write(`${textTable(['ID', 'OUTCOME', 'EXIT', 'BEGUN', 'SPEC', 'RESUME', 'FOLDER'], rows)}\n`);
  }
  return Promise.resolve(verbExitCodes.yes);
}

function rowOf(run: FoundRun, { workingDir }: World): readonly string[] {
  const { record, folder, alive } = run;
  return [
    record.id,
    record.end?.outcome ?? (alive ? 'goes on' : 'killed'),
    String(record.end?.exitCode ?? '-'),
    record.begun,
    path.relative(workingDir, record.spec),
    isResumable(run) ? 'yes' : '-',
    folder,
  ];
}

/** Whether there is something left that `mpctl resume` would do. */
function isResumable({ record, folder, alive }: FoundRun): boolean {
  const isDone = record.end?.outcome === 'success' && record.end.leftOut === undefined;
  return !isDone && !(alive && record.end === null) && hasFates(folder);
}

/** Verbs that only look. */
export const seeVerbs: readonly Verb[] = [
  { name: 'ps', takes: '', summary: 'Lists what is in the run: state, process id, and who waits for what; or its locks and semaphores, or its queues.', example: 'mpctl ps --locks --queues', words: [0, 0], flags: ['--locks', '--queues', '--format', '--json', '--run'], run: ps },
  { name: 'why', takes: 'NAME', summary: 'Says what a process or pool waits for, and who has it; or of a lock, queue, event and so on how it stands, who waits there, and who could still wake them.', example: 'mpctl why migrate', words: [1, 1], flags: ['--format', '--json', '--run'], run: why },
  { name: 'runs', takes: '', summary: 'Lists the runs of this folder, how they ended, and which can be resumed.', example: 'mpctl runs', words: [0, 0], flags: ['--format', '--json'], run: runs },
];
