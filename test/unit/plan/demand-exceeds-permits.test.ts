import { expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

it.each([
  ['2', 'give `s` `permits: 3`, or ask for at most 2'],
  ['0', 'give `s` `permits: 3`, or `bounded: false` where a `release` is to add permits'],
])('who asks for 3 of %s permits is told what can be done', (permits, hint) => {
  const { diagnostics } = planText(`semaphores: { s: ${permits} }\nprocesses: { a: { command: x, with: { name: s, permits: 3 } } }`);
  expect(diagnostics.map((finding) => [finding.code, finding.hint])).toEqual([['MP302', hint]]);
});
