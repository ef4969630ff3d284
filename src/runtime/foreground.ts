/*
 * Whether what waits for mpctl in the foreground is still there. Nothing tells a process that its parent has
 * ended, and npm, npx and the shell of a script that are sent SIGTERM end without passing it on.
 */
import { readlinkSync } from 'node:fs';
import { readProcess } from './processes/process-table.ts';

/** What the end of the process that called this one does; `auto`: it stops the run if it was waiting in the foreground. */
export type OnParentExit = 'stop' | 'continue' | 'auto';

const lookEveryMs = 400;

/**
 * The processes that wait for this one, from its parent upwards: those that share its process group and its
 * standard input. A shell gives a job of its own group to what it does not wait for, or without job control
 * an empty standard input; `setsid`, systemd, tmux and the like begin a session. So an empty standard input
 * says nothing. Elsewhere than on Linux none is known.
 */
function waitingAncestors(): readonly number[] {
  const own = process.platform === 'linux' ? readProcess(process.pid) : null;
  const input = inputOf('self');
  if (own === null || input === null || input === '/dev/null') return [];
  const ancestors: number[] = [];
  let { parentPid } = own;
  for (;;) {
    const parent = parentPid > 1 ? readProcess(parentPid) : null;
    if (parent === null || parent.group !== own.group || inputOf(String(parentPid)) !== input) return ancestors;
    ancestors.push(parentPid);
    ({ parentPid } = parent);
  }
}

/** Where standard input comes from; null where that cannot be seen. */
function inputOf(process: string): string | null {
  try {
    return readlinkSync(`/proc/${process}/fd/0`);
  } catch {
    return null;
  }
}

/** Calls back once one of those that wait for mpctl has ended, until the answer is called. */
export function watchForeground(onParentExit: OnParentExit, onGone: () => void): () => void {
  const found = onParentExit === 'continue' ? [] : waitingAncestors();
  const watched = onParentExit === 'stop' && found.length === 0 ? [process.ppid] : found;
  if (watched.length === 0) return () => {};
  const timer = setInterval(() => {
    if (!isOrphaned(watched)) return;
    clearInterval(timer);
    onGone();
  }, lookEveryMs).unref();
  return () => clearInterval(timer);
}

/** What loses its parent is given another: so each is seen to be there in what was its child. */
function isOrphaned([parent, ...above]: readonly number[]): boolean {
  if (process.ppid !== parent) return true;
  let child = parent;
  for (const ancestor of above) {
    if (readProcess(child)?.parentPid !== ancestor) return true;
    child = ancestor;
  }
  return false;
}
