import type { Guardian } from './guardian.ts';
import { findMarkedProcesses, processIsAlive, type ProcessEntry, signalGroup, signalProcess } from './process-table.ts';

/** What has left its group may be about to have a child whenever it is looked for; so often at most is it. */
const mostScans = 10;

/** Whose processes are to be stopped. */
interface Stoppable {
  readonly runId: string;
  readonly guardian: Guardian;
  /** Who starts commands, and is in no group of the run; null while there is nobody. */
  readonly starter: number | null;
}

/**
 * Stops every process of a run until the answer is called. SIGSTOP, since SIGTSTP does nothing to the
 * groups that workers have to themselves: a group whose parent is in another session counts as one
 * that nobody could have go on. Whoever has left his group is found by the mark of the run. In the middle of
 * this mpctl may be killed, so whatever is stopped is known to the guardian.
 */
export function stopProcesses({ runId, guardian, starter }: Stoppable): () => void {
  if (starter !== null) {
    guardian.watch(starter);
    signalGroup(starter, 'SIGSTOP');
  }
  const groups = guardian.watched().filter((group) => signalGroup(group, 'SIGSTOP'));
  const others = stopMarked(runId, new Set(groups));
  guardian.tell();
  return () => {
    for (const group of groups) signalGroup(group, 'SIGCONT');
    for (const { pid, startTime } of others) if (processIsAlive(pid, startTime)) signalProcess(pid, 'SIGCONT');
    if (starter !== null) guardian.unwatch(starter);
  };
}

/** Those that are in none of the groups, once two looks have found nobody else. */
function stopMarked(runId: string, groups: ReadonlySet<number>): readonly ProcessEntry[] {
  const stopped = new Map<number, ProcessEntry>();
  for (let clean = 0, scans = 0; clean < 2 && scans < mostScans; scans += 1) {
    const before = stopped.size;
    for (const entry of findMarkedProcesses(runId)) {
      const { pid, group, state } = entry;
      if (groups.has(group) || stopped.has(pid) || state === 'T' || !signalProcess(pid, 'SIGSTOP')) continue;
      stopped.set(pid, entry);
    }
    clean = stopped.size === before ? clean + 1 : 0;
  }
  return [...stopped.values()];
}
