import { expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

const room = `
locks: { l: }
semaphores: { s: 2 }
events: { go: , over: , taken: }
processes:
  x: { steps: [{ acquire: { name: s, permits: 2 } }, { set: go }, { sleep: 1h }] }
  b: { steps: [{ wait: go }, { release: { name: s, permits: 2 } }, { set: over }] }
  c: { steps: [{ wait: over }, { acquire: { name: s, permits: 2 } }, { set: taken }, { acquire: l }] }
  d: { steps: [{ acquire: l }, { wait: taken }, { acquire: s }] }
`;

it('knows of one off whom several permits are taken in one step that he has none left, so that nobody waits for him', () => {
  const run = play(room);
  expect(run.of('warning').map(({ message }) => message)).toEqual(['`b` released 2 permits of `s` that `x` held']);
  const [deadlock] = run.of('run.deadlock');
  expect(deadlock?.cycle.map(({ instance }) => instance).toSorted()).toEqual(['c', 'd']);
  expect(deadlock?.at).toBeLessThan(60_000);
});
