import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../monotonic-ms.ts';
import { guardianIsAlive } from '../processes/guardian-is-alive.ts';
import { findMarkedProcesses } from '../processes/process-table.ts';
import { sweepMarked, type SweptProcess } from '../processes/sweep-marked.ts';
import { readRunRecord, type FoundRun } from './run-record.ts';

const lookEveryMs = 20;
/** The guardian gives the workers their grace period, and may be stuck itself. */
const patienceMs = 15_000;

/**
 * Resolves when nothing of a run is left whose mpctl was killed: its guardian has ended what it had
 * started, or, where that was killed too, this does. Gives those that this has ended.
 *
 * @param onWait called once where that takes a while
 */
export async function awaitEndOfKilled({ folder, record }: FoundRun, onWait?: () => void): Promise<readonly SweptProcess[]> {
  const until = monotonicMs() + patienceMs;
  const isOver = (): boolean => (readRunRecord(folder) ?? record).end !== null;
  if (!isOver() && isAnybodyLeft(record.id) && guardianIsAlive(record.id)) onWait?.();
  while (!isOver() && monotonicMs() < until && isAnybodyLeft(record.id) && guardianIsAlive(record.id)) await delay(lookEveryMs);
  return isOver() ? [] : sweepMarked(record.id, 0);
}

function isAnybodyLeft(runId: string): boolean {
  return findMarkedProcesses(runId).next().done !== true;
}
