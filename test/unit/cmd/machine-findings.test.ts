import { expect, it } from 'vitest';
import { machineFindings } from '../../../cmd/verbs/machine-findings.ts';
import type { MachineFacts } from '../../../src/runtime/machine-facts.ts';

const whole: MachineFacts = {
  platform: 'linux',
  seesMarks: true,
  cgroup: { type: 'folder', folder: '/sys/fs/cgroup/mine', isDelegated: true },
  namespace: { type: 'words', words: ['--pid'] },
  missingTools: [],
  hasPerl: true,
  hasPython: true,
  runsFolder: '/project/.mpctl/runs',
  hasSocketPlace: true,
  openFiles: 4096,
  isFirstProcess: false,
};

const states = (facts: Partial<MachineFacts>): readonly string[] =>
  machineFindings({ ...whole, ...facts }).flatMap(({ subject, state }) => (state === 'fine' ? [] : [`${subject}: ${state}`]));

it('nothing is amiss on a machine that has everything', () => {
  expect(states({})).toEqual([]);
});

it.each<readonly [string, Partial<MachineFacts>]>([
  ['cgroup', {}],
  ['marker', { cgroup: { type: 'folder', folder: '/sys/fs/cgroup/user.slice', isDelegated: false } }],
  ['marker', { cgroup: { type: 'none', why: 'it cannot be written to' } }],
  ['group', { cgroup: { type: 'none', why: 'there is none' }, seesMarks: false }],
])('`%s` is in force', (level, facts) => {
  expect(machineFindings({ ...whole, ...facts })[0]?.says.startsWith(`\`${level}\`: `)).toBe(true);
});

it('says of a cgroup where it is, whether it has to be asked for, or why it cannot be had', () => {
  const said = (cgroup: MachineFacts['cgroup']): string | undefined => machineFindings({ ...whole, cgroup }).find(({ subject }) => subject === 'cgroup')?.says;
  expect(said(whole.cgroup)).toContain('in /sys/fs/cgroup/mine');
  expect(said({ type: 'folder', folder: '/sys/fs/cgroup/user.slice', isDelegated: false })).toMatch(/^`containment: cgroup` can be had in \/sys\/fs\/cgroup\/user\.slice; `auto` does not/u);
  expect(said({ type: 'none', why: 'it is read-only' })).toBe('`containment: cgroup` cannot be had: it is read-only');
});

it.each<readonly [string, Partial<MachineFacts>]>([
  ['cgroup: less', { cgroup: { type: 'none', why: 'there is none' } }],
  ['PID namespace: less', { namespace: { type: 'none', why: 'there is no `unshare`', hint: 'install it' } }],
  ['guardian: missing', { missingTools: ['mkfifo'] }],
  ['traces: missing', { runsFolder: null }],
  ['socket: missing', { hasSocketPlace: false }],
  ['open files: less', { openFiles: 256 }],
  ['launcher: less', { hasPerl: false }],
  ['launcher: less, sd_notify: less', { hasPerl: false, hasPython: false }],
  ['process 1: less', { isFirstProcess: true }],
])('%s', (said, facts) => {
  expect(states(facts).join(', ')).toBe(said);
});

it('has less where nobody is found who has left his group', () => {
  expect(states({ cgroup: { type: 'none', why: 'there is none' }, seesMarks: false, platform: 'darwin' })).toEqual(['containment: less', 'cgroup: less']);
});
