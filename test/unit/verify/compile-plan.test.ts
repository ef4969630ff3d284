import { describe, expect, it } from 'vitest';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { shortestWay, stateAt } from '../../../src/verify/shortest-way.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

/** The shortest way to where the run can no longer finish, in words; null where there is none. */
function wayToDeadlock(text: string): readonly string[] | null {
  const system = new ModelSystem(compilePlan(validPlan(text)).model);
  const exploration = exploreAll(system);
  const bad = exploration.firstStuck ?? exploration.firstTrapped;
  return bad === null ? null : shortestWay(exploration, bad).map((transition) => system.describe(transition));
}

/** How all can have ended when nothing more happens. */
function ends(text: string): readonly (readonly (string | null)[])[] {
  const system = new ModelSystem(compilePlan(validPlan(text)).model);
  const found = exploreAll(system);
  const finals = Array.from({ length: found.states }, (_, number) => stateAt(found, number)).filter((state) => system.isFinal(state));
  return finals.map((state) => system.graphs.map(({ locations }, actor) => locations[state[system.layout.actorField(actor)] ?? 0]?.outcome ?? null));
}

describe('locks', () => {
  it('taken one by one in opposite order deadlock', () => {
    expect(
      wayToDeadlock(`
locks: { db: , cache: }
processes:
  api: { steps: [{ acquire: db }, { acquire: cache }, { run: x }] }
  worker: { steps: [{ acquire: cache }, { acquire: db }, { run: x }] }
`),
    ).toEqual(['api is ready', 'api acquires db', 'worker is ready', 'worker acquires cache']);
  });

  it.each(['[db, cache]', '[cache, db]'])('taken at once in any order do not: %s', (holds) => {
    expect(
      wayToDeadlock(`
locks: { db: , cache: }
processes:
  api: { steps: [{ with: [db, cache], do: [{ run: x }] }] }
  worker: { command: x, with: ${holds} }
`),
    ).toBeNull();
  });

  it('held while somebody is joined who needs them deadlock', () => {
    expect(
      wayToDeadlock(`
locks: { prod: }
processes:
  deploy: { steps: [{ with: prod, do: [{ start: child }, { join: child }] }] }
  child: { command: x, with: prod, autostart: false }
`),
    ).toEqual(['deploy is ready', 'deploy acquires prod', 'deploy starts child']);
  });

  it('are taken again by whoever holds a reentrant one', () => {
    const nested = (lock: string): string => `
locks: { l: ${lock} }
processes:
  a: { steps: [{ with: l, do: [{ with: l, do: [{ run: x }] }] }] }
  b: { steps: [{ with: l, do: [{ run: x }] }] }
`;
    expect(wayToDeadlock(nested('{ reentrant: true }'))).toBeNull();
  });

  it('of a daemon that keeps them are never free', () => {
    const spec = (permits: number): string => `
semaphores: { mem: ${String(permits)} }
daemons: { cache: { command: x, with: { name: mem, permits: 4 } } }
processes: { job: { command: x, with: mem, depends_on: [cache] } }
`;
    expect(wayToDeadlock(spec(4))).toEqual(['cache acquires mem (4)', 'cache is ready', 'job has waited for ready of cache']);
    expect(wayToDeadlock(spec(5))).toBeNull();
  });

  it('of commands are freed by restarts, which take them anew', () => {
    expect(
      wayToDeadlock(`
locks: { l: }
processes:
  a: { command: x, with: l, restart: on_failure, max_restarts: 2 }
  b: { command: x, with: l, restart: on_failure }
`),
    ).toBeNull();
  });
});

describe('what the primitives refuse', () => {
  it.each([
    ['without a time', '{ acquire: db }', 'failed'],
    ['with a time that fails', '{ acquire: db, timeout: 1s }', 'failed'],
    ['with a time behind which it goes on', '{ acquire: db, timeout: 1s, on_timeout: continue }', 'succeeded'],
  ])('a lock that one has already, %s', (_, step, outcome) => {
    expect(ends(`on_failure: continue\nlocks: { db: }\nprocesses: { a: { steps: [{ acquire: db, allow_failure: true }, ${step}] } }\n`)).toEqual([[outcome]]);
  });

  it('keeps open what would come of it at the very end', () => {
    const spec = `
semaphores: { slots: 2 }
events: { go: }
processes:
  a: { steps: [{ acquire: { name: slots, permits: 2 }, allow_failure: true }, { acquire: slots }], sets: { success: go } }
  b: { steps: [{ wait: go }] }
`;
    expect(ends(spec)).toEqual([]);
    expect(wayToDeadlock(spec)).not.toBeNull();
  });
});

describe('the last step of a process', () => {
  it('may clear the event that its end sets', () => {
    expect(ends('events: { go: }\nprocesses:\n  a: { steps: [{ clear: go }], sets: { success: go } }\n  b: { depends_on: [a], steps: [{ wait: go }] }\n')).toEqual([['succeeded', 'succeeded']]);
  });

  it('may put into the queue to which its end gives back what it has in hand', () => {
    const found = ends(`
queues: { jobs: { items: [x], on_consumer_death: redeliver } }
processes:
  a: { steps: [{ task_done: jobs, allow_failure: true }, { get: jobs }, { put: jobs, item: y }] }
  b: { depends_on: [a], steps: [{ get: jobs }, { get: jobs }] }
`);
    expect(found).toEqual([['succeeded', 'succeeded']]);
  });
});

describe('max_parallel', () => {
  const spec = (most: number): string => `
max_parallel: ${String(most)}
barriers: { meet: { parties: 2 } }
processes:
  a: { command: x, uses: { meet: wait } }
  b: { command: x, uses: { meet: wait } }
`;

  it('lets programs wait in vain for others that get no slot', () => {
    expect(wayToDeadlock(spec(1))).toEqual(['a acquires .max_parallel', 'a is ready', 'a goes on', 'a arrives at meet']);
    expect(wayToDeadlock(spec(2))).toBeNull();
  });

  it('is taken together with the holds of a command', () => {
    expect(
      wayToDeadlock(`
max_parallel: 1
locks: { l: }
processes:
  a: { command: x, with: l }
  b: { steps: [{ run: x }, { with: l, do: [{ print: x }] }] }
`),
    ).toBeNull();
  });

  it('is waited for with what a step holds', () => {
    expect(
      wayToDeadlock(`
max_parallel: 1
locks: { l: }
processes:
  a: { steps: [{ with: l, do: [{ run: x }] }] }
  b: { command: x, uses: { l: acquire } }
`),
    ).toEqual(['a is ready', 'a acquires l', 'b acquires .max_parallel', 'b is ready', 'b goes on']);
  });
});

describe('start conditions', () => {
  it('that wait for each other in a circle are never met', () => {
    expect(
      wayToDeadlock(`
events: { one: , two: }
processes:
  a: { command: x, wait_for: [one], sets: { success: two } }
  b: { command: x, wait_for: [two], sets: { success: one } }
`),
    ).toEqual([]);
  });

  it('that can no longer come end the wait', () => {
    expect(
      wayToDeadlock(`
on_failure: continue
processes:
  a: { command: x }
  b: { command: x, depends_on: { a: { condition: failure } } }
  c: { command: x, depends_on: { b: { condition: success } } }
`),
    ).toBeNull();
  });

  it('on an event that only a skipped process sets end as well', () => {
    expect(
      wayToDeadlock(`
on_failure: continue
events: { ready: }
processes:
  a: { command: x }
  b: { command: x, depends_on: { a: { condition: failure } }, sets: { success: ready } }
  c: { command: x, wait_for: [ready] }
`),
    ).toBeNull();
  });
});

describe('queues', () => {
  it('of one place in a ring deadlock', () => {
    expect(
      wayToDeadlock(`
queues: { a: { capacity: 1 }, b: { capacity: 1 } }
processes:
  one: { steps: [{ put: a, items: [1, 2] }, { get: b }] }
  two: { steps: [{ put: b, items: [1, 2] }, { get: a }] }
`),
    ).toEqual(['one is ready', 'one puts into a', 'two is ready', 'two puts into b']);
  });

  it('come to their end when nobody can still put', () => {
    expect(
      wayToDeadlock(`
queues: { work: { capacity: 1 } }
processes:
  source: { steps: [{ put: work, items: [1, 2, 3] }] }
  sink: { replicas: 2, steps: [{ each: work, as: item, do: [{ run: x }] }] }
`),
    ).toBeNull();
  });

  it('that feed themselves come to their end when nothing is in hand', () => {
    expect(
      wayToDeadlock(`
queues: { urls: { items: [a] } }
processes:
  crawl: { replicas: 2, steps: [{ each: urls, as: url, do: [{ run: x, allow_failure: true }, { put: urls, item: b, block: false, on_timeout: continue, allow_failure: true }, { exit: 0 }] }] }
`),
    ).toBeNull();
  });

  it('break when nobody can still get', () => {
    expect(
      wayToDeadlock(`
queues: { work: { capacity: 1 } }
processes:
  source: { steps: [{ put: work, items: [1, 2, 3] }], allow_failure: true }
  sink: { steps: [{ get: work }] }
`),
    ).toBeNull();
  });

  it('that are read and written by programs end with their writers', () => {
    expect(
      wayToDeadlock(`
queues: { work: { capacity: 1 } }
processes:
  source: { command: x, stdout: { queue: work } }
  sink: { command: x, stdin: { queue: work } }
`),
    ).toBeNull();
  });
});

describe('barriers', () => {
  it('waited at with a lock that another party needs deadlock', () => {
    expect(
      wayToDeadlock(`
locks: { l: }
barriers: { sync: { parties: 2 } }
processes:
  a: { steps: [{ with: l, do: [{ wait: sync }] }] }
  b: { steps: [{ with: l, do: [{ wait: sync }] }] }
`),
    ).toEqual(['a is ready', 'a acquires l', 'a arrives at sync', 'b is ready']);
  });

  it('break when too few parties are left', () => {
    expect(
      wayToDeadlock(`
barriers: { sync: { parties: 2 } }
processes:
  a: { steps: [{ wait: sync }, { wait: sync }], allow_failure: true }
  b: { steps: [{ wait: sync }] }
`),
    ).toBeNull();
  });

  it('turn away with a reset whoever waits there', () => {
    const found = ends('on_failure: continue\nbarriers: { sync: { parties: 2 } }\nprocesses: { a: { steps: [{ wait: sync }] }, b: { steps: [{ reset: sync }, { wait: sync }] } }');
    expect(found).toEqual(expect.arrayContaining([['succeeded', 'succeeded'], ['failed', 'failed']]));
  });

  it.each([
    ['abort', null],
    ['reset', expect.arrayContaining(['b breaks sync', 'b resets sync', 'a arrives at sync'])],
  ])('that were broken are whole again after a reset: %s', (last, way) => {
    expect(
      wayToDeadlock(`
on_failure: continue
locks: { l: }
barriers: { sync: { parties: 2 } }
processes:
  a: { steps: [{ with: l, do: [{ wait: sync }] }] }
  b: { steps: [{ abort: sync }, { ${last}: sync }, { with: l, do: [{ wait: sync }] }] }
`),
    ).toEqual(way);
  });
});

describe('conditions', () => {
  it('give the lock up while they are waited for', () => {
    expect(
      wayToDeadlock(`
locks: { l: }
conditions: { c: { lock: l } }
processes:
  a: { steps: [{ with: l, do: [{ wait: c }] }] }
  b: { steps: [{ with: l, do: [{ notify: c }] }] }
`),
    ).toBeNull();
  });
});

describe('pools', () => {
  const nested = (workers: number): string => `
pools:
  outer: { workers: 2, tasks: [a, b], steps: [{ submit: w, item: 1, as: r }, { result: r }] }
  w: { workers: ${String(workers)}, command: x }
`;
  it('whose tasks wait for tasks of another one finish', () => {
    expect(wayToDeadlock(nested(1))).toBeNull();
  });

  it('whose tasks all wait for tasks of the same one deadlock', () => {
    expect(
      wayToDeadlock(`
pools:
  w: { workers: 1, tasks: [a], steps: [{ submit: w, item: 1, as: r }, { result: r }] }
`),
    ).toEqual(['w is ready', 'w-1 has waited for start of w', 'w-1 takes a task of .tasks.w', 'w-1 submits to .tasks.w.w-1.r']);
  });
});

describe('pipes', () => {
  it('of steps that both receive first deadlock', () => {
    expect(
      wayToDeadlock(`
pipes: { link: { between: [a, b] } }
processes:
  a: { steps: [{ recv: link, as: m }, { send: link, item: 1 }] }
  b: { steps: [{ recv: link, as: m }, { send: link, item: 1 }] }
`),
    ).toEqual(['a is ready', 'b is ready']);
  });

  it('end with their senders', () => {
    expect(
      wayToDeadlock(`
pipes: { feed: { from: a, to: b } }
processes:
  a: { steps: [{ send: feed, item: 1 }] }
  b: { steps: [{ each: feed, as: m, do: [{ print: m }] }] }
`),
    ).toBeNull();
  });
});

it('finds the philosophers stuck when each has started and taken a fork', () => {
  const names = ['f0', 'f1', 'f2', 'f3'];
  const philosopher = (index: number): string => {
    const [left, right] = [names[index] ?? '', names[(index + 1) % 4] ?? ''];
    return `  p${String(index)}: { steps: [{ repeat: forever, do: [{ acquire: ${left} }, { acquire: ${right} }, { release: ${left} }, { release: ${right} }] }] }`;
  };
  const text = `locks: { f0: , f1: , f2: , f3: }\nprocesses:\n${[0, 1, 2, 3].map(philosopher).join('\n')}\n`;
  expect(wayToDeadlock(text)).toHaveLength(8);
});

it('says what it takes for granted, and what it leaves out', () => {
  const { assumptions } = compilePlan(
    validPlan(`
semaphores: { fair: { permits: 3, fair: true } }
locks: { l: }
conditions: { changed: { lock: l } }
barriers: { b: { parties: 1 } }
daemons: { db: { command: x } }
processes:
  a: { command: x, with: fair }
  c: { steps: [{ repeat: 200, do: [{ wait: b }] }] }
  d: { steps: [{ with: l, do: [{ wait: changed }] }, { acquire: [l, fair] }] }
  e: { steps: [{ with: l, do: [{ notify: changed }] }] }
finally: { bye: { command: x, depends_on: { db: { condition: exit } } } }
`),
  );
  expect(assumptions.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
    'left_out: `bye` of `finally`, which comes after the end',
    'assumed: programs wait in the run only for what they declare in `uses`, and neither take nor give back any other lock',
    'coarser: a loop of `c` may have any number of rounds',
    'assumed: the daemon `db` runs until it is stopped',
    'coarser: whoever was notified at `changed` may come late to the line for `l`',
  ]);
});
