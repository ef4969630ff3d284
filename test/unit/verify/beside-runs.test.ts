/* Specs of which the check was wrong, each beside a run of it. */
import { describe, expect, it } from 'vitest';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import type { ScheduledOperation } from '../../../src/schedule/schedule.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { replay } from '../../property/verify/replay.ts';
import { play } from '../../rig/virtual-play.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

const deadlocking: readonly (readonly [what: string, spec: string])[] = [
  [
    'who is started again puts again',
    'queues: { q: { capacity: 2 } }\nprocesses: { p: { steps: [{ put: q, item: 1 }] }, m: { steps: [{ join: p }, { start: p }, { join: p }, { start: p }, { join: p }, { get: q }, { get: q }, { get: q }] } }',
  ],
  [
    'steps come in place of a command that took too long',
    'locks: { l: , k: }\nprocesses: { p: { steps: [{ acquire: l }, { run: sleep 500, timeout: 10ms, on_timeout: [{ acquire: k }] }] }, m: { steps: [{ acquire: k }, { sleep: 5ms }, { acquire: l }] } }',
  ],
  [
    'a command has taken too long, and has given its slot back',
    'max_parallel: 1\nlocks: { l: , k: }\nprocesses: { p: { steps: [{ acquire: l }, { run: sleep 500, timeout: 10ms, on_timeout: [{ run: sleep 5 }, { acquire: k }] }] }, m: { steps: [{ acquire: k }, { sleep: 5ms }, { acquire: l }] } }',
  ],
  [
    'what an attempt has closed the next one has not',
    'on_failure: continue\nqueues: { q: { capacity: 1 } }\nprocesses: { p: { restart: on_failure, max_restarts: 1, backoff: { initial: 10ms }, steps: [{ put: q, item: 1 }, { close: q }, { exit: 1 }] }, c: { depends_on: { p: { condition: exit } }, steps: [{ get: q }] } }',
  ],
  [
    'a pool that is started again has its tasks again',
    'locks: { l: }\npools: { w: { workers: 1, autostart: false, tasks: [1], steps: [{ with: l, do: [{ print: x }] }] } }\nprocesses: { m: { steps: [{ start: w }, { join: w }, { acquire: l }, { start: w }, { join: w }] } }',
  ],
  [
    'what somebody has in hand may come back to its queue',
    'queues: { q: { items: [1], on_consumer_death: redeliver } }\nprocesses: { b: { steps: [{ each: q, as: i, do: [{ get: q }] }] } }',
  ],
  [
    'a pool has in hand what may come back to the queue of its tasks',
    'queues: { q: { items: [1], on_consumer_death: redeliver } }\npools: { w: { workers: 1, tasks: { queue: q }, steps: [{ each: q, as: i, do: [{ print: x }] }] } }',
  ],
  [
    'the task of a pool that somebody ends is done with its item, which does not come back',
    'queues: { q: { items: [1], on_consumer_death: redeliver } }\nevents: { begun: , go: }\npools: { p: { workers: 1, tasks: { queue: q }, steps: [{ set: begun }, { wait: go }] } }\nprocesses: { m: { steps: [{ wait: begun }, { terminate: p }, { get: q }, { set: go }] }, z: { steps: [{ join: m }, { put: q, item: 2 }] } }',
  ],
  [
    'somebody was to be started whose program is still on its way to its end',
    'on_failure: continue\nlocks: { l: , k: }\nprocesses: { w: { command: trap SIGTERM 10 0; forever }, m: { steps: [{ sleep: 2ms }, { terminate: w }, { with: k, allow_failure: true, do: [{ start: w }, { exit: 0 }] }, { acquire: l }, { join: n }] }, n: { steps: [{ sleep: 1s }, { acquire: l }] } }',
  ],
  [
    'a pool was to be started of which a task is still on its way to its end',
    'on_failure: continue\nlocks: { l: , k: }\npools: { w: { workers: 1, tasks: [1], command: trap SIGTERM 10 0; forever } }\nprocesses: { m: { steps: [{ sleep: 2ms }, { terminate: w }, { with: k, allow_failure: true, do: [{ start: w }, { exit: 0 }] }, { acquire: l }, { join: n }] }, n: { steps: [{ sleep: 1s }, { acquire: l }] } }',
  ],
  ...(['tasks: [1, 2], ', ''] as const).map((tasks): readonly [string, string] => [
    `a pool that was ended and is started again has no task that was left of before, ${tasks === '' ? 'which was submitted' : 'but its own anew'}`,
    `on_failure: continue\nqueues: { out: { capacity: 9 }, first: { items: [1] } }\nevents: { begun: , never: }\npools: { p: { workers: 1, ${tasks}steps: [{ get: first, block: false, on_timeout: [{ put: out, item: 1 }, { exit: 0 }] }, { set: begun }, { wait: never }] } }\nprocesses: { m: { steps: [${tasks === '' ? '{ submit: p, items: [1, 2] }, ' : ''}{ wait: begun }, { sleep: 3ms }, { terminate: p }, { join: p }, { start: p }, { get: out }${tasks === '' ? '' : ', { get: out }, { get: out }'}] }, z: { steps: [{ join: m }, { put: out, item: 1 }, { set: never }, { put: first, item: 1 }] } }`,
  ]),
  [
    'steps stand behind a shutdown, which whoever waits for them does not know of',
    'events: { e: , f: }\nprocesses: { p: { steps: [{ wait: f }, { shutdown: 0 }, { set: e }] }, q: { steps: [{ wait: e }, { set: f }] } }',
  ],
  [
    'whoever waits for what somebody has done, who lives, is the one who may start him again',
    'events: { e: }\nprocesses: { s: { autostart: false, steps: [{ set: e }, { clear: e }, { join: w }] }, m: { steps: [{ start: s }] }, w: { depends_on: { m: { condition: success } }, steps: [{ sleep: 5ms }, { wait: e }, { start: s }] } }',
  ],
  [
    'what somebody waits for, who lives, is started again by who waits for what he has put',
    'queues: { q: { items: [1] } }\nprocesses: { s: { autostart: false, steps: [{ put: q, item: 1 }, { join: w }] }, m: { steps: [{ start: s }] }, w: { depends_on: { m: { condition: success } }, steps: [{ sleep: 5ms }, { each: q, as: i, do: [{ print: x }] }, { start: s }] } }',
  ],
  [
    'what somebody waits for he does himself behind a step that is refused, in place of one that took too long',
    'events: { go: }\nqueues: { q: { capacity: 1 } }\nprocesses: { b: { wait_for: [go], steps: [{ close: q }, { put: q, item: 1, timeout: 40ms, on_timeout: [{ set: go }] }] }, c: { steps: [{ get: q }] } }',
  ],
  [
    'what a program has written waits for room longer than it may run',
    'queues: { q: { capacity: 1 } }\nprocesses: { c: { command: "print x; print y; print z", timeout: 60ms, stdout: { queue: q } }, d: { depends_on: { c: { condition: exit } }, steps: [{ each: q, as: i, do: [{ print: x }] }] } }',
  ],
];

/** A run of it need not. */
const programTakesTheLock =
  'locks: { l: }\nconditions: { c: { lock: l } }\nprocesses: { p: { command: exit 0, uses: { c: notify } }, m: { steps: [{ with: l, do: [{ join: p }] }] }, w: { steps: [{ with: l, do: [{ wait: c, allow_failure: true }] }] } }';

describe('a deadlock is found', () => {
  it.each(deadlocking)('where %s', (_, spec) => {
    expect(play(spec).end.exitCode).toBe(5);
    expect(judge(validPlan(spec), budget).verdict.type).toBe('counterexample');
  });

  it.each([
    ['set an event', '{ set: e }', '{ wait: e }'],
    ['put an item', '{ put: q, item: 1 }', '{ get: q }'],
    ['taken one', '{ get: i }', '{ put: i, items: [1, 2] }'],
    ['notified a condition', '{ with: k, do: [{ notify: c }] }', '{ wait: c }'],
  ])('where somebody is alive a moment longer after he has %s, and cannot be started again', (_, last, wait) => {
    const spec = `
locks: { k: , l: , m: }
events: { e: }
queues: { q: , i: { capacity: 1 } }
conditions: { c: { lock: k } }
processes:
  s: { autostart: false, steps: [${last}] }
  a: { steps: [{ with: k, allow_failure: true, do: [{ start: s }, ${wait}, { start: s }, { exit: 0 }] }, { acquire: l }, { sleep: 300ms }, { acquire: m }] }
  b: { steps: [{ sleep: 100ms }, { acquire: m }, { sleep: 300ms }, { acquire: l }] }
`;
    const plan = validPlan(spec);
    const codes = new Set(Array.from({ length: 20 }, (_element, seed) => runVirtually(plan, { seed }).end.exitCode));
    expect(codes).toContain(5);
    expect(judge(plan, budget).verdict.type).toBe('counterexample');
  });

  it('where a program has to take the lock of a condition to notify it', () => {
    expect(judge(validPlan(programTakesTheLock), budget).verdict.type).toBe('counterexample');
  });
});

it.each([
  ['whose end is awaited before', 'command: sleep 30', '{ join: w }, '],
  ['whose steps wait', 'steps: [{ wait: go }]', ''],
])('somebody is started again %s', (_, body, waits) => {
  const text = `on_failure: continue\nlocks: { l: , k: }\nevents: { go: }\nprocesses: { w: { ${body} }, m: { steps: [{ sleep: 2ms }, { terminate: w }, ${waits}{ with: k, allow_failure: true, do: [{ start: w }, { set: go }, { exit: 0 }] }, { acquire: l }, { join: n }] }, n: { steps: [{ sleep: 1s }, { acquire: l }] } }`;
  expect(play(text).end.exitCode).toBe(0);
  expect(judge(validPlan(text), budget).verdict.type).toBe('proved');
});

describe('a deadlock beside somebody who may fail, and so end the run', () => {
  const pair = 'a: { steps: [{ acquire: l }, { sleep: 5ms }, { acquire: k }] }, b: { steps: [{ acquire: k }, { sleep: 5ms }, { acquire: l }] }';
  const spec = (others: string): string => `locks: { l: , k: }\nevents: { e: , f: }\nprocesses: { ${pair}, ${others} }`;

  it.each([
    ['with his time', spec('c: { steps: [{ wait: e, timeout: 1h }] }, d: { depends_on: [a], steps: [{ set: e }] }'), ['a', 'b'], ['d']],
  ])('is told where it comes before he does, %s', (_, text, names, behind) => {
    expect(play(text).end.exitCode).toBe(5);
    const { verdict } = judge(validPlan(text), budget);
    expect(verdict.type === 'counterexample' ? [verdict.stuck.map(({ name }) => name), verdict.behind] : verdict.type).toEqual([names, behind]);
  });

  it('is not told of one who waits for what comes of his success', () => {
    const text = 'events: { go: }\npipes: { feed: { from: a, to: b, capacity: 1 } }\nprocesses: { a: { steps: [{ send: feed, item: 1 }, { join: b, timeout: 40ms }], sets: { success: go } }, b: { wait_for: [go], steps: [{ recv: feed }, { set: go }] } }';
    expect(play(text).end.exitCode).toBe(1);
    expect(judge(validPlan(text), budget).verdict.type).not.toBe('counterexample');
  });

  it('is not told where it comes of his failure', () => {
    const text = 'locks: { l: , k: }\nevents: { e: }\nprocesses: { c: { steps: [{ run: exit 1 }], sets: { failure: e } }, a: { wait_for: [e], steps: [{ acquire: l }, { acquire: k }] }, b: { wait_for: [e], steps: [{ acquire: k }, { acquire: l }] } }';
    expect(play(text).end.exitCode).toBe(1);
    expect(judge(validPlan(text), budget).verdict.type).toBe('unsure');
  });
});

describe('a run along the schedule of a deadlock', () => {
  it('comes to it behind a command that takes too long', () => {
    const plan = validPlan('locks: { l: , k: }\nprocesses: { p: { steps: [{ acquire: l }, { run: exit 0, timeout: 10ms, on_timeout: [{ acquire: k }] }] }, m: { steps: [{ acquire: k }, { acquire: l }] } }');
    const { verdict } = judge(plan, budget);
    expect(verdict.type === 'counterexample' ? verdict.steps.map(({ actor, what }) => `${actor} ${what}`) : []).toEqual(['p acquires l', 'p has taken too long', 'm acquires k']);
    expect(verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : null).toMatchObject({ exitCode: 5, departure: null });
  });
});

describe('a run along the schedule of a deadlock', () => {
  it('tells of who is in it, and not of who is held back, whose wait would fail', () => {
    const plan = validPlan(
      'locks: { l: , k: }\nbarriers: { meet: { parties: 2 } }\nprocesses: { a: { steps: [{ wait: meet }] }, idle: { autostart: false, steps: [{ wait: meet }] }, p: { steps: [{ acquire: l }, { acquire: k }] }, m: { steps: [{ acquire: k }, { acquire: l }] } }',
    );
    const { verdict } = judge(plan, budget);
    const { departure, cycle } = verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : { departure: null, cycle: [] };
    expect(departure).toBeNull();
    expect(cycle.map(({ instance }) => instance)).toEqual(['p', 'm']);
  });

  it.each([
    ['another', 'a: { steps: [{ with: l, do: [{ sleep: 50ms }, { join: b }] }] }, b: { steps: [{ acquire: l }] }', '', ['a', 'b']],
    ['a slot of a pool', 'a: { steps: [{ acquire: l }, { join: crew }] }', 'crew: { workers: 2, tasks: [1], steps: [{ sleep: 50ms }, { acquire: l }] }', ['a', 'crew']],
  ])('tells of who is in it, and not of who is held back, where %s in it still sleeps when the schedule is over', (_, processes, pools, names) => {
    const plan = validPlan(`locks: { l: }\npools: { idle: { workers: 1, tasks: [1], steps: [{ sleep: 5ms }] }, ${pools} }\nprocesses: { ${processes} }`);
    const { verdict } = judge(plan, budget);
    const { departure, cycle } = verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : { departure: null, cycle: [] };
    expect(departure).toBeNull();
    expect(cycle.map(({ instance }) => instance).toSorted()).toEqual(names);
  });

  it('comes to it where the tasks of a pool are known to be at their end while one of them waits for what it is to hold', () => {
    const plan = validPlan(
      'semaphores: { s: { permits: 2, fair: true } }\nqueues: { q: { items: [1] } }\npools: { w: { workers: 3, tasks: { queue: q }, with: [s], steps: [{ with: { name: s, permits: 2 }, allow_failure: true, do: [{ print: x }] }] } }',
    );
    const { verdict } = judge(plan, budget);
    expect(verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : null).toMatchObject({ exitCode: 5, departure: null });
  });

  it('comes to it where somebody waits in a line for what one keeps who goes on for ever', () => {
    const plan = validPlan('semaphores: { s: { permits: 2, fair: true } }\nprocesses: { b: { steps: [{ acquire: { name: s, permits: 2 } }] }, c: { with: [s], steps: [{ repeat: forever, do: [{ sleep: 5ms }] }] } }');
    const { verdict } = judge(plan, budget);
    expect(verdict.type === 'counterexample' ? [verdict.keepers.map(({ name }) => name), verdict.schedule.endless] : null).toEqual([['c'], ['c']]);
    expect(verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : null).toMatchObject({ exitCode: 5, departure: null });
  });

  it('has a program fail that only `finally` starts, which was told to be skipped before', () => {
    const plan = validPlan(`
events: { over: , go: }
processes:
  a: { command: exit 0 }
  later: { autostart: false, steps: [{ run: exit 0 }, { set: go }] }
  idle: { autostart: false, steps: [{ set: over }, { wait: go }] }
finally:
  bye: { steps: [{ start: later, allow_failure: true }, { wait: over }] }
  last: { steps: [{ set: over }], depends_on: { bye: { condition: exit } } }
`);
    const { verdict } = judge(plan, budget);
    const { operations = [] } = verdict.type === 'counterexample' ? verdict.schedule : {};
    expect(operations.map(({ instance, op, outcome }) => `${instance} ${op} ${outcome}`)).toContain('later program fails');
    expect(verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : null).toMatchObject({ exitCode: 5, departure: null });
  });

  it('has a program fail in the life that it does so in, and not in one before', () => {
    const plan = validPlan('processes: { s: { autostart: false, steps: [{ run: exit 0 }] }, m: { steps: [{ start: s }, { kill: s }, { start: s }] } }');
    const operations = ['m start s', 'm kill s', 's end', 'm start s', 'm end', 's program'].map((text): ScheduledOperation => {
      const [instance = '', op, ...on] = text.split(' ');
      if (op !== 'start' && op !== 'kill' && op !== 'end' && op !== 'program') throw new Error(op);
      return { instance, op, on, outcome: op === 'program' ? 'fails' : 'done' };
    });
    const { departure, ends } = replay(plan, { operations, waiting: [], endless: [], isWhole: true });
    expect([departure, ends.get('s')]).toEqual([null, 'failed']);
  });
});

/** Two that deadlock where others fail, which submit to a pool that nobody starts. */
const ifFailed = (steps: string): string =>
  `on_failure: continue\nlocks: { k: , l: }\npools: { w: { workers: 1, autostart: false, steps: [{ print: x }] } }\nprocesses: { a: { allow_failure: true, steps: [${steps}] }, c: { depends_on: { a: { condition: failure } }, steps: [{ acquire: k }, { acquire: l }] }, d: { depends_on: { a: { condition: failure } }, steps: [{ acquire: l }, { acquire: k }] } }`;

describe('no deadlock is found', () => {
  it.each([
    ['a program has only so much time, wherever it waits', 'queues: { q: { capacity: 1 } }\nprocesses: { p: { command: exit 0, timeout: 1s, uses: { q: put } }, c: { depends_on: { p: { condition: exit } }, steps: [{ each: q, as: i, do: [{ print: x }] }] } }'],
    ['a command among steps has only so much time, wherever it waits', 'queues: { q: { capacity: 1 } }\nprocesses: { p: { steps: [{ run: exit 0, timeout: 1s }], uses: { q: put } }, c: { depends_on: { p: { condition: exit } }, steps: [{ each: q, as: i, do: [{ print: x }] }] } }'],
    ['an `each` is over with the time of one of its waits', 'locks: { l: }\nqueues: { q: }\nprocesses: { p: { steps: [{ acquire: l }, { each: q, as: i, do: [{ print: x }], timeout: 10ms, on_timeout: continue }, { release: l }] }, m: { steps: [{ acquire: l }, { put: q, item: 1 }] } }'],
    ['a wait for the result of a task that nobody runs just has its time', ifFailed('{ submit: w, item: 1, as: r }, { result: r, timeout: 20ms, on_timeout: continue }')],
    ['nobody runs what is submitted, to whoever submits it all the same', ifFailed('{ submit: w, items: [1, 2] }, { submit: w, item: 3 }')],
  ])('where %s', (_, spec) => {
    expect(play(spec).end.exitCode).not.toBe(5);
    expect(judge(validPlan(spec), budget).verdict.type).toBe('proved');
  });
});

describe('no deadlock is certain', () => {
  it('where a program may end before it has read its input to the end', () => {
    const plan = validPlan('queues: { q: }\nprocesses: { a: { steps: [{ put: q, item: 1 }, { join: c }, { put: q, item: 1, allow_failure: true }] }, c: { command: exit 0, stdin: { queue: q } } }');
    expect(judge(plan, budget).verdict.type).toBe('counterexample');
    expect(certainDeadlock(plan, () => budget)).toBeNull();
  });
});

describe('what goes through a pipe', () => {
  it('fails at once where the own end is closed', () => {
    const spec = 'pipes: { x: { between: [a, b] } }\nprocesses: { a: { steps: [{ close: x }, { recv: x, allow_failure: true }] }, b: { steps: [{ join: a }] } }';
    expect(play(spec).end.exitCode).toBe(0);
    expect(judge(validPlan(spec), budget).verdict.type).toBe('proved');
  });

  it('fails in the next attempt as well', () => {
    const spec = 'on_failure: continue\npipes: { x: { from: a, to: b, capacity: 1 } }\nprocesses: { a: { restart: on_failure, max_restarts: 1, backoff: { initial: 10ms }, steps: [{ send: x, item: 1 }, { close: x }, { exit: 1 }] }, b: { steps: [{ join: a }, { recv: x }] } }';
    expect(play(spec).end.exitCode).toBe(1);
    expect(judge(validPlan(spec), budget).verdict.type).toBe('proved');
  });
});

describe('whoever is started again', () => {
  it('has no pipe any more, and those at its other end find that at once', () => {
    const spec = 'on_failure: continue\nlocks: { l: , k: }\npipes: { x: { from: p, to: r } }\nprocesses: { p: { steps: [{ send: x, item: 1 }] }, m: { steps: [{ join: p }, { acquire: l }, { sleep: 5ms }, { acquire: k }, { start: p, allow_failure: true }] }, r: { steps: [{ each: x, as: i, do: [{ print: x }] }, { acquire: k }, { sleep: 5ms }, { acquire: l }] } }';
    expect(play(spec).end.exitCode).toBe(5);
    expect(judge(validPlan(spec), budget).verdict.type).toBe('counterexample');
  });
});

describe('whoever gets what does not come fails, with no loop around but one that is none of its steps', () => {
  const things = 'on_failure: continue\nqueues: { q: { items: [1, 2] }, r: { capacity: 1 } }';
  const others = 'm: { steps: [{ each: q, as: i, do: [{ print: x }] }] }, n: { steps: [{ join: p }, { each: r, as: i, do: [{ print: x }] }] }';

  it.each([
    ['that of the tasks of a slot', `${things}\npools: { p: { depends_on: [m], workers: 1, tasks: [1, 2], steps: [{ put: r, item: 1 }, { get: q }] } }\nprocesses: { ${others} }`],
    ['that of the attempts of a process', `${things}\nprocesses: { p: { depends_on: [m], restart: on_failure, backoff: { initial: 10ms }, steps: [{ put: r, item: 1 }, { get: q }] }, ${others} }`],
  ])('%s', (_, spec) => {
    expect(play(spec).end.exitCode).toBe(5);
    expect(judge(validPlan(spec), budget).verdict.type).toBe('counterexample');
  });
});
