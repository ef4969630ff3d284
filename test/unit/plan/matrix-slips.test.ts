import { expect, it } from 'vitest';
import { instanceOf, planText, validPlan } from '../../rig/plan-of-text.ts';

const found = (text: string): unknown => planText(text).diagnostics.map(({ code, message, hint }) => [code, message, hint]);

it.each([
  ['exlude', 'exclude'],
  ['Include', 'include'],
  ['inclued', 'include'],
])('`%s` in a matrix is a slip where its value is one of `%s`', (written, meant) => {
  expect(found(`processes: { p: { matrix: { os: [a, b], ${written}: [{ os: a }] }, command: x } }`)).toEqual([['MP101', `unknown key \`${written}\` in a matrix`, `did you mean \`${meant}\`?`]]);
});

it('a key of a matrix may be called nearly as `include`', () => {
  expect(instanceOf(validPlan('processes: { p: { matrix: { includes: [a] }, command: x } }'), 'p-a').matrix).toEqual({ includes: 'a' });
});

it.each([
  ['{ os: [a, b], exclude: [{ so: a }] }', 'did you mean `os`?'],
  ['{ os: [a, b], arch: [x], exclude: [{ os: a }, { version: a }] }', 'exclude by `os`, `arch`, or add `version: [VALUE, VALUE]` beside `exclude`'],
  ['{ os: [a, b], include: [{ version: a }], exclude: [{ version: a }] }', 'exclude by `os`, or add `version: [VALUE, VALUE]` beside `exclude`'],
])('nothing is excluded by a key that the matrix does not have, as in GitHub Actions: %s', (matrix, hint) => {
  const key = matrix.includes('so:') ? 'so' : 'version';
  const finding = ['MP105', `the matrix has no key \`${key}\`, so that this excludes nothing`, hint];
  expect(found(`processes: { p: { matrix: ${matrix}, command: x } }`)).toEqual([finding]);
  expect(found(`pools: { p: { tasks: { matrix: ${matrix} }, command: x } }`)).toEqual([finding]);
});

it('values that the matrix does not have may be excluded, as in GitHub Actions', () => {
  expect(found('processes: { p: { matrix: { os: [a, b], exclude: [{ os: z }] }, command: x } }')).toEqual([]);
});
