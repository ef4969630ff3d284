import { expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

it.each([
  ['a `with` of steps', '{ steps: [{ with: [a, b], do: [{ release: a }] }, { sleep: 90ms }] }'],
  ['a `with` that fails', '{ steps: [{ with: [a, b], allow_failure: true, do: [{ release: a }, { run: exit 1 }] }, { sleep: 90ms }] }'],
  ['the `with` of a process', '{ with: [a, b], steps: [{ release: a }] }'],
])('gives back at the end of %s what is left of it', (_, first) => {
  const played = play(`
locks: { a: , b: }
processes:
  first: ${first}
  other: { steps: [{ sleep: 10ms }, { with: [a, b], do: [{ print: both }] }] }
`);
  expect(played.output.map(({ atMs, text }) => [atMs, text])).toEqual([[10, 'both']]);
  expect(played.end.exitCode).toBe(0);
  expect(played.events.filter((event) => event.type === 'instance.granted' && event.ownerDied.length > 0)).toEqual([]);
});

it.each([
  ['a `with` of steps', '{ steps: [{ with: s, do: [{ release: s }] }, { sleep: 90ms }] }'],
  ['the `with` of a process', '{ with: s, steps: [{ release: s }] }'],
  ['the `with` of a task', null],
])('gives no more back at the end of %s than is left of it', (_, first) => {
  const pool = 'pools: { first: { workers: 1, tasks: [1], with: s, steps: [{ release: s }] } }';
  const played = play(`
semaphores: { s: { permits: 2, bounded: false } }
${first === null ? pool : ''}
processes:
${first === null ? '' : `  first: ${first}`}
  one: { with: s, command: sleep 50 }
  two: { steps: [{ sleep: 10ms }, { with: { name: s, permits: 2 }, do: [{ print: both }] }] }
`);
  expect(played.output.map(({ atMs, text }) => [atMs, text])).toEqual([[50, 'both']]);
});
