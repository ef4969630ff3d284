import { describe, expect, it } from 'vitest';
import { chooseLevel, type ContainmentMeans } from '../../../src/runtime/containment/choose-level.ts';

const everything: ContainmentMeans = {
  seesMarks: true,
  platform: 'linux',
  isOwnProcess: true,
  isInNamespace: false,
  cgroup: () => ({ type: 'folder', folder: '/cgroup', isDelegated: true }),
};
const notDelegated = { ...everything, cgroup: () => ({ type: 'folder', folder: '/cgroup', isDelegated: false }) as const };
const noCgroup = { ...everything, cgroup: () => ({ type: 'none', why: 'it is read-only' }) as const };
const mac = { ...noCgroup, seesMarks: false, platform: 'darwin' };
const inside = { ...everything, isInNamespace: true };
const library = { ...everything, isOwnProcess: false };

describe('the level of a run', () => {
  it.each([
    ['auto', everything, { level: 'cgroup', parent: '/cgroup' }],
    ['auto', notDelegated, { level: 'marker' }],
    ['auto', noCgroup, { level: 'marker' }],
    ['auto', library, { level: 'marker' }],
    ['auto', mac, { level: 'group' }],
    ['group', everything, { level: 'marker' }],
    ['group', mac, { level: 'group' }],
    ['marker', everything, { level: 'marker' }],
    ['cgroup', everything, { level: 'cgroup', parent: '/cgroup' }],
    ['cgroup', notDelegated, { level: 'cgroup', parent: '/cgroup' }],
    ['pidns', inside, { level: 'pidns' }],
    ['auto', inside, { level: 'cgroup', parent: '/cgroup' }],
  ] as const)('`%s`, case %#', (wanted, means, expected) => {
    expect(chooseLevel(wanted, means)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['marker', mac, 'on darwin the environments of processes cannot be read'],
    ['cgroup', noCgroup, 'it is read-only'],
    ['cgroup', library, 'only `mpctl run` moves itself'],
    ['pidns', library, 'only `mpctl run` begins anew in a namespace'],
  ] as const)('`%s` is never less than that, case %#', (wanted, means, why) => {
    const chosen = chooseLevel(wanted, means);
    expect(chosen).toMatchObject({ ok: false, error: { code: 'MP830' } });
    expect(chosen.ok ? '' : chosen.error.message).toContain(`\`containment: ${wanted}\` cannot be had: ${why}`);
  });
});
