import { describe, expect, it } from 'vitest';
import { codesOf } from '../../rig/plan-of-text.ts';

describe('MP304: what needs the same as the program that submits or starts it', () => {
  const spec = (holder: string, needy: string, primitives = 'locks: { l: , m: }'): string => `${primitives}\npools: { h: { workers: 2, command: x, ${needy} } }\nprocesses: { a: { command: x, uses: { h: submit }, ${holder} }, b: { steps: [{ submit: h, item: 1 }] }, c: { with: [l], steps: [{ with: m, do: [{ run: x }] }] }, d: { with: [m], command: x } }`;
  const started = (holder: string, needy: string): string => `locks: { l: }\nprocesses: { a: { command: x, uses: { b: start }, ${holder} }, b: { command: x, autostart: false, ${needy} }, c: { with: l, command: x } }`;

  it.each([
    ['a lock', spec('with: l', 'with: [l]')],
    ['a lock among others', spec('with: [m, l]', 'with: [l]')],
    ['a reentrant lock, which others have not got either', spec('with: l', 'with: [l]', 'locks: { l: { reentrant: true }, m: }')],
    ['permits', spec('with: { name: s, permits: 2 }', 'with: { name: s, permits: 2 }', 'semaphores: { s: 3 }\nlocks: { l: , m: }')],
    ['a process', started('with: l', 'with: l')],
    ['replicas, once', started('with: l, replicas: 3', 'with: l')],
    ['a pool whose tasks submit to it, which may starve too', 'locks: { l: }\npools: { h: { workers: 2, tasks: [1], command: x, with: [l], uses: { h: submit } } }\nprocesses: { a: { with: l, command: x } }'],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toContain('MP304');
    expect(codesOf(text).filter((code) => code === 'MP304')).toHaveLength(1);
  });

  it.each([
    ['another lock', spec('with: l', 'with: [m]')],
    ['permits for both', spec('with: { name: s, permits: 2 }', 'with: s', 'semaphores: { s: 3 }\nlocks: { l: , m: }')],
    ['permits that a step gives back', spec('with: { name: s, permits: 2 }', 'with: { name: s, permits: 2 }, steps: [{ release: s }]', 'semaphores: { s: 3 }\nlocks: { l: , m: }').replace('command: x, with: { name: s, permits: 2 }, steps', 'with: { name: s, permits: 2 }, steps')],
    ['what the program takes by itself', spec('with: m', 'with: [l]').replace('h: submit', 'h: submit, l: acquire')],
    ['what steps submit, which the search knows', spec('with: l', 'with: [l]').replace('command: x, uses: { h: submit }', 'steps: [{ submit: h, item: 1, as: r }, { result: r }]')],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).not.toContain('MP304');
  });
});

describe('MP304: what all who wait for tasks may hold together', () => {
  const spec = (a: string, b: string, permits = 2): string => `semaphores: { s: ${permits} }\npools: { p: { workers: 1, command: x, with: s }, q: { workers: 1, command: x, with: s } }\nprocesses: { a: { command: x, ${a} }, b: { command: x, ${b} } }`;

  it.each([
    ['two processes', spec('with: s, uses: { p: submit }', 'with: s, uses: { p: submit }')],
    ['that submit to different pools', spec('with: s, uses: { p: submit }', 'with: s, uses: { q: submit }')],
    ['of which each holds more', spec('with: { name: s, permits: 2 }, uses: { p: submit }', 'with: s, uses: { q: submit }', 3)],
    ['the workers of a pool', 'semaphores: { s: 2 }\npools: { p: { workers: 1, command: x, with: s }, q: { workers: 2, tasks: [1, 2], command: x, with: s, uses: { p: submit } } }'],
  ])('%s', (_, text) => {
    expect(codesOf(text).filter((code) => code === 'MP304')).toHaveLength(1);
  });

  it.each([
    ['some are left', spec('with: s, uses: { p: submit }', 'with: s, uses: { p: submit }', 3)],
    ['one of them does not submit', spec('with: s, uses: { p: submit }', 'with: s')],
    ['two of them do not fit at once', spec('with: { name: s, permits: 2 }, uses: { p: submit }', 'with: { name: s, permits: 2 }, uses: { p: submit }', 3)],
    ['a pool has too few workers', 'semaphores: { s: 2 }\npools: { p: { workers: 1, command: x, with: s }, q: { workers: 1, tasks: [1, 2], command: x, with: s, uses: { p: submit } } }'],
  ])('not where %s', (_, text) => {
    expect(codesOf(text)).not.toContain('MP304');
  });
});

describe('MP311: more instances of a daemon than permits', () => {
  const spec = (daemon: string, semaphore = '2'): string => `semaphores: { s: ${semaphore} }\ndaemons: { d: { command: x, ${daemon} } }\nprocesses: { p: { command: x } }`;

  it.each([
    ['one more', spec('replicas: 3, with: s')],
    ['of which each needs more', spec('replicas: 2, with: { name: s, permits: 2 }', '3')],
    ['of a lock', 'locks: { l: }\ndaemons: { d: { command: x, replicas: 2, with: l } }\nprocesses: { p: { command: x } }'],
    ['of a matrix', spec('matrix: { m: [a, b, c] }, with: s').replace('command: x, matrix', 'command: [x], matrix')],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP311']);
  });

  it.each([
    ['as many', spec('replicas: 2, with: s')],
    ['processes, of which one comes after the other', 'semaphores: { s: 2 }\nprocesses: { d: { command: x, replicas: 3, with: s } }'],
    ['a semaphore without a bound', spec('replicas: 3, with: s', '{ permits: 2, bounded: false }')],
    ['permits that a step gives back', spec('replicas: 3, with: s').replace('p: { command: x }', 'p: { steps: [{ acquire: s }, { release: s }] }')],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).not.toContain('MP311');
  });
});

describe('MP601: tasks that may wait for tasks of their own pool', () => {
  const pool = (name: string, uses: string): string => `${name}: { workers: 2, tasks: [1], command: x, uses: { ${uses} } }`;

  it.each([
    ['of the same pool', `pools: { ${pool('w', 'w: submit')} }`],
    ['of two that submit to each other, once', `pools: { ${pool('v', 'w: submit')}, ${pool('w', 'v: submit')} }`],
    ['of another pool, by the slots of `max_parallel`', `max_parallel: 2\npools: { ${pool('v', 'w: submit')}, w: { workers: 2, command: x } }`],
    ['of a process and of another pool, by the slots of `max_parallel`', `max_parallel: 3\npools: { ${pool('v', 'w: submit')}, w: { workers: 2, command: x } }\nprocesses: { a: { command: x, uses: { w: submit } } }`],
    ['of two processes that wait for different pools', 'max_parallel: 2\npools: { v: { workers: 1, command: x }, w: { workers: 1, command: x } }\nprocesses: { a: { command: x, uses: { v: submit } }, b: { command: x, uses: { w: submit } } }'],
    ['of a row of pools, by the slots of `max_parallel`', `max_parallel: 3\npools: { u: { workers: 1, command: x }, v: { workers: 1, command: x, uses: { u: submit } }, w: { workers: 2, tasks: [1], command: x, uses: { v: submit } } }`],
    ['by way of steps', `pools: { ${pool('v', 'w: submit')}, w: { workers: 1, tasks: [1], steps: [{ submit: v, item: 1, as: r }, { result: r }] } }`],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP601']);
  });

  it.each([
    ['of another pool', `pools: { ${pool('v', 'w: submit')}, w: { workers: 2, command: x } }`],
    ['of steps, which the search knows', 'pools: { w: { workers: 2, tasks: [1], steps: [{ submit: w, item: 1, as: r }, { result: r }] } }'],
    ['of a process', 'pools: { w: { workers: 2, command: x } }\nprocesses: { a: { command: x, uses: { w: submit } } }'],
    ['where a slot of `max_parallel` is left', `max_parallel: 3\npools: { ${pool('v', 'w: submit')}, w: { workers: 2, command: x } }`],
    ['of a daemon, which has no slot of `max_parallel`', 'max_parallel: 1\npools: { w: { workers: 2, command: x } }\ndaemons: { a: { command: x, uses: { w: submit } } }\nprocesses: { b: { command: x } }'],
    ['to steps, which need no slot of `max_parallel`', `max_parallel: 2\npools: { ${pool('v', 'w: submit')}, w: { workers: 2, steps: [{ print: x }] } }`],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});
