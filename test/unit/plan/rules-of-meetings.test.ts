import { describe, expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

describe('MP405: a pulse that may be missed', () => {
  const spec = (setter: string, waiter = 'steps: [{ wait: e }]', event = ''): string => `events: { e: ${event} }\nprocesses: { s: { steps: [${setter}] }, w: { ${waiter} } }`;

  it.each([
    ['a step waits', spec('{ set: e }, { clear: e }')],
    ['a start waits', spec('{ set: e }, { clear: e }', 'command: x, wait_for: [e]')],
    ['with a line between', spec('{ set: e }, { print: x }, { clear: e }')],
    ['a few times', spec('{ repeat: 3, do: [{ set: e }, { clear: e }] }')],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP405']);
  });

  it.each([
    ['an event that stays set', spec('{ set: e }')],
    ['time for the others', spec('{ set: e }, { join: w }, { clear: e }')],
    ['set to stay by somebody else', `${spec('{ set: e }, { clear: e }').slice(0, -2)}, t: { steps: [{ set: e }] } }`],
    ['set to stay later', spec('{ set: e }, { clear: e }, { set: e }')],
    ['a program that sets it', `${spec('{ set: e }, { clear: e }').slice(0, -2)}, t: { command: x, uses: { e: set } } }`],
    ['again and again', spec('{ repeat: forever, do: [{ set: e }, { clear: e }, { exit: 0 }] }')],
    ['set at first', spec('{ set: e }, { clear: e }', 'steps: [{ wait: e }]', '{ set: true }')],
    ['who goes on without', spec('{ set: e }, { clear: e }', 'steps: [{ wait: e, timeout: 1s, on_timeout: continue }]')],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe('MP409: a party that leaves a barrier', () => {
  const spec = (left: string, right: string): string => `barriers: { b: { parties: 2 } }\nprocesses: { l: { steps: [${left}] }, r: { ${right} } }`;

  it.each([
    ['and goes on', spec('{ wait: b, timeout: 1s, on_timeout: continue }', 'steps: [{ wait: b }]')],
    ['and does something else', spec('{ wait: b, timeout: 1s, on_timeout: [{ print: x }] }', 'steps: [{ wait: b }]')],
    ['that others wait for at their start', spec('{ wait: b, timeout: 1s, on_timeout: continue }', 'command: x, wait_for: [b]')],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP409']);
  });

  it.each([
    ['and fails as well', spec('{ wait: b, timeout: 1s }', 'steps: [{ wait: b }]')],
    ['as the others do', spec('{ wait: b, timeout: 1s, on_timeout: continue }', 'steps: [{ wait: b, timeout: 1s, on_timeout: continue }]')],
    ['only by a failure that is let pass', spec('{ wait: b, allow_failure: true }', 'steps: [{ wait: b }]')],
    ['that a step mends', spec('{ wait: b, timeout: 1s, on_timeout: [{ reset: b }] }', 'steps: [{ wait: b }]')],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe('MP406: a barrier that cannot be filled', () => {
  const hints = (text: string): readonly (string | null)[] => planText(text).diagnostics.flatMap(({ code, hint }) => (code === 'MP406' ? [hint] : []));

  it('by the tasks of a pool is filled by more workers, with which nothing is found', () => {
    const spec = (workers: number): string => `barriers: { all: { parties: 3 } }\npools: { p: { workers: ${workers}, tasks: [a, b, c], steps: [{ wait: all }] } }`;
    expect(hints(spec(2))).toEqual(['give `p` 3 workers, or write `parties: 2`']);
    expect(codesOf(spec(3))).toEqual([]);
  });

  it('by processes, or by a pool and others, is filled by one more of them', () => {
    expect(hints('barriers: { all: { parties: 3 } }\nprocesses: { a: { replicas: 2, steps: [{ wait: all }] } }')).toEqual(['write `parties: 2`, or let 1 more wait for it']);
    expect(hints('barriers: { all: { parties: 4 } }\npools: { p: { workers: 2, tasks: [a, b], steps: [{ wait: all }] } }\nprocesses: { a: { steps: [{ wait: all }] } }')).toEqual(['write `parties: 3`, or let 1 more wait for it']);
  });
});
