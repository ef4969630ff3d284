import { expect, it } from 'vitest';
import { machineFindings } from '../../../cmd/verbs/machine-findings.ts';
import type { MachineFacts } from '../../../src/runtime/machine-facts.ts';

const whole: MachineFacts = {
  platform: 'linux',
  seesMarks: true,
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
  expect(machineFindings(whole)[0]?.says).toMatch(/^`marker`: /u);
});

it.each<readonly [string, Partial<MachineFacts>]>([
  ['containment: less', { seesMarks: false, platform: 'darwin' }],
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
