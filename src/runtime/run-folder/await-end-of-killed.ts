import { setTimeout as delay } from 'node:timers/promises';
import { dirname } from 'node:path';
import { cgroupMembers, endCgroup } from '../containment/cgroup-members.ts';
import { runCgroup } from '../containment/run-cgroup.ts';
import { monotonicMs } from '../monotonic-ms.ts';
import { guardianIsAlive } from '../processes/guardian-is-alive.ts';
import { findMarkedProcesses } from '../processes/process-table.ts';
import { sweepMarked, type SweptProcess } from '../processes/sweep-marked.ts';
import { readRunRecord, wasKilled, type FoundRun, type RunRecord } from './run-record.ts';

const lookEveryMs = 20;
/** The guardian gives the workers their grace period, and may be stuck itself. */
const patienceMs = 15_000;

/**
 * Resolves when nothing of a run is left whose mpctl was killed: its guardian has ended what it had
 * started, or, where that was killed too, this does. Gives those that this has ended.
 *
 * @param onWait called once where that takes a while
 */
export async function awaitEndOfKilled(run: FoundRun, onWait?: () => void): Promise<readonly SweptProcess[]> {
  if (!wasKilled(run)) return [];
  const { folder, record } = run;
  const until = monotonicMs() + patienceMs;
  const isOver = (): boolean => (readRunRecord(folder) ?? record).end !== null;
  if (!isOver() && isAnybodyLeft(record) && guardianIsAlive(record.id)) onWait?.();
  while (!isOver() && monotonicMs() < until && isAnybodyLeft(record) && guardianIsAlive(record.id)) await delay(lookEveryMs);
  if (isOver()) return [];
  const cgroup = cgroupOf(record);
  const ended = await sweepMarked(record.id, 0, () => (cgroup === null ? [] : cgroupMembers(cgroup)));
  // Whoever could not be ended is named, and keeps it.
  if (cgroup !== null) await endCgroup(cgroup);
  return ended;
}

/** Whether a process of the run is seen. */
export function isAnybodyLeft(record: RunRecord): boolean {
  const cgroup = cgroupOf(record);
  return (cgroup !== null && cgroupMembers(cgroup).length > 0) || findMarkedProcesses(record.id).next().done !== true;
}

/** A record is a file that anybody may have put there: nothing but the cgroup of a run is ended for it. */
function cgroupOf({ id, cgroup }: RunRecord): string | null {
  return cgroup !== undefined && cgroup === runCgroup(dirname(cgroup), id) ? cgroup : null;
}
