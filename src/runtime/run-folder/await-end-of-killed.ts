import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../monotonic-ms.ts';
import { findMarkedProcesses } from '../processes/process-table.ts';
import { sweepMarked } from '../processes/sweep-marked.ts';
import { readRunRecord, type FoundRun } from './run-record.ts';

const lookEveryMs = 20;
/** The guardian gives the workers their grace period; one that was killed as well never notes the end. */
const patienceMs = 15_000;

/**
 * Resolves when nothing of a run is left whose mpctl was killed: its guardian has ended what it had
 * started, or, where that was killed too, this does.
 *
 * @param onWait called once where that takes a while
 */
export async function awaitEndOfKilled({ folder, record }: FoundRun, onWait?: () => void): Promise<void> {
  const until = monotonicMs() + patienceMs;
  const isOver = (): boolean => (readRunRecord(folder) ?? record).end !== null;
  if (!isOver() && isAnybodyLeft(record.id)) onWait?.();
  while (!isOver() && monotonicMs() < until && isAnybodyLeft(record.id)) await delay(lookEveryMs);
  if (!isOver()) await sweepMarked(record.id, 0);
}

function isAnybodyLeft(runId: string): boolean {
  return findMarkedProcesses(runId).next().done !== true;
}
