import type { Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Schedule, ScheduledOperation, ScheduledOutcome, ScheduledVerb } from './schedule.ts';

const verbs: readonly ScheduledVerb[] = ['acquire', 'release', 'set', 'clear', 'wait', 'notify', 'put', 'get', 'close', 'submit', 'take', 'join', 'result', 'abort', 'reset', 'timeout', 'start', 'terminate', 'kill', 'end', 'shutdown', 'program'];
const outcomes: readonly ScheduledOutcome[] = ['done', 'waits', 'ends', 'acts', 'fails'];

/**
 * Reads a schedule: `{"operations": [{"instance": "a", "op": "acquire", "on": ["db"]}, …]}`, or what `mpctl check --format json`
 * says of one spec that can deadlock. An operation without an `outcome` is done. Fails with what is wrong, as a sentence.
 */
export function parseSchedule(document: Json): Result<Schedule, string> {
  const written = scheduleIn(document);
  if (!written.ok) return written;
  const operations = readList(written.value, 'operations', true);
  const waiting = readList(written.value, 'waiting', false);
  if (!operations.ok) return operations;
  if (!waiting.ok) return waiting;
  const endless = fieldOf(written.value, 'endless') ?? [];
  if (!isTexts(endless)) return err('`endless` is no list of instances');
  const stuck = fieldOf(written.value, 'stuck') ?? [];
  if (!isTexts(stuck)) return err('`stuck` is no list of instances');
  return ok({ operations: operations.value, waiting: waiting.value.map(({ instance, op, on }) => ({ instance, op, on })), endless, isWhole: fieldOf(written.value, 'isWhole') === true, ...(stuck.length === 0 ? {} : { stuck }) });
}

/** The part of a document that is the schedule. */
function scheduleIn(document: Json): Result<Json, string> {
  const specs = fieldOf(document, 'specs');
  if (specs === undefined) return ok(fieldOf(document, 'schedule') ?? document);
  const schedules = (isList(specs) ? specs : []).flatMap((spec) => fieldOf(fieldOf(spec, 'deadlock'), 'schedule') ?? []);
  const [first] = schedules;
  if (first === undefined) return err('it is a check that has found no deadlock');
  return schedules.length > 1 ? err('it is a check that has found deadlocks of several specs: check one of them alone') : ok(first);
}

function readList(schedule: Json, name: string, isNeeded: boolean): Result<readonly ScheduledOperation[], string> {
  const written = fieldOf(schedule, name);
  if (written === undefined && !isNeeded) return ok([]);
  if (!isList(written)) return err(`it has no list \`${name}\``);
  const operations: ScheduledOperation[] = [];
  for (const [index, one] of written.entries()) {
    const operation = readOperation(one);
    if (!operation.ok) return err(`of \`${name}\`, number ${String(index + 1)} ${operation.error}`);
    operations.push(operation.value);
  }
  return ok(operations);
}

function readOperation(written: Json): Result<ScheduledOperation, string> {
  const instance = fieldOf(written, 'instance');
  const op = verbs.find((verb) => verb === fieldOf(written, 'op'));
  const on = fieldOf(written, 'on') ?? [];
  const outcome = outcomes.find((word) => word === (fieldOf(written, 'outcome') ?? 'done'));
  if (typeof instance !== 'string') return err('has no `instance`');
  if (op === undefined) return err(`has no \`op\` that is one of ${verbs.join(', ')}`);
  if (!isTexts(on)) return err('has an `on` that is no list of names');
  if (outcome === undefined) return err(`has an \`outcome\` that is none of ${outcomes.join(', ')}`);
  return ok({ instance, op, on, outcome });
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value[name] : undefined;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isTexts(value: Json): value is readonly string[] {
  return isList(value) && value.every((one) => typeof one === 'string');
}
