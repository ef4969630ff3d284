import { setTimeout as delay } from 'node:timers/promises';
import { runningMs } from '../running-ms.ts';
import { findMarkedProcesses, readCommandLine, signalProcess } from './process-table.ts';
import type { ProcessEntry } from './process-table.ts';

const pollMs = 20;
/** A process inside a hung system call cannot be killed; it is given up after so long. */
const killLimitMs = 5000;

/** A process that had left its group and was found by the run's mark. */
export interface SweptProcess {
  readonly pid: number;
  /** Its command line; null where it could not be read. */
  readonly command: string | null;
  /** Whether it was still there at the end. */
  readonly alive: boolean;
}

/**
 * Ends what belongs to the run and has escaped its group: SIGTERM and SIGCONT, after `graceMs` SIGKILL
 * until two scans in a row find nobody, since one scan misses what is born while it runs. To be called
 * when every group is empty. Gives what was found, in order of discovery.
 */
export async function sweepMarked(runId: string, graceMs: number): Promise<readonly SweptProcess[]> {
  const found = new Map<number, string | null>();
  const scan = (...signals: readonly NodeJS.Signals[]): readonly ProcessEntry[] => {
    const entries: ProcessEntry[] = [];
    for (const entry of findMarkedProcesses(runId)) {
      const { pid } = entry;
      if (!found.has(pid)) found.set(pid, readCommandLine(pid));
      // While the scan goes on, and not after it: a parent has no more children then.
      for (const signal of signals) signalProcess(pid, signal);
      entries.push(entry);
    }
    return entries;
  };
  const politeUntil = runningMs() + graceMs;
  let living = scan('SIGTERM', 'SIGCONT');
  while (living.length > 0 && runningMs() < politeUntil) {
    await delay(pollMs);
    living = scan();
  }
  const killUntil = runningMs() + killLimitMs;
  for (let clean = 0; clean < 2 && found.size > 0 && runningMs() < killUntil; ) {
    living = scan('SIGKILL');
    clean = living.length === 0 ? clean + 1 : 0;
    if (living.length > 0) await delay(1);
  }
  const left = new Set(living.map(({ pid }) => pid));
  return [...found].map(([pid, command]) => ({ pid, command, alive: left.has(pid) }));
}
