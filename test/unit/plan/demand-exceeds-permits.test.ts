import { expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

it.each([
  ['2', 'give `s` `permits: 3`, or ask for at most 2'],
  ['0', 'give `s` `permits: 3`, or `bounded: false` where a `release` is to add permits'],
])('who asks for 3 of %s permits is told what can be done', (permits, hint) => {
  const { diagnostics } = planText(`semaphores: { s: ${permits} }\nprocesses: { a: { command: x, with: { name: s, permits: 3 } } }`);
  expect(diagnostics.map((finding) => [finding.code, finding.hint])).toEqual([['MP302', hint]]);
});

it('who waits for the signal of another is told of all semaphores that others release, and what it is told to write is right', () => {
  const spec = (empty: string, full: string): string => `semaphores: { empty: ${empty}, full: ${full} }
processes:
  producer: { steps: [{ acquire: empty }, { release: full }] }
  consumer: { steps: [{ acquire: full }, { release: empty }] }
`;
  const [finding, ...more] = planText(spec('3', '0')).diagnostics;
  expect([finding?.code, finding?.hint, more]).toEqual([
    'MP302',
    'write `full: { permits: 0, bounded: false }`, so that the `release` of `producer`, which has not taken it, adds permits; and for the same reason `empty: { permits: 3, bounded: false }`',
    [],
  ]);
  expect(planText(spec('{ permits: 3, bounded: false }', '{ permits: 0, bounded: false }')).diagnostics).toEqual([]);
});

it('who gives back what it has taken gives no signal', () => {
  const { diagnostics } = planText('semaphores: { s: 1 }\nprocesses: { a: { steps: [{ acquire: s }, { release: s }, { acquire: { name: s, permits: 2 } }] } }');
  expect(diagnostics.map(({ hint }) => hint)).toEqual(['give `s` `permits: 2`, or ask for at most 1']);
});
