/* What belongs to the event loops of Node, of which libuv is the same wherever it is used. */
import { basename } from 'node:path';
import { opendirSync, readlinkSync } from 'node:fs';

/** Whether the program is Node. */
export function isNode(pid: number): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)) === 'node';
  } catch {
    return false;
  }
}

/**
 * The thread in which Node keeps the time of what V8 does by and by outside of any program, such as noting two minutes
 * after a module of WebAssembly was made how much of it is left. It is made before all others, ahead of whatever a
 * program does. Timers of programs, and those after which V8 collects garbage, are in the loops of the programs.
 */
export function readHousekeeper(pid: number): number | null {
  if (!isNode(pid)) return null;
  try {
    // In the order in which they were made, which `readdirSync` would not keep.
    const folder = opendirSync(`/proc/${pid}/task`);
    try {
      const main = folder.readSync();
      const next = folder.readSync();
      return main?.name === String(pid) && next !== null ? Number(next.name) : null;
    } finally {
      folder.closeSync();
    }
  } catch {
    return null;
  }
}
