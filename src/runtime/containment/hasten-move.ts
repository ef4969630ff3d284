import { close, openSync, write } from 'node:fs';
import { join } from 'node:path';

/**
 * Has the kernel get ready for moves between cgroups, while something else is done: this process is moved to where it is
 * already, which changes nothing. Before the first move of a while the kernel waits for all processors to have been elsewhere
 * once, some ten ms, and for as long afterwards it moves at once (`cgroup_threadgroup_rwsem` in its cgroup.c, which waits as
 * rcu/sync.c says). Where it may not be moved or the kernel does not wait, nothing is gained or lost.
 *
 * @param folder that of the cgroup that this process is in
 */
export function hastenMove(folder: string): void {
  let file: number;
  try {
    // Not when the event loop turns next, which it does not before the plan is ready.
    file = openSync(join(folder, 'cgroup.procs'), 'r+');
  } catch {
    return;
  }
  write(file, '0', () => close(file));
}
