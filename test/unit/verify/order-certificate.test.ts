import { describe, expect, it } from 'vitest';
import { findActors } from '../../../src/verify/actor-world.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { certifyOrder, type OrderCertificate } from '../../../src/verify/order-certificate.ts';
import { eatOnce, leftForkFirst, oneLeftHanded } from '../../rig/benchmark-models.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

function certificateOf(text: string): OrderCertificate {
  return certifyOrder(findActors(compilePlan(validPlan(text)).model));
}

it.each([
  ['philosophers that eat once, forks in one order', eatOnce(8, true), true],
  ['philosophers that eat once', eatOnce(8, false), false],
  ['philosophers, one left-handed', oneLeftHanded(8), true],
  ['philosophers', leftForkFirst(8), false],
])('finds whether there is an order of %s', (_, model, isProof) => {
  expect(certifyOrder(findActors(model)).isProof).toBe(isProof);
});

it('names what is owed and waited for in a circle', () => {
  const { circles } = certificateOf(`
locks: { db: , cache: , other: }
processes:
  api: { steps: [{ acquire: db }, { acquire: cache }, { acquire: other }] }
  worker: { steps: [{ acquire: cache }, { acquire: db }] }
`);
  expect(circles.map((circle) => circle.toSorted())).toEqual([['held:cache', 'held:db']]);
});

it('proves a development stack without a search', () => {
  const text = `
locks: { schema: }
events: { seeded: }
daemons:
  db: { command: postgres, readiness_probe: { tcp_socket: { port: 5432 } } }
processes:
  migrate: { command: m, depends_on: [db], with: schema }
  seed: { command: s, depends_on: [migrate], sets: { success: seeded }, with: schema }
  e2e: { replicas: 40, command: t, wait_for: [seeded], with: schema }
`;
  expect(certificateOf(text)).toEqual({ isProof: true, circles: [] });
});

it('does not take a daemon that keeps what others need for somebody who gives it back', () => {
  const text = `
semaphores: { mem: 4 }
daemons: { cache: { command: x, with: { name: mem, permits: 4 } } }
processes: { job: { command: x, with: mem } }
`;
  expect(certificateOf(text)).toEqual({ isProof: false, circles: [] });
});

it('proves stages of jobs, each of which waits for all before it', () => {
  const jobs = (stage: number): string =>
    `  s${String(stage)}: { replicas: 8, command: x, with: [tests]${stage === 0 ? '' : `, depends_on: [s${String(stage - 1)}]`} }`;
  const text = `max_parallel: 4\nlocks: { tests: }\nprocesses:\n${[0, 1, 2].map(jobs).join('\n')}\n`;
  expect(certificateOf(text).isProof).toBe(true);
});

it.each([
  ['works on what they put into a queue, and whose results somebody reads', 'worker: serve, tasks: { queue: jobs }, results: { queue: out }', 'put: jobs, items: [1, 2, 3]'],
  ['works on what they submit, and wait for', 'worker: serve', 'submit: crew, items: [1, 2], as: r }, { result: r'],
  ['is halted by its first failure', 'command: x, halt: { after: 1 }', 'submit: crew, items: [1, 2], as: r }, { result: r'],
])('proves without a search a pool that may take no more of its tasks, and %s', (_, pool, step) => {
  const text = `
queues: { jobs: { capacity: 4 }, out: { capacity: 4 } }
pools: { crew: { workers: 3, ${pool} } }
processes:
  a: { replicas: 3, steps: [{ run: x }, { ${step} }] }
  c: { steps: [{ each: out, do: [{ run: x }] }] }
`;
  expect(certificateOf(text)).toEqual({ isProof: true, circles: [] });
});

it.each([
  ['a task is one command', 'command: x'],
  ['a task waits for a lock that nobody else keeps', 'with: [db], steps: [{ run: x }]'],
  ['the next pool does the same', 'steps: [{ submit: third, items: [1, 2], as: r }, { result: r }]'],
])('proves without a search tasks that hand others to a pool and wait for them, however many there are, where %s', (_, inner) => {
  const text = `
locks: { db: }
pools:
  outer: { workers: 8, tasks: { range: [1, 100] }, steps: [{ run: x }, { submit: inner, items: [1, 2, 3], as: r }, { result: r }, { run: x }] }
  inner: { workers: 4, ${inner} }
  third: { workers: 2, command: x }
`;
  expect(certificateOf(text)).toEqual({ isProof: true, circles: [] });
});

it.each([
  ['back to the pool that waits for them', 'workers: 4, steps: [{ submit: outer, item: 1, as: r }, { result: r }]', '{ submit: inner, item: 1, as: r }, { result: r }'],
  ['and need what the one that waits for them holds', 'workers: 4, with: [db], command: x', '{ with: db, do: [{ submit: inner, item: 1, as: r }, { result: r }] }'],
])('finds no order of tasks that hand others %s', (_, inner, outer) => {
  expect(certificateOf(`locks: { db: }\npools:\n  outer: { workers: 2, tasks: [1, 2], steps: [${outer}] }\n  inner: { ${inner} }\n`).isProof).toBe(false);
});

it('proves without a search who puts again and again, and waits each time until all of it is done', () => {
  const text = `
queues: { jobs: { capacity: 2 } }
processes:
  boss: { steps: [{ repeat: 50, do: [{ put: jobs, items: [1, 2, 3] }, { join: jobs }] }] }
  hand: { replicas: 3, steps: [{ each: jobs, do: [{ run: x }] }] }
`;
  expect(certificateOf(text)).toEqual({ isProof: true, circles: [] });
});

describe('a pool whose results, as many as it has tasks, go into a queue with little room', () => {
  const spec = (link: string): string => `
queues: { built: { capacity: 4 } }
pools:
  compile: { workers: 8, tasks: { range: [1, 200] }, command: x, results: { queue: built } }
  link: { workers: 4, tasks: { queue: built }, ${link} }
`;

  it('is proved without a search where another pool takes them', () => {
    expect(certificateOf(spec('command: x'))).toEqual({ isProof: true, circles: [] });
  });

  it('is not where tasks that take them wait for its end', () => {
    expect(certificateOf(spec('steps: [{ join: compile }]')).isProof).toBe(false);
  });
});

describe('a semaphore that limits a rate', () => {
  const spec = (refill: string, tokens = '{ permits: 0, bounded: false }', calls = '{ acquire: tokens }, { run: x }'): string => `
locks: { log: }
events: { go: }
semaphores: { tokens: ${tokens} }
daemons: { refill: { steps: [${refill}] } }
pools: { crew: { workers: 8, tasks: { range: [1, 500] }, steps: [${calls}] } }
processes: { a: { replicas: 3, steps: [{ repeat: 20, do: [${calls}] }, { set: go }] } }
`;

  it.each([
    ['one after the other', spec('{ repeat: forever, do: [{ sleep: 1s }, { release: tokens }] }')],
    ['several at once, for who takes several', spec('{ repeat: forever, do: [{ sleep: 1s }, { release: { name: tokens, permits: 5 } }] }', '{ permits: 0, bounded: false }', '{ acquire: { name: tokens, permits: 2 } }, { run: x }')],
    ['up to a bound', spec('{ repeat: forever, do: [{ sleep: 1s }, { release: tokens, allow_failure: true }] }', '3')],
    ['and writes that down, as who takes one does', spec('{ repeat: forever, do: [{ release: tokens }, { with: log, do: [{ run: x, allow_failure: true }] }] }', '{ permits: 0, bounded: false }', '{ acquire: tokens }, { with: log, do: [{ run: x }] }')],
  ])('is proved without a search where a daemon refills it for ever, %s', (_, text) => {
    expect(certificateOf(text)).toEqual({ isProof: true, circles: [] });
  });

  it.each([
    ['waits for what comes only behind that', spec('{ repeat: forever, do: [{ wait: go }, { release: tokens }] }')],
    ['writes that down, and who takes one keeps others from it', spec('{ repeat: forever, do: [{ release: tokens }, { with: log, do: [{ run: x, allow_failure: true }] }] }', '{ permits: 0, bounded: false }', '{ with: log, do: [{ acquire: tokens }, { run: x }] }')],
    ['gives more at once than may have been taken', spec('{ repeat: forever, do: [{ sleep: 1s }, { release: { name: tokens, permits: 2 }, allow_failure: true }] }', '3')],
    ['ends with a command that fails', spec('{ repeat: forever, do: [{ run: x }, { release: tokens }] }')],
    ['does so only some times', spec('{ repeat: 5, do: [{ release: tokens }] }, { repeat: forever, do: [{ sleep: 1s }] }')],
    ['gives it back only together with what may be refused', spec('{ repeat: forever, do: [{ sleep: 1s }, { release: [tokens, others], allow_failure: true }] }').replace('semaphores: {', 'semaphores: { others: 1,')],
    ['gives it back up to a bound only together with another one', spec('{ repeat: forever, do: [{ sleep: 1s }, { release: [tokens, others], allow_failure: true }] }', '3').replace('semaphores: {', 'semaphores: { others: 1,')],
    ['takes some of it as well', spec('{ repeat: forever, do: [{ with: tokens, do: [{ print: x }] }, { release: tokens }] }')],
  ])('is in no order where the daemon %s', (_, text) => {
    expect(certificateOf(text).isProof).toBe(false);
  });

  it('of which somebody stops the refill is in no order either', () => {
    const text = spec('{ repeat: forever, do: [{ sleep: 1s }, { release: tokens }] }').replace('processes: {', 'processes: { stop: { steps: [{ terminate: refill }] },');
    expect(certificateOf(text).isProof).toBe(false);
  });
});

it('does not hold a wait at a condition that nobody notifies any more for a way out of a loop', () => {
  const text = (notifies: string): string => `
locks: { m: }
conditions: { changed: { lock: m } }
daemons: { b: { steps: [{ repeat: forever, do: [{ with: m, do: [{ wait: changed, block: false, on_timeout: [{ exit: 0 }], allow_failure: true }] }] }] } }
processes:
  a: { steps: [{ join: b }] }
  idle: { ${notifies}steps: [{ with: m, do: [{ notify: changed }] }] }
`;
  expect(certificateOf(text('autostart: false, ')).isProof).toBe(false);
});
