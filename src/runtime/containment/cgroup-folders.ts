/*
 * Where the cgroup of a process is in the file system: its path within the hierarchy is in `/proc/self/cgroup`, and what
 * of the hierarchy is mounted where is in `/proc/self/mountinfo`; see cgroups(7) and proc(5).
 */

/** The path within the hierarchy of version 2 (`0::/user.slice/…`); null where the kernel has none. */
export function ownCgroupPath(cgroups: string): string | null {
  return /^0::(?<path>\/.*)$/mu.exec(cgroups)?.groups?.['path'] ?? null;
}

/** The folders at which a cgroup of version 2 is seen, those first that are not mounted read-only. */
export function foldersOfCgroup(cgroupPath: string, mountinfo: string): readonly string[] {
  const mounts = mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    if (!after.startsWith('cgroup2 ')) return [];
    const [, , , mounted = '', point = '', options = ''] = before.split(' ');
    const folder = folderWithin(unescapeSpaces(point), unescapeSpaces(mounted), cgroupPath);
    return folder === null ? [] : [{ folder, isReadOnly: options.split(',').includes('ro') }];
  });
  return mounts.toSorted((a, b) => Number(a.isReadOnly) - Number(b.isReadOnly)).map(({ folder }) => folder);
}

/** `mounted` is the part of the hierarchy that is seen at `point`. */
function folderWithin(point: string, mounted: string, cgroupPath: string): string | null {
  // It is outside of what the cgroup namespace shows.
  if (cgroupPath.split('/').includes('..')) return null;
  const root = mounted === '/' ? '' : mounted;
  if (cgroupPath !== root && !cgroupPath.startsWith(`${root}/`)) return null;
  const rest = cgroupPath.slice(root.length);
  return rest === '/' || rest === '' ? point : `${point}${rest}`;
}

/** Spaces, tabs, line ends and backslashes are written as octal numbers there. */
function unescapeSpaces(text: string): string {
  return text.replaceAll(/\\(?<octal>[0-7]{3})/gu, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
}

/** The cgroup that a run makes for itself begins so; what follows is its id. */
export const runCgroupPrefix = 'mpctl-';

/** What is known of a cgroup that may be written to. */
export interface WritableCgroup {
  /** Within the hierarchy. */
  readonly path: string;
  /** The process may write everywhere, so that to be allowed to says nothing. */
  readonly isRoot: boolean;
  /** systemd manages the hierarchy of this machine. */
  readonly hasSystemd: boolean;
}

/**
 * Whether the cgroup was given to whoever runs in it, to make others below. Where systemd manages the hierarchy, it is
 * the only one to do so but in what it has delegated, and of its own scopes of a user it says that nowhere in a file.
 */
export function isDelegated({ path, isRoot, hasSystemd }: WritableCgroup): boolean {
  // The root of a container, or a run that this one is a worker of.
  if (path === '/' || path.slice(path.lastIndexOf('/') + 1).startsWith(runCgroupPrefix)) return true;
  return !hasSystemd || (!isRoot && !path.includes('/user@'));
}
