import { readdirSync, readFileSync } from 'node:fs';

/** The ids of the living processes that were started inside a run, at whatever depth. */
export function livingWorkers(runId: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && isMarked(name, runId))
    .map(Number);
}

function isMarked(pid: string, runId: string): boolean {
  try {
    // The environment of a zombie is empty.
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return variables.some((variable) => variable.startsWith('MPCTL_RUN_IDS=') && variable.includes(runId));
  } catch {
    return false; // It ended meanwhile, or is another user's.
  }
}

/** Whether a process that mpctl started, and has to take leave of itself, is still there. */
export function isLeft(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
