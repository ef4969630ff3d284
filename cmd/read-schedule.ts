import path from 'node:path';
import { exitCodes } from '../src/base/exit-codes.ts';
import { parseJson } from '../src/base/parse-json.ts';
import { err, ok, type Result } from '../src/base/result.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { runSlots } from '../src/engine/engine-options.ts';
import type { Plan } from '../src/plan/plan.ts';
import { slotsOf } from '../src/plan/slots-of.ts';
import { parseSchedule } from '../src/schedule/parse-schedule.ts';
import type { Schedule } from '../src/schedule/schedule.ts';
import { readInputFile } from './read-input.ts';

const maxBytes = 64 * 2 ** 20;

/** Why there is no schedule, and what mpctl ends with. */
export interface ScheduleRefusal {
  readonly finding: Diagnostic;
  readonly exitCode: number;
}

/** Reads the schedule of a file, which is one of this plan. */
export function readSchedule(file: string, workingDir: string, plan: Plan): Result<Schedule, ScheduleRefusal> {
  const read = readInputFile(path.resolve(workingDir, file), maxBytes);
  if (!read.ok) return refused(`the schedule \`${file}\` cannot be read: ${read.error.message}`, exitCodes.environment);
  const json = parseJson(new TextDecoder().decode(read.value));
  const parsed = json.ok ? parseSchedule(json.value) : err('it is not JSON');
  if (!parsed.ok) return refused(`\`${file}\` is no schedule: ${parsed.error}`, exitCodes.usage);
  const slots = plan.pools.flatMap((pool) => slotsOf(pool));
  const known = new Set([...plan.instances, ...plan.pools].map(({ name }) => name).concat(slots));
  const stranger = parsed.value.operations.find(({ instance }) => !known.has(instance));
  if (stranger !== undefined) return refused(`the schedule \`${file}\` is one of another spec: there is no \`${stranger.instance}\` here`, exitCodes.usage);
  const things = new Set([...known, ...plan.instances.map(({ process }) => process), ...[...plan.primitives, ...plan.stdioPipes].map(({ name }) => name), runSlots]);
  const strange = parsed.value.operations.flatMap(({ on }) => on).find((thing) => !things.has(thing));
  if (strange !== undefined) return refused(`the schedule \`${file}\` is one of another spec: there is no \`${strange}\` here`, exitCodes.usage);
  return ok(parsed.value);
}

function refused(message: string, exitCode: number): Result<never, ScheduleRefusal> {
  return err({ finding: makeDiagnostic('MP038', message, { hint: '`mpctl check --format json SPEC > FILE` writes that of a deadlock' }), exitCode });
}
