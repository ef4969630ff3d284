import { expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

it.each<[string, readonly string[] | string]>([
  ['cannot be read', 'no such file'],
  ['are at their end', []],
])('a task and a process that wait for each other are told as well where the tasks of the pool %s only after that', (_, source) => {
  const text = `
events: { go: , begun: , e: }
locks: { l: }
pools: { p: { workers: 2, tasks: { lines: t }, wait_for: [go], allow_failure: true, steps: [{ acquire: l }, { set: begun }, { wait: e }] } }
processes:
  a: { steps: [{ submit: p, item: 1 }, { set: go }] }
  n: { wait_for: [begun], steps: [{ acquire: l }, { set: e }] }
`;
  expect(play(text, { sources: { p: source }, slowSourcesMs: 2000 }).end.exitCode).toBe(5);
});
