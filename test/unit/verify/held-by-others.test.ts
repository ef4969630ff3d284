import { expect, it } from 'vitest';
import { leavesOut } from '../../../src/verify/assumption.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { calls, seenOf } from '../../rig/waiting-programs.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

it('whoever waits for more of a semaphore than there ever is waits for ever, though he would give it back', () => {
  const text = 'semaphores: { slots: { permits: 0, bounded: false } }\nprocesses: { a: { steps: [{ with: { name: slots, permits: 2 }, do: [{ release: { name: slots, permits: 2 } }, { exit: 1 }] }] } }';
  expect(play(text).end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it.each([
  ['from its start on', 'with: [tree], command: forever'],
  ['by a step', 'steps: [{ with: tree, do: [{ run: forever }] }]'],
])('a program waits for ever for a reentrant lock that its instance has %s: it is another thread', (_, b) => {
  const text = `locks: { tree: { reentrant: true } }\nprocesses: { a: { steps: [{ sleep: 200ms }, { acquire: tree }] }, b: { uses: { tree: acquire }, ${b} } }`;
  const played = play(text, { calls: calls([[9, 'b 1/1', 'lock.acquire', { holds: ['tree'] }]]), looks: (__, standing) => seenOf(standing, {}) });
  expect(played.end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it('the time of an attempt may be over behind its last step', () => {
  const text = `
on_failure: continue
locks: { left: , right: }
events: { go: }
processes:
  m: { timeout: 1ms, steps: [{ set: go }] }
  w: { steps: [{ wait: go }] }
  u: { depends_on: { m: { condition: failure } }, steps: [{ acquire: left }, { sleep: 1s }, { acquire: right }] }
  v: { depends_on: { m: { condition: exit } }, steps: [{ acquire: right }, { sleep: 1s }, { acquire: left }] }`;
  expect(Array.from({ length: 20 }, (_, seed) => play(text, { seed }).end.exitCode)).toContain(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it('a result of a pool that nobody starts fails, also where it is of several tasks', () => {
  const text = 'on_failure: continue\npools: { crew: { autostart: false, halt: { after: 1 }, steps: [{ sleep: 1ms }] } }\nprocesses: { a: { steps: [{ submit: crew, items: [1, 2], as: r }, { result: r }] } }';
  expect(play(text).end.exitCode).toBe(1);
  expect(judge(validPlan(text), budget).verdict.type).toBe('proved');
});

it('but steps take such a lock again', () => {
  const text = `
on_failure: continue
locks: { tree: { reentrant: true }, left: , right: }
processes:
  a: { uses: { tree: acquire }, steps: [{ run: sleep 1 }, { with: tree, do: [{ with: tree, do: [{ sleep: 1ms }] }] }] }
  u: { depends_on: { a: { condition: success } }, steps: [{ acquire: left }, { sleep: 1s }, { acquire: right }] }
  v: { depends_on: { a: { condition: exit } }, steps: [{ acquire: right }, { sleep: 1s }, { acquire: left }] }`;
  expect(play(text).end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it('a command that cannot be started has no moment `start`', () => {
  const text = `
on_failure: continue
locks: { left: , right: }
queues: { work: { items: [1] } }
processes:
  c: { command: fail 127 }
  m: { depends_on: { c: { condition: start } }, steps: [{ each: work, as: i, do: [{ print: x }] }] }
  v: { depends_on: { m: { condition: exit } }, steps: [{ acquire: left }, { sleep: 1s }, { acquire: right }] }
  w: { depends_on: { m: { condition: exit } }, steps: [{ each: work, as: i, do: [{ acquire: right }, { sleep: 1s }, { acquire: left }] }] }`;
  expect(play(text).end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it('a program that waits at a barrier may break it for the others, and wait there again', () => {
  const text = `
on_failure: continue
locks: { left: , right: }
barriers: { meet: { parties: 2 } }
processes:
  a: { command: sleep 50, uses: { meet: wait } }
  b: { steps: [{ wait: meet }] }
  c: { depends_on: { b: { condition: exit } }, steps: [{ wait: meet }] }
  u: { depends_on: { b: { condition: failure }, c: { condition: success } }, steps: [{ acquire: left }, { sleep: 1s }, { acquire: right }] }
  v: { depends_on: { b: { condition: failure }, c: { condition: exit } }, steps: [{ acquire: right }, { sleep: 1s }, { acquire: left }] }`;
  const asked = [[9, 'a 1/1', 'barrier.reset', { name: 'meet' }], [20, 'a 1/1', 'barrier.wait', { name: 'meet' }]] as const;
  expect(play(text, { calls: calls(asked) }).end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it('a task that waits for an item that only its own pool could put waits for ever', () => {
  const text = 'queues: { work: }\npools: { crew: { tasks: [1], steps: [{ get: work }, { put: work, item: 1 }] } }';
  expect(play(text).end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it('a proof says that a program is held to be done with each item before it takes the next', () => {
  const text = 'queues: { work: { items: [1], on_consumer_death: redeliver } }\nprocesses: { a: { command: x, uses: { work: [get, task_done] } }, b: { steps: [{ join: work }] } }';
  expect(judge(validPlan(text), budget).assumptions.map((assumption) => assumption.text)).toContain('the program of `a` is done with an item of `work` before it waits for anything else');
});

it('a proof leaves out what a daemon starts when all others have ended', () => {
  const text = `
locks: { left: }
processes:
  a: { steps: [{ sleep: 5ms }] }
  late: { autostart: false, steps: [{ acquire: left }] }
daemons: { b: { steps: [{ acquire: left }, { join: a }, { start: late }, { join: late }] } }`;
  expect(Array.from({ length: 20 }, (_, seed) => play(text, { seed }).end.exitCode)).toContain(5);
  const { verdict, assumptions } = judge(validPlan(text), budget);
  expect(verdict.type !== 'proved' || leavesOut(assumptions)).toBe(true);
});
