import { describe, expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

const one = '{ get: q }';

/** A queue `q` of which `a` puts, and `b` takes. */
function queueSpec(queue: string, puts: string, takes: string, more = ''): string {
  return `queues: { q: ${queue} }\nprocesses: { a: { steps: [${puts}] }, b: { steps: [${takes}]${more} } }`;
}

describe('MP503: more items are taken than are ever put', () => {
  it.each([
    ['one after the other', queueSpec('', '{ put: q, items: [1, 2] }', `${one}, ${one}, ${one}`)],
    ['with items of the queue itself', queueSpec('{ items: [1] }', '{ put: q, item: 1 }', `${one}, ${one}, ${one}`)],
    ['from a loop with a known number of rounds', queueSpec('', '{ repeat: 2, do: [{ put: q, item: 1 }] }', `${one}, ${one}, ${one}`)],
    ['by a step that may fail', queueSpec('', '{ put: q, items: [1, 2], allow_failure: true }', `${one}, ${one}, ${one}`)],
    ['behind a loop without a round', queueSpec('', '{ put: q, item: 1 }', `{ repeat: 0, do: [{ exit: 0 }] }, ${one}, ${one}`)],
    ['by all the replicas together', 'queues: { q: }\nprocesses: { a: { steps: [{ put: q, items: [1, 2] }] }, b: { replicas: 3, steps: [{ get: q }] } }'],
    ['by the tasks of a pool', 'queues: { q: }\nprocesses: { a: { steps: [{ put: q, items: [1, 2] }] } }\npools: { p: { tasks: [x, y, z], steps: [{ get: q }] } }'],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP503']);
  });

  it.each([
    ['as many', queueSpec('', '{ put: q, items: [1, 2] }', `${one}, ${one}`)],
    ['a list that is known later only', queueSpec('', '{ load: v, as: list }, { put: q, items: "${{ vars.list }}" }', `${one}, ${one}, ${one}`).replace('queues:', 'values: { v: [] }\nqueues:')],
    ['a loop that ends with the queue', queueSpec('', '{ put: q, item: 1 }', `{ repeat: 3, do: [${one}] }`)],
    ['a get that may fail', queueSpec('', '{ put: q, item: 1 }', '{ get: q }, { get: q, allow_failure: true }')],
    ['a get that goes on without', queueSpec('', '{ put: q, item: 1 }', '{ get: q }, { get: q, timeout: 1s, on_timeout: continue }')],
    ['a process that may fail', queueSpec('', '{ put: q, item: 1 }', `${one}, ${one}`, ', allow_failure: true')],
    ['a process that is skipped without a failure', queueSpec('', '{ put: q, item: 1 }', `${one}, ${one}`, ', depends_on: { a: { condition: failure } }')],
    ['who depends on who is skipped', `${queueSpec('', '{ put: q, item: 1 }', `${one}, ${one}`, ', depends_on: [c]')}\n`.replace('processes: {', 'processes: { c: { command: x, depends_on: { d: { condition: failure } } }, d: { command: x },')],
    ['a pool that begins once more', 'queues: { q: }\npools: { p: { tasks: [1], steps: [{ put: q, item: 1 }] } }\nprocesses: { a: { steps: [{ join: p }, { start: p }] }, b: { steps: [{ get: q }, { get: q }] } }'],
    ['a run that a step ends', queueSpec('', '{ put: q, item: 1 }, { shutdown: 0 }', `${one}, ${one}`)],
    ['a get behind an exit that may come', queueSpec('', '{ put: q, item: 1 }', `${one}, { wait: e, timeout: 1s, on_timeout: [{ exit: 0 }] }, ${one}`).replace('queues:', 'events: { e: { set: true } }\nqueues:')],
    ['a process that waits for an outcome', queueSpec('', '{ put: q, item: 1 }', `${one}, ${one}`, ', wait_for: [e]').replace('processes: {', 'events: { e: }\nprocesses: { c: { command: x, sets: { success: e } },')],
    ['a process that is stopped', queueSpec('', '{ put: q, item: 1 }', `${one}, ${one}`).replace('processes: {', 'processes: { c: { steps: [{ terminate: b }] },')],
    ['a daemon, which is stopped', 'queues: { q: }\ndaemons: { b: { steps: [{ get: q }, { get: q }] } }\nprocesses: { a: { steps: [{ put: q, item: 1 }, { join: b }] } }'],
    ['a pool that others submit to', 'queues: { q: }\npools: { p: { tasks: [1], steps: [{ put: q, item: 1 }] } }\nprocesses: { a: { steps: [{ submit: p, item: 2 }] }, b: { steps: [{ get: q }, { get: q }] } }'],
    ['tasks that are tried again', 'queues: { q: }\npools: { p: { tasks: [1], retry: { attempts: 2 }, steps: [{ put: q, item: 1 }] } }\nprocesses: { b: { steps: [{ get: q }, { get: q }] } }'],
    ['a queue that gives back', queueSpec('{ on_consumer_death: redeliver }', '{ put: q, item: 1 }', `${one}, { task_done: q }, ${one}`)],
    ['a producer that starts again', 'queues: { q: }\nprocesses: { a: { restart: on_failure, steps: [{ put: q, item: 1 }] }, b: { steps: [{ get: q }, { get: q }] } }'],
    ['a program that puts too', 'queues: { q: }\nprocesses: { a: { uses: { q: put }, steps: [{ put: q, item: 1 }, { run: x }] }, b: { steps: [{ get: q }, { get: q }] } }'],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });

  it('counts what is taken and put', () => {
    const { diagnostics } = planText('queues: { q: { items: [0] } }\nprocesses: { a: { replicas: 2, steps: [{ put: q, items: [1, 2] }] }, b: { replicas: 2, steps: [{ get: q }, { get: q }, { get: q }] }, c: { steps: [{ get: q }] } }');
    expect(diagnostics.map(({ message, hint }) => [message, hint])).toEqual([
      ['`b` and `c` take 7 items from `q`, and only 5 are ever put there: a `get` fails at its end', 'take them with `each: q`, which ends when no more can come, or put 2 more'],
    ]);
  });
});

describe('MP504: more items are put than are taken and have room', () => {
  it.each([
    ['one more than fit', queueSpec('{ capacity: 1 }', '{ put: q, items: [1, 2, 3] }', one)],
    ['with items of the queue itself', queueSpec('{ capacity: 2, items: [1, 2] }', '{ put: q, items: [3, 4] }', one)],
    ['out of a loop', queueSpec('{ capacity: 1 }', '{ repeat: 3, do: [{ put: q, item: 1 }] }', `{ repeat: 1, do: [${one}] }`)],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP504']);
  });

  it.each([
    ['as many as fit', queueSpec('{ capacity: 2 }', '{ put: q, items: [1, 2, 3] }', one)],
    ['a queue without a bound', queueSpec('', '{ put: q, items: [1, 2, 3] }', one)],
    ['who takes all', queueSpec('{ capacity: 1 }', '{ put: q, items: [1, 2, 3] }', '{ each: q, do: [{ print: x }] }')],
    ['who takes in a loop for ever', queueSpec('{ capacity: 1 }', '{ put: q, items: [1, 2, 3] }', `{ repeat: forever, do: [${one}] }`)],
    ['who takes again after a failure', queueSpec('{ capacity: 1 }', '{ put: q, items: [1, 2, 3] }', one, ', restart: on_failure')],
    ['a put that goes on without', queueSpec('{ capacity: 1 }', '{ put: q, items: [1, 2, 3], timeout: 1s, on_timeout: continue }', one)],
    ['a put that may fail', queueSpec('{ capacity: 1 }', '{ put: q, items: [1, 2, 3], allow_failure: true }', one)],
    ['a put in a loop that ends with another queue', queueSpec('{ capacity: 1 }', '{ repeat: 3, do: [{ get: r }, { put: q, item: 1 }] }', one).replace('queues: {', 'queues: { r: { items: [1] },')],
    ['a program that takes', 'queues: { q: { capacity: 1 } }\nprocesses: { a: { steps: [{ put: q, items: [1, 2, 3] }] }, b: { command: x, stdin: { queue: q } } }'],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe('MP407: arrivals that do not make up rounds', () => {
  const wait = '{ wait: b }';
  const spec = (left: string, right: string, more = ''): string => `barriers: { b: { parties: 2 } }\nprocesses: { l: { steps: [${left}] }, r: { steps: [${right}]${more} } }`;

  it.each([
    ['one arrives once more', spec(`${wait}, ${wait}`, wait), 'let each of them wait there the same number of times'],
    ['one arrives in all rounds, and once more', spec(`${wait}, ${wait}, ${wait}`, wait), 'let each of them wait there the same number of times'],
    ['one arrives in a loop', spec(`{ repeat: 3, do: [${wait}] }`, `${wait}, ${wait}`), 'let each of them wait there the same number of times'],
    ['there is one too many', 'barriers: { b: { parties: 2 } }\nprocesses: { p: { replicas: 3, steps: [{ wait: b }] } }', 'write `parties: 3`'],
    ['there is one too many before their start', 'barriers: { b: { parties: 2 } }\nprocesses: { p: { replicas: 3, command: x, wait_for: [b] } }', 'write `parties: 3`'],
    ['one arrives before its start and once more', 'barriers: { b: { parties: 2 } }\nprocesses: { l: { steps: [{ wait: b }], wait_for: [b] }, r: { command: x, wait_for: [b] } }', 'let each of them wait there the same number of times'],
    ['a task is left over', 'barriers: { b: { parties: 2 } }\npools: { p: { workers: 2, tasks: [x, y, z], steps: [{ wait: b }] } }', 'let each of them wait there the same number of times'],
  ])('%s', (_, text, hint) => {
    expect(planText(text).diagnostics.map((finding) => [finding.code, finding.hint])).toEqual([['MP407', hint]]);
  });

  it('leaves it to another check that there are too few', () => {
    expect(codesOf(spec(wait, wait).replace('parties: 2', 'parties: 3'))).toEqual(['MP406']);
  });

  it.each([
    ['as many', spec(`${wait}, ${wait}`, `{ repeat: 2, do: [${wait}] }`)],
    ['two rounds of four', 'barriers: { b: { parties: 2 } }\nprocesses: { p: { replicas: 4, steps: [{ wait: b }] } }'],
    ['two rounds of tasks', 'barriers: { b: { parties: 2 } }\npools: { p: { workers: 2, tasks: [x, y, u, v], steps: [{ wait: b }] } }'],
    ['a barrier that a step resets', spec(`${wait}, { reset: b }, ${wait}`, wait)],
    ['a party that goes on without', spec('{ wait: b, allow_failure: true }, { wait: b, timeout: 1s, on_timeout: continue }', '{ wait: b, allow_failure: true }')],
    ['a loop for ever', spec(`{ repeat: forever, do: [${wait}, { exit: 0 }] }`, `{ each: q, do: [${wait}] }`).replace('barriers:', 'queues: { q: { items: [1] } }\nbarriers:')],
    ['parties that programs are', 'barriers: { b: { parties: 2 } }\nprocesses: { a: { command: x, uses: { b: wait } }, c: { replicas: 3, steps: [{ wait: b }] } }'],
    ['a party that arrives before its start, and one that does later', 'barriers: { b: { parties: 2 } }\nprocesses: { a: { command: x, wait_for: [b] }, c: { steps: [{ wait: b }] } }'],
    ['rounds of parties that arrive before their start', 'barriers: { b: { parties: 2 } }\nprocesses: { a: { replicas: 4, command: x, wait_for: [b] } }'],
    ['a party that may be skipped before', 'barriers: { b: { parties: 2 } }\nprocesses: { o: { command: x }, p: { command: x, depends_on: { o: { condition: failure } }, wait_for: [b] }, a: { replicas: 2, command: x, wait_for: [b] } }'],
    ['a party that is started, perhaps again', 'barriers: { b: { parties: 2 } }\nprocesses: { s: { steps: [{ start: p }] }, p: { autostart: false, command: x, wait_for: [b] }, a: { replicas: 2, command: x, wait_for: [b] } }'],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});
