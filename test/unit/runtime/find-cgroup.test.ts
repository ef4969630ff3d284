import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findCgroup } from '../../../src/runtime/containment/find-cgroup.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

const mounts = '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n';

/** A machine as a folder. */
function machine(files: Readonly<Record<string, string>>): string {
  return tempFolder(files);
}

it('finds the folder that mpctl may make others in', () => {
  const root = machine({ 'proc/self/cgroup': '0::/ci\n', 'proc/self/mountinfo': mounts, 'sys/fs/cgroup/unified/ci/cgroup.procs': '' });
  expect(findCgroup(root)).toEqual({ type: 'folder', folder: join(root, 'sys/fs/cgroup/unified/ci'), isDelegated: true });
});

it('does not call it delegated where systemd manages it', () => {
  const path = '/user.slice/user@1000.service/x.scope';
  const root = machine({ 'proc/self/cgroup': `0::${path}\n`, 'proc/self/mountinfo': mounts, [`sys/fs/cgroup/unified${path}/cgroup.procs`]: '', 'run/systemd/system/x': '' });
  expect(findCgroup(root)).toMatchObject({ type: 'folder', isDelegated: false });
});

it.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
  ['there is no proc(5)', {}, /^there is no cgroup v2/u],
  ['the kernel has no version 2', { 'proc/self/cgroup': '9:pids:/\n' }, /^there is no cgroup v2/u],
  ['it is not mounted', { 'proc/self/cgroup': '0::/ci\n', 'proc/self/mountinfo': '1 1 0:1 / / rw - ext4 a rw\n' }, /^the cgroup v2 `\/ci` that mpctl is in is not mounted/u],
  ['its list of processes cannot be written to', { 'proc/self/cgroup': '0::/ci\n', 'proc/self/mountinfo': mounts, 'sys/fs/cgroup/unified/ci/x': '' }, /^the cgroup that mpctl is in cannot be written to \(`.*\/unified\/ci`: ENOENT/u],
])('says why there is none: %s', (_, files, expected) => {
  const place = findCgroup(machine(files));
  expect(place.type === 'none' ? place.why : place).toMatch(expected);
});
