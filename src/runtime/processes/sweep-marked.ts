import { setTimeout as delay } from 'node:timers/promises';
import { runningMs } from '../running-ms.ts';
import { findMarkedProcesses, readCommandLine, readProcess, signalProcess } from './process-table.ts';

const pollMs = 20;
const politeSignals = ['SIGTERM', 'SIGCONT'] as const;
/** Whoever has no mark may be what a run within this one has worked with, and be about to end: so long he is not named. */
const settleMs = 100;
/** A process inside a hung system call cannot be killed; it is given up after so long. */
const killLimitMs = 5000;

/** A process that had left its group and was found by the run's mark, or in its cgroup or PID namespace. */
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
 *
 * @param members pids of those that belong to the run whether they have its mark or not
 */
export async function sweepMarked(runId: string, graceMs: number, members: () => readonly number[] = () => []): Promise<readonly SweptProcess[]> {
  const found = new Map<number, string | null>();
  const politeUntil = runningMs() + graceMs;
  const settledAt = runningMs() + Math.min(graceMs, settleMs);
  let living = new Set<number>();
  const meet = (pid: number, signals: readonly NodeJS.Signals[]): void => {
    if (!found.has(pid)) found.set(pid, readCommandLine(pid));
    living.add(pid);
    // While the scan goes on, and not after it: a parent has no more children then.
    for (const signal of signals) signalProcess(pid, signal);
  };
  const scan = (...signals: readonly NodeJS.Signals[]): void => {
    living = new Set();
    for (const { pid } of findMarkedProcesses(runId)) meet(pid, signals);
    for (const pid of members()) {
      if (living.has(pid) || !isAlive(pid)) continue;
      const now = runningMs();
      if (now < settledAt || (now < politeUntil && isOfGuardian(pid))) living.add(pid);
      else meet(pid, found.has(pid) ? signals : [...politeSignals, ...signals]);
    }
  };
  scan(...politeSignals);
  while (living.size > 0 && runningMs() < politeUntil) {
    await delay(pollMs);
    scan();
  }
  const killUntil = runningMs() + killLimitMs;
  for (let clean = 0; clean < 2 && found.size + living.size > 0 && runningMs() < killUntil; ) {
    scan('SIGKILL');
    clean = living.size === 0 ? clean + 1 : 0;
    if (living.size > 0) await delay(1);
  }
  return [...found].map(([pid, command]) => ({ pid, command, alive: living.has(pid) }));
}

function isAlive(pid: number): boolean {
  const state = readProcess(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Of a run within this one: a guardian that has just been sent away, or ends what its killed mpctl has left, or what that has started. */
function isOfGuardian(pid: number): boolean {
  const parent = readProcess(pid)?.parentPid ?? pid;
  return [pid, parent].some((either) => readCommandLine(either)?.includes(' mpctl-guardian ') === true);
}
