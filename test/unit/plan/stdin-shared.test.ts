import { expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

const pool = 'command: x, tasks: { stdin: lines }';

it('one standard input is enough for a pool alone', () => {
  expect(codesOf(`pools: { p: { ${pool} } }`)).toEqual([]);
});

it('of processes alone another check speaks', () => {
  expect(codesOf('processes: { a: { command: x, stdin: inherit }, b: { command: x, stdin: inherit } }')).toEqual(['MP513']);
});

it.each([
  ['another pool', `pools: { p: { ${pool} }, q: { ${pool} } }`, ['`p`', '`q`']],
  ['a process', `pools: { p: { ${pool} } }\nprocesses: { a: { command: x, stdin: inherit } }`, ['`a` reads too']],
  ['its own tasks', `pools: { p: { ${pool}, stdin: inherit } }`, ['a task of it reads too']],
  ['the tasks of a pool', `pools: { p: { ${pool} }, q: { command: x, tasks: [a], stdin: inherit } }`, ['`q` reads too']],
])('and not for a pool that takes its tasks there and %s', (_, spec, said) => {
  const { diagnostics } = planText(spec);
  expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual(said.map(() => ['MP613', 'warning']));
  for (const [index, text] of said.entries()) expect(diagnostics[index]?.message).toContain(text);
});
