import { describe, expect, it } from 'vitest';
import { waitsInside } from '../../../src/plan/waits-inside.ts';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

/** Who is stuck for certain. */
function stuckIn(text: string, maxStates = 10_000): readonly string[] {
  const verdict = certainDeadlock(validPlan(text), () => ({ maxStates, mayGoOn: () => true }))?.verdict;
  return verdict?.type === 'counterexample' ? verdict.stuck.map(({ name }) => name) : [];
}

const events = `
events: { first: , second: }
processes:
  x: { steps: [{ run: make }, { wait: second }, { set: first }] }
  y: { steps: [{ wait: first }, { set: second }] }
`;

describe('a deadlock is certain', () => {
  it('where no order of events leads past it, though a command may fail before', () => {
    expect(stuckIn(events)).toEqual(['x', 'y']);
    expect(stuckIn(`on_failure: continue${events}`)).toEqual(['x', 'y']);
  });

  it('also beside others that end, and before `finally`', () => {
    expect(stuckIn(`${events}  z: { command: [echo, beside] }\nfinally: { clean: { command: [rm, x] } }\n`)).toEqual(['x', 'y']);
  });

  it('also beside a daemon that has nothing to do with it, or starts only when they have ended', () => {
    expect(stuckIn(`${events}daemons: { db: { command: [serve], readiness_probe: { log_line: up }, restart: on_failure } }\n`)).toEqual(['x', 'y']);
    expect(stuckIn('daemons: { last: { command: [flush], depends_on: { main: { condition: exit } } } }\nprocesses: { main: { steps: [{ run: make }, { join: last }] } }\n')).toEqual(['main', 'last']);
  });

  it('not where the program of a daemon may lead past it, also by its end', () => {
    expect(stuckIn(events.replace('events: { first: , second: }', 'events: { first: , second: }\ndaemons: { d: { command: [serve], uses: { first: set } } }'))).toEqual([]);
    expect(stuckIn('locks: { l: }\ndaemons: { d: { with: l, command: [serve] } }\nprocesses: { x: { depends_on: { d: { condition: start } }, steps: [{ acquire: l }] } }\n')).toEqual([]);
    expect(stuckIn('queues: { q: }\ndaemons: { d: { command: [serve], stdout: { queue: q } } }\nprocesses: { x: { steps: [{ each: q, do: [{ print: x }] }] } }\n')).toEqual([]);
  });

  it.each([
    ['in a step', 'semaphores: { s: 1 }\nprocesses: { a: { steps: [{ repeat: 3, allow_failure: true, do: [{ acquire: s }, { run: make }] }] } }\n'],
    ['of a process', 'events: { e: }\nprocesses: { a: { steps: [{ run: make }, { wait: e }], allow_failure: true }, b: { depends_on: { a: { condition: exit } }, steps: [{ set: e }] } }\n'],
    ['since it is begun again', 'events: { e: , f: { set: true } }\nprocesses: { a: { steps: [{ wait: f, block: false, on_timeout: [{ exit: 0 }] }, { clear: f }, { run: make }, { wait: e }], restart: on_failure }, b: { depends_on: { a: { condition: exit } }, steps: [{ set: e }, { set: f }] } }\n'],
    ['of a task', 'events: { e: }\npools: { p: { tasks: [1], steps: [{ run: make }, { wait: e }], allow_failure: true } }\nprocesses: { b: { depends_on: { p: { condition: exit } }, steps: [{ set: e }] } }\n'],
  ])('not where a failure leads past it that is let pass: %s', (_, text) => {
    expect(stuckIn(text)).toEqual([]);
    const [makes, fails] = ['exit 0', 'exit 1'].map((command) => play(text.replace('make', command)).end.exitCode);
    expect([makes, fails]).toEqual([5, 0]);
  });

  it('not where another order of events leads past it', () => {
    expect(stuckIn('locks: { a: , b: }\nprocesses:\n  x: { steps: [{ acquire: a }, { acquire: b }] }\n  y: { steps: [{ acquire: b }, { acquire: a }] }\n')).toEqual([]);
  });

  it('not where a wait has a time', () => {
    expect(stuckIn(events.replace('{ wait: first }', '{ wait: first, timeout: 1s, on_timeout: continue }'))).toEqual([]);
  });

  it('not where it fails anyway, in whatever order', () => {
    expect(stuckIn('locks: { a: , b: }\nprocesses:\n  x: { steps: [{ acquire: a }, { acquire: b }, { exit: 1 }] }\n  y: { steps: [{ acquire: b }, { acquire: a }] }\n')).toEqual([]);
  });

  it('not where it is up to a program', () => {
    expect(stuckIn('locks: { a: , b: }\nprocesses:\n  x: { with: a, uses: { b: acquire }, command: [x] }\n  y: { with: b, uses: { a: acquire }, command: [y] }\n')).toEqual([]);
    expect(stuckIn('locks: { port: }\ndaemons: { server: { with: port, command: [serve] } }\nprocesses: { check: { depends_on: { server: { condition: start } }, steps: [{ acquire: port }] } }\n')).toEqual([]);
  });

  it('not where the search comes to its bound', () => {
    expect(stuckIn(events, 3)).toEqual([]);
  });

  it('not where a loop has more rounds than are looked through in a moment', () => {
    const rounds = (count: number): string => `${events}  z: { steps: [{ repeat: ${String(count)}, do: [{ repeat: 50, do: [{ put: q, item: 1 }, { get: q }] }] }] }\nqueues: { q: }\n`;
    expect(stuckIn(rounds(2), 1_000_000)).toEqual(['x', 'y']);
    expect(stuckIn(rounds(20), 1_000_000)).toEqual([]);
  });
});

describe('there is something to search', () => {
  it.each([
    ['commands that depend on each other', 'processes: { x: { command: [x] }, y: { depends_on: [x], command: [y] } }', false],
    ['a lock that is held from start to exit', 'locks: { a: }\nprocesses: { x: { with: a, command: [x] }, y: { with: a, command: [y] } }', false],
    ['steps that wait for nothing', 'events: { a: }\nprocesses: { x: { steps: [{ run: x }, { set: a }] }, y: { command: [y] } }', false],
    ['a start that waits for an event', 'events: { a: }\nprocesses: { x: { sets: { exit: a }, command: [x] }, y: { wait_for: [a], command: [y] } }', true],
    ['a step within another', 'locks: { a: }\nprocesses: { x: { steps: [{ repeat: 2, do: [{ acquire: a }, { release: a }] }] } }', true],
    ['a pool of steps', 'pools: { p: { workers: 1, tasks: [a], steps: [{ submit: p, item: b, as: r }, { result: r }] } }', true],
  ])('%s: %s', (_, text, expected) => {
    expect(waitsInside(validPlan(text))).toBe(expected);
  });
});
