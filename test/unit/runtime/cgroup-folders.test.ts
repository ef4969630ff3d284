import { describe, expect, it } from 'vitest';
import { foldersOfCgroup, isDelegated, ownCgroupPath } from '../../../src/runtime/containment/cgroup-folders.ts';

/** Both hierarchies beside each other, as older systemd has them. */
const hybrid = `23 1 0:21 / / rw - ext4 /dev/vda rw
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw
`;

describe('the cgroup v2 of a process', () => {
  it.each([
    ['12:pids:/a\n0::/user.slice/x.scope\n', '/user.slice/x.scope'],
    ['0::/\n', '/'],
    ['12:pids:/a\n1:name=systemd:/b\n', null],
    ['', null],
  ])('is in the line of hierarchy 0: %j', (text, expected) => {
    expect(ownCgroupPath(text)).toBe(expected);
  });

  it('is found wherever the hierarchy is mounted', () => {
    expect(foldersOfCgroup('/', hybrid)).toEqual(['/sys/fs/cgroup/unified']);
    expect(foldersOfCgroup('/a/b c', hybrid)).toEqual(['/sys/fs/cgroup/unified/a/b c']);
    expect(foldersOfCgroup('/a', '26 1 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n')).toEqual(['/sys/fs/cgroup/a']);
  });

  it('is below the part of the hierarchy that is mounted, or not seen', () => {
    const part = '50 1 0:38 /docker/abc /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n';
    expect(foldersOfCgroup('/docker/abc/run', part)).toEqual(['/sys/fs/cgroup/run']);
    expect(foldersOfCgroup('/docker/abc', part)).toEqual(['/sys/fs/cgroup']);
    expect(foldersOfCgroup('/docker/abcd', part)).toEqual([]);
    expect(foldersOfCgroup('/../elsewhere', hybrid)).toEqual([]);
    expect(foldersOfCgroup('/', '32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n')).toEqual([]);
  });

  it('is first looked for where it is not mounted read-only', () => {
    const twice = '50 1 0:38 / /a ro,relatime - cgroup2 c rw\n51 1 0:38 / /with\\040space rw,relatime - cgroup2 c rw\n';
    expect(foldersOfCgroup('/x', twice)).toEqual(['/with space/x', '/a/x']);
  });
});

describe('a cgroup that may be written to is delegated', () => {
  const scope = '/user.slice/user-1000.slice/user@1000.service/app.slice/run-1.scope';

  it.each([
    ['it is the root of a container', { path: '/', isRoot: true, hasSystemd: true }, true],
    ['it is that of a run', { path: '/system.slice/ci.service/mpctl-20260101T000000000Z-00000000', isRoot: true, hasSystemd: true }, true],
    ['nobody manages the hierarchy', { path: '/a', isRoot: true, hasSystemd: false }, true],
    ['systemd has given it to the user of a service', { path: '/system.slice/ci.service', isRoot: false, hasSystemd: true }, true],
    ['systemd has made it for root', { path: '/system.slice/ci.service', isRoot: true, hasSystemd: true }, false],
    ['the systemd of a user manages it', { path: scope, isRoot: false, hasSystemd: true }, false],
  ])('%s', (_, facts, expected) => {
    expect(isDelegated(facts)).toBe(expected);
  });
});
