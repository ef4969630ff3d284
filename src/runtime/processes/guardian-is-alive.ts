import { listProcesses, readCommandLine } from './process-table.ts';

/** Whether the guardian of a run lives: what it is started with names the run. False where command lines cannot be read (macOS). */
export function guardianIsAlive(runId: string): boolean {
  return listProcesses().some(({ pid }) => readCommandLine(pid)?.includes(` mpctl-guardian ${runId} `) === true);
}
