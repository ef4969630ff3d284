import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanOverrides } from '../../plan/build/plan-overrides.ts';
import type { ContainmentLevel } from '../containment/containment.ts';
import { ownPidSpace } from '../processes/pid-space.ts';
import { processIsAlive, readProcess } from '../processes/process-table.ts';

/** The name of the record in the folder of its run. */
export const recordName = 'run.json';

/** A process for good: pids are used again, and each PID namespace has its own. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly pidSpace: string;
}

/** What a run says about itself in its folder, for commands from another terminal. */
export interface RunRecord {
  readonly id: string;
  /** Of the plan. */
  readonly name: string;
  /** Absolute path of the spec. */
  readonly spec: string;
  readonly pid: number;
  /** Start time of that process; with the pid it identifies mpctl for good. */
  readonly startTime: string;
  /** Where `pid` is that process, and its workers can be seen; left out in the records of older versions. */
  readonly pidSpace?: string;
  /** The mpctl in a PID namespace that runs in place of that one, as it is seen in there; left out where there is none. */
  readonly inside?: ProcessIdentity;
  /** By what its processes are found; left out in the records of older versions. */
  readonly containment?: ContainmentLevel;
  /** Absolute folder of its own cgroup; left out where it has none. */
  readonly cgroup?: string;
  /** ISO 8601, UTC. */
  readonly begun: string;
  /** The instances of each process and the slots of each pool, as their logs are called. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** What was asked for, for a run that goes on from this one; left out in the records of older versions. */
  readonly request?: RunRequest | null;
  /** Last, where the guardian of a killed mpctl looks for it: null while the run goes on, and for ever where the guardian was killed with its mpctl. */
  readonly end: RunRecordEnd | null;
}

/** What a run was called with. */
export interface RunRequest {
  /** The run that it goes on from; null where it begins anew. */
  readonly resumes: string | null;
  /** Of the texts of the spec and what it includes. */
  readonly specDigest: string;
  /** The processes and pools that were named; none means all. */
  readonly names: readonly string[];
  /** Its spec was read from standard input. */
  readonly isStandardInput: boolean;
  readonly overrides: PlanOverrides;
}

/** How a run ended. */
export interface RunRecordEnd {
  /** `killed` is what the guardian writes: mpctl itself could not say anything any more. */
  readonly outcome: 'success' | 'failure' | 'timed_out' | 'cancelled' | 'killed';
  /** What a shell sees: 128+n where signal n ended mpctl; null where mpctl was killed. */
  readonly exitCode: number | null;
  /** The signal that mpctl died of; null for a plain exit code. */
  readonly signal: string | null;
  /** One sentence for people. */
  readonly why: string;
  /** Tasks that have not run, since only what had failed was to; not there where there are none. */
  readonly leftOut?: number;
  /** ISO 8601, UTC. */
  readonly ended: string;
}

/** A run that has left a folder. */
export interface FoundRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** Whether its mpctl still runs. */
  readonly alive: boolean;
}

/** Writes the record in one step, so that no reader sees half of it. */
export function writeRunRecord(folder: string, record: RunRecord): void {
  const draft = join(folder, `${recordName}.draft`);
  writeFileSync(draft, `${JSON.stringify({ version: 1, ...record })}\n`, { mode: 0o600 });
  renameSync(draft, join(folder, recordName));
}

/** The start time of this process, as a record has it. */
export function ownStartTime(): string {
  return readProcess(process.pid)?.startTime ?? '';
}

/** Whether its mpctl has gone without a word. */
export function wasKilled({ alive, record }: FoundRun): boolean {
  return !alive && record.end === null && !isElsewhere(record);
}

/** Whether it is in a container, or on another machine that has the same folder: nobody can tell from here that its mpctl was killed. */
export function isElsewhere({ pidSpace, inside }: RunRecord): boolean {
  const own = ownPidSpace();
  return pidSpace !== own && inside?.pidSpace !== own;
}

/** The runs that have a folder in `runsFolder`, oldest first; none where it does not exist. */
export function listRuns(runsFolder: string): readonly FoundRun[] {
  const found: FoundRun[] = [];
  for (const id of listNames(runsFolder).toSorted()) {
    const run = findRun(join(runsFolder, id));
    if (run !== null) found.push(run);
  }
  return found;
}

/** The run that has this folder; null where there is none that can be understood. */
export function findRun(folder: string): FoundRun | null {
  const record = readRunRecord(folder);
  return record === null ? null : { folder, record, alive: isAlive(record) };
}

function isAlive(record: RunRecord): boolean {
  const { inside } = record;
  const { pid, startTime } = inside !== undefined && inside.pidSpace === ownPidSpace() ? inside : record;
  return processIsAlive(pid, startTime);
}

/** The record of one run; null where there is none that can be understood. */
export function readRunRecord(folder: string): RunRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, recordName), 'utf8'));
    return isRunRecord(value) ? { ...value, end: value.end ?? null, members: value.members ?? {} } : null;
  } catch {
    return null;
  }
}

function isRunRecord(value: unknown): value is Omit<RunRecord, 'end' | 'members'> & Partial<Pick<RunRecord, 'end' | 'members'>> {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Record<string, unknown> = { ...value };
  const texts = ['id', 'name', 'spec', 'startTime', 'begun'];
  const end = fields['end'] ?? null;
  return typeof fields['pid'] === 'number' && texts.every((name) => typeof fields[name] === 'string') && (end === null || isEnd(end)) && isMembers(fields['members'] ?? {});
}

function isMembers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((names) => Array.isArray(names) && names.every((name) => typeof name === 'string'));
}

function isEnd(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Record<string, unknown> = { ...value };
  const texts = ['outcome', 'why', 'ended'];
  return (fields['exitCode'] === null || typeof fields['exitCode'] === 'number') && texts.every((name) => typeof fields[name] === 'string');
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
