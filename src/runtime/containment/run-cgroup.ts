import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
 * Makes the cgroup and moves mpctl into it: whatever it starts is born there and cannot leave, since only what mpctl may
 * do is needed to move it. No controller is enabled, so that no rule forbids processes beside it. To move waits for
 * all processors to have been elsewhere once, some ms, whatever is moved: so nobody else is, one by one.
 */
export async function enterCgroup(folder: string): Promise<Result<Containment, string>> {
  try {
    mkdirSync(folder);
  } catch (error) {
    return err(systemErrorText(error));
  }
  try {
    await moveTo(folder);
  } catch (error) {
    await endCgroup(folder);
    return err(systemErrorText(error));
  }
  const leave = async (): Promise<string | null> => {
    try {
      await moveTo(dirname(folder));
    } catch (error) {
      return systemErrorText(error);
    }
    return endCgroup(folder);
  };
  return ok({ level: 'cgroup', cgroup: folder, members: () => cgroupMembers(folder), leave });
}

/** All threads of this process. */
function moveTo(folder: string): Promise<void> {
  return writeFile(join(folder, 'cgroup.procs'), '0');
}
