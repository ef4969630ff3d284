import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorText } from '../system-error-text.ts';
import { foldersOfCgroup, isDelegated, ownCgroupPath } from './cgroup-folders.ts';

/** Where a run can make a cgroup of its own. */
export type CgroupPlace =
  /** Absolute folder of the cgroup that mpctl is in. */
  | { readonly type: 'folder'; readonly folder: string; readonly isDelegated: boolean }
  /** A clause for people. */
  | { readonly type: 'none'; readonly why: string };

/** Looks for the cgroup of this process and whether others may be made in it; `root` is the folder that the machine is seen at. */
export function findCgroup(root = '/'): CgroupPlace {
  const path = ownCgroupPath(textOf(join(root, 'proc/self/cgroup')));
  if (path === null) return none('there is no cgroup v2 on this machine');
  const folders = foldersOfCgroup(path, textOf(join(root, 'proc/self/mountinfo')));
  let why = `the cgroup v2 \`${path}\` that mpctl is in is not mounted here`;
  for (const seen of folders) {
    const folder = join(root, seen);
    try {
      // To move a process needs the list of where it comes from, and of where it goes to.
      for (const file of [folder, join(folder, 'cgroup.procs')]) accessSync(file, constants.W_OK);
      const hasSystemd = existsSync(join(root, 'run/systemd/system'));
      return { type: 'folder', folder, isDelegated: isDelegated({ path, isRoot: process.getuid?.() === 0, hasSystemd }) };
    } catch (error) {
      why = `the cgroup that mpctl is in cannot be written to (\`${folder}\`: ${systemErrorText(error)})`;
    }
  }
  return none(why);
}

function none(why: string): CgroupPlace {
  return { type: 'none', why };
}

/** Empty where there is no such file, as on macOS. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
