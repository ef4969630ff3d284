import { closeSync, mkdirSync, openSync, write, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Result } from '../../base/result.ts';
import { err, ok } from '../../base/result.ts';
import { systemErrorText } from '../system-error-text.ts';
import { runCgroupPrefix } from './cgroup-folders.ts';
import { cgroupMembers, endCgroup } from './cgroup-members.ts';
import type { Containment } from './containment.ts';

/** Where the cgroup of a run is to be. */
export function runCgroup(parent: string, runId: string): string {
  return join(parent, `${runCgroupPrefix}${runId}`);
}

/**
 * Makes the cgroup, for mpctl to enter: whatever it starts from then on is born there and cannot leave, since only what
 * mpctl may do is needed to move it. No controller is enabled, so that no rule forbids processes beside it. The error
 * says why it cannot be made.
 */
export function makeCgroup(folder: string): Result<Containment, string> {
  try {
    mkdirSync(folder);
  } catch (error) {
    return err(systemErrorText(error));
  }
  leavePressureUncounted(folder);
  let entering: Promise<string | null> | null = null;
  return ok({ level: 'cgroup', cgroup: folder, enter: () => (entering ??= enter(folder)), members: () => cgroupMembers(folder), leave: () => leave(folder) });
}

/**
 * Nobody asks how long those in the cgroup wait for processors and memory ("PSI", cgroup.pressure of the kernel's cgroup-v2), which the
 * kernel else counts at each of their switches, once more than it does anyway: of 5,000 short commands that is a hundredth.
 */
function leavePressureUncounted(folder: string): void {
  try {
    writeFileSync(join(folder, 'cgroup.pressure'), '0', { flag: 'r+' });
  } catch {
    // Before Linux 6.1, or where the kernel counts none.
  }
}

/** Nothing is left of the cgroup where it cannot be entered. */
async function enter(folder: string): Promise<string | null> {
  try {
    await moveTo(folder);
    return null;
  } catch (error) {
    await endCgroup(folder);
    return systemErrorText(error);
  }
}

async function leave(folder: string): Promise<string | null> {
  try {
    await moveTo(dirname(folder));
  } catch (error) {
    return systemErrorText(error);
  }
  return endCgroup(folder);
}

/**
 * All threads of this process. The kernel waits for all processors to have been elsewhere once, some ten ms, and has
 * every fork of the machine wait with it at its end: so it begins at once, and nobody else is moved one by one.
 */
async function moveTo(folder: string): Promise<void> {
  const file = openSync(join(folder, 'cgroup.procs'), 'r+');
  try {
    await promisify(write)(file, '0');
  } finally {
    closeSync(file);
  }
}
