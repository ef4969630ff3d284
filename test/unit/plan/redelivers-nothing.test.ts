import { expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

const queue = 'queues: { q: { items: [a], on_consumer_death: redeliver } }\n';

function findings(text: string): readonly (readonly [string, string | null | undefined])[] {
  return planText(queue + text).diagnostics.map(({ code, hint }) => [code, hint]);
}

it.each([
  ['a program', 'processes: { a: { command: x, replicas: 2, uses: { q: get } } }', expect.stringContaining('`uses: { q: [get, task_done] }`')],
  ['a step', 'processes: { a: { steps: [ { get: q } ] } }', expect.stringContaining('`each: q`, or add a step `task_done: q`')],
  ['a stdin', 'processes: { a: { command: x, stdin: { queue: q } } }', expect.stringContaining('`tasks: { queue: q }`')],
])('warns where the only consumer has nothing in hand: %s', (_, text, hint) => {
  expect(findings(text)).toEqual([['MP520', hint]]);
});

it.each([
  ['a program of several', 'processes: { a: { command: x, uses: { q: get } }, b: { command: x, uses: { q: [get, task_done] } } }'],
  ['an `each`', 'processes: { a: { steps: [ { each: q, do: [ { run: x } ] } ] } }'],
  ['steps', 'processes: { a: { steps: [ { get: q }, { task_done: q } ] } }'],
  ['the program of a pool', 'pools: { p: { command: x, tasks: [a], uses: { q: [get, task_done] } } }'],
  ['the steps of a pool', 'pools: { p: { tasks: [a], steps: [ { get: q }, { task_done: q } ] } }'],
  ['a pool', 'pools: { p: { command: x, tasks: { queue: q } } }'],
])('says nothing where one has items in hand: %s', (_, text) => {
  expect(findings(text)).toEqual([]);
});

it('says nothing of a queue that drops', () => {
  expect(planText('queues: { q: { items: [a] } }\nprocesses: { a: { command: x, uses: { q: get } } }').diagnostics).toEqual([]);
});
