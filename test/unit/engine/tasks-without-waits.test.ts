import { expect, it } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { play } from '../../rig/virtual-play.ts';

function spec(tasks: number): string {
  return `pools: { p: { workers: 3, tasks: { range: [1, ${String(tasks)}] }, steps: [{ exit: 0 }] } }`;
}

it('after some tasks that wait for nothing the run hears of what else has happened', () => {
  const engine = new Engine(planOf(spec(2000)), { runId: 'run', runFolder: '/run', environment: {}, random: () => 0.5, signalNumber: () => 0, lineOf: () => null, isUnderMake: false });
  const ended = engine.step({ type: 'begin' }, 0).filter((effect) => effect.type === 'report' && effect.event.type === 'task.ended');
  expect(ended.length).toBeGreaterThan(0);
  expect(ended.length).toBeLessThan(500);
  expect(engine.nextWakeMs()).toBe(0);
});

it('they all come to their end nevertheless', () => {
  expect(play(spec(700)).ended('p')).toMatchObject({ state: 'succeeded', succeeded: 700 });
});
