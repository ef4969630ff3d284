import { expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

const hint = '`environment` sees only what comes before it, such as that of the whole spec or `env_file`, and not what stands beside: move `A` there, or write its value out';

it.each([
  ['of the spec', "environment: { A: 1, B: '${{ env.A }}x' }\nprocesses: { p: { command: x } }"],
  ['that is a list', "environment: ['A=1', 'B=${{ env.A }}x']\nprocesses: { p: { command: x } }"],
  ['of a process', "processes: { p: { command: x, environment: { A: 1, B: '${{ env.A }}x' } } }"],
  ['of a step', "processes: { p: { steps: [{ run: x, environment: { A: 1, B: '${{ env.A }}x' } }] } }"],
])('an `environment` %s does not see what stands beside in it, and says so', (_, text) => {
  expect(planText(text).diagnostics.map((finding) => [finding.code, finding.hint])).toEqual([['MP121', hint]]);
});

it.each([
  ['a list of the spec', "environment: ['B=${{ env.NO }}x']\nprocesses: { p: { command: x } }"],
  ['a list of a process', "processes: { p: { command: x, environment: ['B=${{ env.NO }}x'] } }"],
  ['a name that is made of itself', "environment: { NO: '${{ env.NO }}x' }\nprocesses: { p: { command: x } }"],
])('what is set nowhere is found in %s', (_, text) => {
  expect(planText(text).diagnostics.map((finding) => [finding.code, finding.hint])).toEqual([['MP121', "set it, or write what stands in for it: `${{ env.NO || 'default' }}`"]]);
});

it.each([
  ['an axis of a matrix', "processes: { p: { matrix: { a: ['${{ matrix.b }}'] }, command: x } }"],
  ['the name of a file of variables', "env_file: '${{ env.FILE }}'\nprocesses: { p: { command: x } }"],
])('what is set nowhere is found in %s', (_, text) => {
  expect(codesOf(text)).toEqual(['MP121']);
});

it('sees what comes before it', () => {
  expect(codesOf("environment: { A: 1 }\nprocesses: { p: { command: x, environment: { A: '${{ env.A }}y', B: '${{ env.A }}x' } } }")).toEqual([]);
});

const unsetIn = (text: string): readonly (string | undefined)[] =>
  planText(text).diagnostics.flatMap(({ code, message }) => (code === 'MP121' ? [/`env\.(?<name>\w+)` is not set/u.exec(message)?.groups?.['name']] : []));

it.each([
  ['of several variables in a list', "environment: ['A=${{ env.ONE }}', 'B=${{ env.TWO }}']\nprocesses: { p: { command: x } }"],
  ['of several variables in a map', "environment: { A: '${{ env.ONE }}', B: '${{ env.TWO }}' }\nprocesses: { p: { command: x } }"],
  ['of a list of the spec and one of a process', "environment: ['A=${{ env.ONE }}']\nprocesses: { p: { command: x, environment: ['B=${{ env.TWO }}'] } }"],
  ['of a list of the spec and of a command', "environment: ['A=${{ env.ONE }}']\nprocesses: { p: { command: [x, '${{ env.TWO }}'] } }"],
  ['in one text', "environment: ['A=${{ env.ONE }}-${{ env.TWO }}-${{ env.ONE }}']\nprocesses: { p: { command: x } }"],
  ['in one text of a command', "processes: { p: { command: ['${{ env.ONE }}-${{ env.TWO }}'], replicas: 2 } }"],
])('tells all that is set nowhere at once: %s', (_, text) => {
  expect(unsetIn(text)).toEqual(['ONE', 'TWO']);
});

it('says nothing of a variable whose value could not be filled in', () => {
  expect(unsetIn("environment: ['A=${{ env.NO }}', 'B=x']\nprocesses: { p: { environment: ['C=${{ env.A }}'], command: [x, '${{ env.A }}', '${{ env.C }}'] } }")).toEqual(['NO']);
});

it('tells each variable at once that a process is given only as it is started', () => {
  expect(codesOf("processes: { p: { command: [x, '${{ env.MPCTL_SOCKET }}${{ env.MPCTL_AUTHKEY }}'] } }")).toEqual(['MP121', 'MP121']);
});
