import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const waitsForNoResult = 'programs do not wait for the results of tasks that they submit';

function assumedOf(text: string): readonly string[] {
  return judge(validPlan(text), { maxStates: 10_000, mayGoOn: () => true }).assumptions.flatMap(({ kind, text: said }) => (kind === 'assumed' ? [said] : []));
}

it.each([
  ['a pool may submit to itself', 'pools: { w: { workers: 2, tasks: [1], command: x, uses: { w: submit } } }'],
  ['a process may submit', 'pools: { w: { workers: 2, command: x } }\nprocesses: { a: { command: x, uses: { w: submit } } }'],
])('a proof says what it takes for granted where %s by a program', (_, text) => {
  expect(assumedOf(text)).toContain(waitsForNoResult);
});

it('a proof takes nothing of that kind for granted where steps submit, since they say whether they wait', () => {
  expect(assumedOf('pools: { w: { workers: 2, command: x } }\nprocesses: { a: { steps: [{ submit: w, item: 1, as: r }, { result: r }] } }')).not.toContain(waitsForNoResult);
});

it.each([
  ['a worker of it can be had', 'worker: serve, tasks: [1]', 'a worker of `w` can be had'],
  ['what it reads its tasks from can be read', 'command: x, tasks: { lines: list }', 'what the tasks of `w` are read from can be read'],
])('a proof says of a pool that only programs submit to that it takes for granted that %s, and nothing of that kind where steps do', (_, pool, said) => {
  const text = (submits: string): string => `pools: { w: { ${pool} } }\nprocesses: { a: { ${submits} } }`;
  expect(assumedOf(text('command: x, uses: { w: submit }'))).toContain(said);
  expect(assumedOf(text('steps: [{ submit: w, item: 1 }]'))).not.toContain(said);
});

const givesBack = 'the program of `a` gives back what it has taken of its declared locks before anything else is waited for';

it.each([
  ['an item', 'processes: { a: { command: x, uses: { l: acquire, q: get } }, b: { steps: [{ acquire: l }, { put: q, item: 1 }] } }'],
  ['another lock', 'processes: { a: { command: x, uses: { l: acquire, m: acquire } } }'],
  ['its next task', 'pools: { a: { worker: x, tasks: [1, 2], uses: { l: acquire } } }'],
  ['what a step behind it waits for', 'processes: { a: { steps: [{ run: x }, { get: q }], uses: { l: acquire } }, b: { steps: [{ put: q, item: 1 }] } }'],
  ['room for its output', 'processes: { a: { command: x, stdout: { queue: q }, uses: { l: acquire } }, b: { steps: [{ each: q, as: i, do: [{ print: x }] }] } }'],
])('a proof takes for granted that a program gives back its lock before it waits for %s, and says so', (_, text) => {
  expect(assumedOf(`locks: { l: , m: }\nqueues: { q: { capacity: 1 } }\n${text}`)).toContain(givesBack);
});

it('a proof leaves out in which order programs take locks that others take as well, be it in a ring, since they may take them in opposite order', () => {
  const leftOut = (text: string): readonly string[] => judge(validPlan(`locks: { k: , l: , m: , n: }\nprocesses: ${text}`), { maxStates: 10_000, mayGoOn: () => true }).assumptions.flatMap(({ kind, text: said }) => (kind === 'left_out' ? [said] : []));
  const both = 'uses: { l: acquire, m: acquire }';
  const said = (name: string): string => `the order in which the program of \`${name}\` takes its declared locks, and what it waits for while it has any`;
  expect(leftOut(`{ a: { command: x, ${both} }, b: { command: x, ${both} } }`)).toEqual([said('a'), said('b')]);
  expect(leftOut(`{ a: { command: x, ${both} }, b: { command: x, uses: { m: acquire, n: acquire } } }`)).toEqual([]);
  expect(leftOut(`{ a: { replicas: 2, command: x, ${both} } }`)).toEqual([]);
  expect(leftOut(`{ a: { command: x, ${both} }, b: { command: x, uses: { m: acquire, n: acquire } }, c: { command: x, uses: { n: acquire, l: acquire } } }`)).toEqual([said('a'), said('b'), said('c')]);
  expect(leftOut(`{ a: { command: x, ${both} }, b: { steps: [{ acquire: m }, { acquire: l }] } }`)).toEqual([said('a')]);
  expect(leftOut(`{ a: { command: x, ${both} }, b: { with: [m, l], command: x } }`)).toEqual([]);
  const ofMatrix = leftOut('{ a: { matrix: { first: [l, k] }, with: ["${{ matrix.first }}"], command: x, uses: { m: acquire, n: acquire } }, b: { command: x, uses: { l: acquire, m: acquire } } }');
  expect(ofMatrix).toEqual([said('a-l'), said('a-k'), said('b')]);
});

it('a proof takes nothing of that kind for granted of a program that may wait for nothing but its one lock', () => {
  expect(assumedOf('locks: { l: }\nprocesses: { a: { command: x, uses: { l: acquire } }, b: { with: l, command: x } }')).not.toContain(givesBack);
});

it.each([
  ['puts', 'uses: { q: put }', true],
  ['takes a lock', 'uses: { l: acquire }', true],
  ['reads from a queue', 'stdin: { queue: q }', true],
  ['does nothing that it declares', 'timeout: 1m', false],
])('a proof takes for granted of a program that is seen to be ready, and %s, that it is ready before, where there is anything to say', (_, keys, expected) => {
  const text = (probe: string): string => `locks: { l: }\nqueues: { q: { items: [1] } }\nprocesses: { a: { command: x, ${probe}${keys} }, b: { depends_on: { a: { condition: start } }, steps: [{ put: q, item: 1 }, { each: q, do: [{ acquire: l }, { release: l }] }] } }`;
  const said = 'the program of `a` does nothing that it declares before it is ready';
  expect(assumedOf(text('readiness_probe: { notify: true }, ')).includes(said)).toBe(expected);
  expect(assumedOf(text(''))).not.toContain(said);
});

it.each([
  ['and another lock', 'command: x, uses: { q: put, l: acquire }', true],
  ['and another queue', 'command: x, uses: { q: put, r: get }', true],
  ['with a lock around it', 'command: x, with: l, uses: { q: put }', true],
  ['and the one that it reads from', 'command: x, stdin: { queue: r }, uses: { q: put }', true],
  ['and the one that it writes into', 'command: x, stdout: { queue: r }, uses: { q: put }', true],
  ['and nothing else', 'command: x, uses: { q: put }', false],
  ['in a step, and another queue', 'steps: [{ run: x }], uses: { q: put, r: get }', true],
  ['in a step, and nothing else', 'steps: [{ run: x }, { acquire: l }], uses: { q: put }', false],
])('a proof takes for granted of a program that may close a queue %s that it does so at its end, where that is of account', (_, keys, expected) => {
  const said = assumedOf(`locks: { l: }\nqueues: { q: , r: }\nprocesses: { a: { ${keys} }, b: { steps: [{ each: q, do: [{ put: r, item: 1 }] }] }, c: { steps: [{ each: r, do: [{ print: x }] }] } }`);
  expect(said.includes('programs close what they put into or submit to at their end, and not before')).toBe(expected);
});

it('a proof takes for granted that no program gives back a lock that is held for it', () => {
  expect(assumedOf('locks: { l: , m: }\nprocesses: { a: { command: x, with: l, uses: { m: acquire } }, b: { steps: [{ acquire: l }, { acquire: m }, { join: a }] } }')).toContain(
    'programs wait in the run only for what they declare in `uses`, and neither take nor give back any other lock',
  );
});
