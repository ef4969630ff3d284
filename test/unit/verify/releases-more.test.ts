import { expect, it } from 'vitest';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';
import { replay } from '../../property/verify/replay.ts';

function judged(text: string): Judgement {
  return judge(validPlan(text), { maxStates: 100_000, mayGoOn: () => true });
}

it.each([
  ['[{ repeat: 2, do: [{ acquire: room }, { release: room }] }]', false],
  ['[{ repeat: 2, do: [{ acquire: room }] }, { release: { name: room, permits: 2 } }]', false],
  ['[{ acquire: room, timeout: 1s, on_timeout: [{ exit: 0 }] }, { release: room }]', false],
  ['[{ repeat: forever, do: [{ acquire: room }, { release: room }] }, { release: room }]', false],
  ['[{ each: work, as: one, do: [{ acquire: room }, { print: one }, { release: room }] }]', false],
  ['[{ acquire: room }, { repeat: 2, do: [{ release: room }, { acquire: room }] }, { release: room }]', false],
  ['[{ release: room }]', true],
  ['[{ release: room }, { exit: 0 }]', true],
  ['[{ release: room }, { repeat: forever, do: [{ print: x }] }]', true],
  ['[{ acquire: room }, { repeat: 2, do: [{ release: room }] }]', true],
  ['[{ each: work, as: one, do: [{ acquire: room }] }, { release: room }]', true],
  ['[{ acquire: room, timeout: 1s, on_timeout: continue }, { release: room }]', true],
  ['[{ acquire: room }, { run: [./work], allow_failure: true }, { release: room }]', false],
  ['[{ with: room, do: [{ release: room }] }]', false],
  ['[{ with: { name: room, permits: 2 }, do: [{ release: room }, { acquire: room }] }]', false],
  ['[{ with: room, do: [{ release: room }, { release: room }] }]', true],
  ['[{ with: room, do: [{ release: room }] }, { release: room }]', true],
  ['[{ acquire: room }, { repeat: 2, do: [{ release: room }, { get: work }, { acquire: room }] }, { release: room }]', true],
  ['[{ acquire: room }, { each: work, as: one, do: [{ release: room }, { get: work }, { acquire: room }] }, { release: room }]', true],
  ['[{ repeat: 2, do: [{ get: work }, { acquire: room }] }, { release: { name: room, permits: 2 } }]', true],
  ['[{ repeat: forever, do: [{ get: work }, { acquire: room }] }, { release: room }]', true],
  ['[{ repeat: 2, do: [{ get: work }, { acquire: room }] }, { exit: 0 }]', false],
  ['[{ release: room }], with: room', false],
  ['[{ release: room }, { release: room }], with: room', true],
  ['[{ acquire: room, timeout: 1s, allow_failure: true }, { release: room }]', true],
  ['[{ acquire: room }, { repeat: 1, allow_failure: true, do: [{ release: room }, { run: [./work] }, { acquire: room }] }, { release: room }]', true],
])('of the steps %s it is known that they may release permits without having them: %s', (steps, isLoose) => {
  const { model } = compilePlan(validPlan(`semaphores: { room: 3 }\nqueues: { work: { items: [1] } }\nprocesses:\n  a: { steps: ${steps} }\n`));
  const room = model.resources.find(({ name }) => name === 'room');
  expect(room).toMatchObject(isLoose ? { loose: 'bounded' } : { kind: 'permits' });
  expect(room !== undefined && 'loose' in room).toBe(isLoose);
});

const released = `
locks: { left: , right: }
events: { done: , go: }
processes:
  a: { steps: [{ with: [left, right], do: [{ release: left }] }, { set: done }, { wait: go }] }
`;

it('of which some has released a part of its `with` before is proved, since the rest comes back with that', () => {
  const spec = `${released}  b: { wait_for: [done], with: right, steps: [{ set: go }] }\n`;
  expect(judged(spec).verdict.type).toBe('proved');
  expect(play(spec).end.exitCode).toBe(0);
});

it('of which some has released a part of its `with` before, and deadlocks behind that, deadlocks so in a run', () => {
  const spec = `${released}  b: { wait_for: [done], with: right, steps: [{ join: a }, { set: go }] }\n`;
  const { verdict } = judged(spec);
  const replayed = verdict.type === 'counterexample' ? replay(validPlan(spec), verdict.schedule) : null;
  expect(replayed).toMatchObject({ exitCode: 5, departure: null });
});

it.each(['2', 'forever'])('of a loop that the end of a stream cuts short before it has taken as much is known that others may lose it: %s', (rounds) => {
  const spec = `on_failure: continue\nsemaphores: { room: { permits: 2, bounded: false } }\nqueues: { work: { items: [1] } }\nprocesses:\n  a: { steps: [{ repeat: ${rounds}, do: [{ get: work }, { acquire: room }] }, { release: { name: room, permits: 2 } }] }\n  b: { steps: [{ join: a }, { acquire: { name: room, permits: 3 } }] }\n`;
  expect(judged(spec).verdict.type).toBe('proved');
  expect(play(spec).end.exitCode).toBe(0);
});
