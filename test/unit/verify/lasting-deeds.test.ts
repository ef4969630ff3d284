/* What an instance is held to be able to do until its end, in a run and in a proof alike. */
import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

/** `b` runs a program that does nothing of what it may do, and waits for somebody who waits for that. */
const notDone: readonly (readonly [what: string, spec: string])[] = [
  ['puts into a queue', 'queues: { q: }\npools: { c: { tasks: { queue: q }, command: exit 0 } }\nprocesses: { b: { uses: { q: put }, steps: [{ run: exit 0 }, { join: c }] } }'],
  ['submits to a pool', 'pools: { c: { command: exit 0 } }\nprocesses: { b: { uses: { c: submit }, steps: [{ run: exit 0 }, { join: c }] } }'],
  ['sets an event', 'events: { e: }\nprocesses: { b: { uses: { e: set }, steps: [{ run: exit 0 }, { join: c }] }, c: { steps: [{ wait: e }] } }'],
  ['comes to a barrier', 'barriers: { m: { parties: 2 } }\nprocesses: { b: { uses: { m: wait }, steps: [{ run: exit 0 }, { join: c }] }, c: { steps: [{ wait: m }] } }'],
  ['takes from a queue', 'queues: { q: { capacity: 1 } }\nprocesses: { b: { uses: { q: get }, steps: [{ run: exit 0 }, { join: c }] }, c: { steps: [{ put: q, item: 1 }, { put: q, item: 1 }] } }'],
  ['notifies a condition', 'locks: { l: }\nconditions: { n: { lock: l } }\nprocesses: { b: { uses: { n: notify }, steps: [{ run: exit 0 }, { join: c }] }, c: { steps: [{ with: l, do: [{ wait: n }] }] } }'],
];

describe('an instance of whose steps one runs what', () => {
  it.each(notDone)('%s is waited for until its end', (_, spec) => {
    const plan = validPlan(spec);
    expect(play(spec).end.exitCode).toBe(5);
    const judgement = judge(plan, budget);
    expect(judgement.verdict.type).toBe('counterexample');
    // The program may do it after all.
    expect(deadlockFindings(plan, judgement, () => ({ source: { name: '', text: '' }, start: 0, end: 0 }))[0]?.certainty).toBe('possible');
  });
});

it.each([
  ['into a queue', 'queues: { q: }\npools: { c: { tasks: { queue: q }, command: exit 0 } }\nprocesses: { b: { steps: [{ join: c }, { put: q, items: [] }] } }', 5],
  ['into a pool', 'pools: { c: { command: exit 0 } }\nprocesses: { b: { steps: [{ join: c }, { submit: c, items: [] }] } }', 5],
  ['into a pool, for the results', 'pools: { c: { command: exit 0 } }\nprocesses: { b: { steps: [{ join: c }, { submit: c, items: [], as: r }, { result: r }] } }', 5],
  ['in no round of a loop', 'queues: { q: }\npools: { c: { tasks: { queue: q }, command: exit 0 } }\nprocesses: { b: { steps: [{ join: c }, { repeat: 0, do: [{ put: q, item: 1 }] }] } }', 0],
  ['into a queue, and would take from one if that took too long', 'queues: { q: { capacity: 1 } }\nprocesses: { a: { steps: [{ put: q, items: [1, 2] }] }, b: { depends_on: [a], steps: [{ put: q, items: [], timeout: 1ms, on_timeout: [{ get: q }] }] } }', 5],
  ['into a queue, before', 'queues: { q: }\npools: { c: { tasks: { queue: q }, command: exit 0 } }\nprocesses: { b: { steps: [{ put: q, items: [] }, { join: c }] } }', 0],
])('a step that is to come and puts nothing %s is waited for as one that may put something, as in a run', (_, spec, exitCode) => {
  expect(play(spec).end.exitCode).toBe(exitCode);
  expect(judge(validPlan(spec), budget).verdict.type).toBe(exitCode === 5 ? 'counterexample' : 'proved');
});

describe('what an instance has closed', () => {
  const spec = (steps: string): string => `queues: { q: }\npools: { p: { tasks: { queue: q }, command: exit 0 } }\nprocesses: { b: { uses: { q: put }, ${steps} } }`;

  it('by a step its programs have closed as well', () => {
    const closed = spec('steps: [{ run: exit 0 }, { close: q }, { join: p }]');
    expect(play(closed).end.exitCode).toBe(0);
    expect(judge(validPlan(closed), budget).verdict.type).toBe('proved');
  });

  it('another attempt has not', () => {
    const again = spec('restart: on_failure, steps: [{ put: q, item: 1 }, { close: q }, { join: p }]');
    expect(play(again).end.exitCode).toBe(5);
    expect(judge(validPlan(again), budget).verdict.type).toBe('counterexample');
  });
});
