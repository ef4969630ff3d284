import { expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

function stopped(text: string, seed: number): readonly string[] {
  return play(text, { seed }).events.flatMap((event) => (event.type === 'instance.ended' && event.state === 'stopped' ? [event.instance] : []));
}

it.each(Array.from({ length: 12 }, (_, seed) => seed))('whoever is ended by a step does nothing more, though it was his turn in the same moment (seed %i)', (seed) => {
  expect(stopped('processes: { a: { steps: [{ terminate: b }] }, b: { steps: [{ terminate: a }] } }', seed)).toHaveLength(1);
  expect(stopped('processes: { a: { steps: [{ kill: b }, { kill: c }] }, b: { replicas: 2, steps: [{ kill: a }] }, c: { steps: [{ sleep: 1s }] } }', seed)).not.toEqual(['a', 'b-1', 'b-2']);
});
