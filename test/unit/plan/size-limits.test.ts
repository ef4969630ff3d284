import { expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

it.each([
  ['processes: { a: { command: x, replicas: 1e9 } }', 'these are 1,000,000,000 instances of one process, and there are at most 100,000'],
  [
    'processes: { a: { command: x, replicas: 50000, matrix: { k: [1, 2, 3] } } }',
    'these are 150,000 instances of one process, and there are at most 100,000',
  ],
  ['pools: { p: { command: x, workers: 1e9, tasks: [a] } }', 'these are 1,000,000,000 workers of one pool, and there are at most 100,000'],
  [
    `pools: { p: { command: x, tasks: { matrix: { ${['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => `${key}: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]`).join(', ')} } } } }`,
    'these are 10,000,000 tasks of a matrix, and there are at most 1,000,000',
  ],
])('counts before it names: %s', (text, message) => {
  const { diagnostics } = planText(text);
  expect(diagnostics.filter(({ severity }) => severity === 'error').map((finding) => [finding.code, finding.message])).toEqual([['MP141', message]]);
});
