import { asText } from '../../src/base/as-text.ts';
import type { Json } from '../../src/base/json.ts';
import { isList } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import { describeStop } from '../../src/report/describe-stop.ts';
import { describeWait } from '../../src/report/describe-wait.ts';
import { formatDuration } from '../../src/report/format-duration.ts';
import { readWait } from './read-wait.ts';
import { textTable } from './text-table.ts';

/** A list in an answer; empty where there is none. */
export function listOf(value: Json | undefined, key: string): readonly Json[] {
  const list = fieldOf(value, key);
  return isList(list) ? list : [];
}

/** A field of a row as a table shows it. */
export function cell(row: Json, key: string): string {
  return asText(fieldOf(row, key) ?? '-');
}

/** What something waits for, as one text; empty where it waits for nothing. */
function waitsOf(unit: Json): string {
  return listOf(unit, 'waits').flatMap((wait) => readWait(wait) ?? []).map(describeWait).join('; ');
}

/** With what it is being stopped, as a clause; empty where it is not. */
function stopOf(unit: Json): string {
  const stopping = fieldOf(unit, 'stopping');
  const signal = fieldOf(stopping, 'signal');
  const leftMs = fieldOf(stopping, 'next_in_ms');
  if (typeof signal !== 'string') return '';
  // Nothing follows where it has ended, and only its output is still to come.
  return ` with ${typeof leftMs === 'number' || signal === 'command' ? describeStop(signal, Number(leftMs ?? 0)) : signal}`;
}

/** Why it does not go on: what it waits for, or how it is being stopped; empty where it goes on. */
function standstillOf(unit: Json): string {
  const isStopping = cell(unit, 'state') === 'stopping';
  return isStopping ? `its end: being stopped${stopOf(unit)}` : waitsOf(unit);
}

/** Everything that lives in the run, a line each. */
export function processTable(state: Json): string {
  const processes = listOf(state, 'processes').map((row) => [
    ...['name', 'state'].map((key) => cell(row, key)),
    sinceOf(row),
    ...['pid', 'exitcode', 'attempt'].map((key) => cell(row, key)),
    standstillOf(row),
  ]);
  const pools = listOf(state, 'pools').flatMap((row) => [poolRow(row), ...listOf(row, 'slots').map(slotRow)]);
  return textTable(['NAME', 'STATE', 'FOR', 'PID', 'EXITCODE', 'ATTEMPT', 'WAITS FOR'], [...processes, ...pools]);
}

function poolRow(row: Json): readonly string[] {
  return [
    cell(row, 'name'),
    cell(row, 'state'),
    sinceOf(row),
    '-',
    '-',
    '-',
    [`${cell(row, 'succeeded')} of ${cell(row, 'tasks')} tasks succeeded, ${cell(row, 'failed')} failed, ${cell(row, 'running')} running`, standstillOf(row)]
      .filter((text) => text !== '')
      .join('; '),
  ];
}

/** What lives in one slot of a pool, under the pool. */
function slotRow(slot: Json): readonly string[] {
  const task = fieldOf(slot, 'task');
  const name = typeof task === 'string' ? `${cell(slot, 'name')}: ${task}` : cell(slot, 'name');
  return [`  ${name}`, cell(slot, 'state'), sinceOf(slot), cell(slot, 'pid'), '-', cell(slot, 'attempt'), waitsOf(slot)];
}

/** How long it has been in its state. */
function sinceOf(row: Json): string {
  const forMs = fieldOf(row, 'for_ms');
  return typeof forMs === 'number' ? formatDuration(forMs) : '-';
}

/** What has ended waits for nothing. */
const standings: ReadonlyMap<string, string> = new Map([
  ['succeeded', 'has succeeded'],
  ['failed', 'has failed'],
  ['stopped', 'was stopped'],
  ['skipped', 'was skipped'],
]);

/** One of them with all that it waits for, as a line. */
export function unitText(unit: Json): string {
  const waits = waitsOf(unit);
  const state = cell(unit, 'state');
  if (waits !== '' && state === 'waiting') return `${cell(unit, 'name')} is waiting for ${waits}`;
  const standing = standings.get(state);
  if (standing !== undefined) return `${cell(unit, 'name')} ${standing}`;
  if (state === 'stopping') return `${cell(unit, 'name')} is being stopped${stopOf(unit)}: ${cell(fieldOf(unit, 'stopping') ?? null, 'why')}`;
  if (state === 'idle') return `${cell(unit, 'name')} is idle, and ${comesLast(unit) ? 'runs when all else has ended' : 'nothing has started it'}`;
  return `${cell(unit, 'name')} is ${state}, and waits for ${waits === '' ? 'nothing' : waits}`;
}

function comesLast(unit: Json): boolean {
  return fieldOf(unit, 'kind') === 'finally' && fieldOf(unit, 'autostart') !== false;
}
