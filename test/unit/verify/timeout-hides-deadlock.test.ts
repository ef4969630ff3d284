import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { timeoutHidesDeadlock } from '../../../src/verify/timeout-hides-deadlock.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const budget = { maxStates: 20_000, mayGoOn: () => true };

function saidOf(text: string): readonly (string | null)[] | null {
  const plan = validPlan(text);
  const found = timeoutHidesDeadlock(plan, judge(plan, budget), (place) => ({ source: { name: place.join('.'), text: '' }, start: 0, end: 0 }), budget);
  return found === null ? null : [found.message, found.certainty, found.range?.source.name ?? null];
}

const crossed = (more: string, first = 'acquire'): string => `
locks: { a: , b: }
processes:
  x: { steps: [{ acquire: a }, { ${first === 'acquire' ? 'acquire: b' : 'with: b, do: [{ print: x }]'}, ${more} }] }
  y: { steps: [{ acquire: b }, { acquire: a }] }
`;

describe('a timeout that keeps others from waiting for each other for ever', () => {
  it('is told, with whose it is and where', () => {
    expect(saidOf(crossed('timeout: 30s'))).toEqual(['`x` and `y` can come to wait for each other, and only the `timeout` of `x` ends that: it fails after 30s', 'some interleaving', 'processes.x.steps.1']);
  });

  it.each([
    ['of a `with`', crossed('timeout: 30s', 'with')],
    ['of an event', 'events: { e: , f: }\nprocesses: { x: { steps: [{ wait: e, timeout: 1m }, { set: f }] }, y: { steps: [{ wait: f }, { set: e }] } }'],
    ['of a join', 'locks: { l: }\nprocesses: { x: { steps: [{ acquire: l }, { join: y, timeout: 1m }] }, y: { with: l, command: x } }'],
    ['of each of them', 'locks: { a: , b: }\nprocesses: { x: { steps: [{ acquire: a }, { acquire: b, timeout: 1m }] }, y: { steps: [{ acquire: b }, { acquire: a, timeout: 1m }] } }'],
    ['of a process', 'locks: { a: , b: }\nprocesses: { x: { timeout: 10m, steps: [{ acquire: a }, { acquire: b }] }, y: { timeout: 10m, steps: [{ acquire: b }, { acquire: a }] } }'],
    ['of the tasks of a pool', 'locks: { a: , b: }\npools: { p: { workers: 1, tasks: [1], timeout: 1m, steps: [{ acquire: a }, { acquire: b }] } }\nprocesses: { y: { steps: [{ acquire: b }, { acquire: a }] } }'],
  ])('is told: %s', (_, text) => {
    expect(saidOf(text)).not.toBeNull();
  });

  it('is told of the pool whose it is, though another one with a `timeout` has a name that begins alike', () => {
    const spec = 'locks: { a: , b: }\npools: { p: { workers: 1, tasks: [1], timeout: 1m, command: x }, p-q: { workers: 1, tasks: [1], steps: [{ acquire: a }, { acquire: b }] }, r: { workers: 1, tasks: [1], timeout: 10m, steps: [{ acquire: b }, { acquire: a }] } }';
    expect(saidOf(spec)?.[0]).toMatch(/and only the `timeout` of `r` ends that: it fails after 10m$/u);
  });

  it('is not told where whoever waits may fail', () => {
    expect(saidOf('events: { e: , f: }\nprocesses: { x: { steps: [{ wait: e, timeout: 1m }, { set: f }], allow_failure: true }, y: { steps: [{ wait: f }, { set: e }] } }')).toBeNull();
  });

  it('is told with what mends it, and of a process with how long that takes', () => {
    const plan = validPlan(crossed('').replace('x: {', 'x: { timeout: 10m,').replace(', }', ' }'));
    const found = timeoutHidesDeadlock(plan, judge(plan, budget), (place) => ({ source: { name: place.join('.'), text: '' }, start: 0, end: 0 }), budget);
    expect(found?.message).toBe('`x` and `y` can come to wait for each other, and only the `timeout` of `x` ends that: it fails after 10m');
    expect(found?.hint).toBe('take `a`, `b` in this order everywhere, or together in one step: `acquire: [a, b]`');
  });

  it('is told with the way out where nothing but a `timeout` was found to help, which is there already', () => {
    const plan = validPlan('pipes: { link: { between: [a, b] } }\nprocesses: { a: { steps: [{ recv: link, timeout: 1m }, { send: link, item: x }] }, b: { steps: [{ recv: link }, { send: link, item: x }] } }');
    const found = timeoutHidesDeadlock(plan, judge(plan, budget), (place) => ({ source: { name: place.join('.'), text: '' }, start: 0, end: 0 }), budget);
    expect(found?.hint).toBe('remove one of these waits, or let it come after what the others wait for; where the wait is to end so, say what is to be done then: `on_timeout`');
  });

  it.each([
    ['of a process whose failure is allowed', crossed('').replace('x: {', 'x: { timeout: 10m, allow_failure: true,').replace(', }', ' }')],
    ['that says what to do then', crossed('timeout: 30s, on_timeout: [{ print: later }]')],
    ['after which it goes on', crossed('timeout: 30s, on_timeout: continue')],
    ['whose failure is let pass', crossed('timeout: 30s, allow_failure: true')],
    ['of no time at all, which is a try', crossed('block: false')],
    ['where nobody would wait for the other', crossed('timeout: 30s').replace('acquire: b }, { acquire: a', 'acquire: a }, { acquire: b')],
    ['where they can deadlock all the same', `${crossed('timeout: 30s')}  z: { steps: [{ acquire: a }, { acquire: b }] }\n`],
    ['of one who waits alone for what a daemon need not do', 'events: { e: }\ndaemons: { d: { command: x, uses: { e: set } } }\nprocesses: { x: { steps: [{ wait: e, timeout: 1m }] } }'],
    ['of a command', crossed('timeout: 30s').replace('acquire: b, timeout', 'run: x, timeout')],
    ['that is not in the way, beside programs that may take what they declare', 'locks: { a: , b: }\nprocesses: { x: { with: a, command: x, uses: { b: acquire } }, y: { steps: [{ acquire: b }, { acquire: a, timeout: 1m }] } }'],
  ])('is not told: %s', (_, text) => {
    expect(saidOf(text)).toBeNull();
  });
});
