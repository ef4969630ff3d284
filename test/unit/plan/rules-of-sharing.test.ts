import { describe, expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

describe('MP309: a large demand behind small ones', () => {
  const spec = (small: string, large = 'with: { name: s, permits: 3 }, command: x', semaphore = '{ permits: 4 }'): string =>
    `semaphores: { s: ${semaphore} }\ndaemons: { w: { ${small} } }\nprocesses: { b: { ${large} } }`;
  const loop = 'steps: [{ repeat: forever, do: [{ with: s, do: [{ run: x }] }] }]';

  it.each([
    ['of restarted programs', spec('replicas: 3, restart: always, with: s, command: x')],
    ['of loops', spec(`replicas: 3, ${loop}`)],
    ['that a step asks for', spec(`replicas: 3, ${loop}`, 'steps: [{ acquire: { name: s, permits: 3 } }]')],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP309']);
  });

  it.each([
    ['a fair semaphore', spec(`replicas: 3, ${loop}`, undefined, '{ permits: 4, fair: true }')],
    ['so few that enough is free between them', spec(`replicas: 2, ${loop}`)],
    ['demands of one size', spec('replicas: 3, steps: [{ repeat: forever, do: [{ with: { name: s, permits: 2 }, do: [{ run: x }] }] }]', 'with: { name: s, permits: 2 }, command: x')],
    ['demands that come to an end', spec('replicas: 3, steps: [{ repeat: 100, do: [{ with: s, do: [{ run: x }] }] }]')],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe('MP509: an end of a kernel pipe that comes too late', () => {
  const spec = (from: string, to: string, more = ''): string => `pipes: { p: { from: a, to: b, via: stdio } }\nprocesses: { a: { command: x${from} }, b: { command: y${to} }${more} }`;

  it.each([
    ['the receiver', spec('', ', depends_on: [a]')],
    ['the receiver, by way of another', spec('', ', depends_on: { c: { condition: start } }', ', c: { command: z, depends_on: [a] }')],
    ['the sender', spec(', depends_on: { b: { condition: exit } }', '')],
    ['whichever has the lock of both later', `locks: { l: }\n${spec(', with: l', ', with: l')}`],
    ['whichever has the only slot of `max_parallel` later', `max_parallel: 1\n${spec('', '')}`],
    ['whichever has one of too few slots for all that are joined later', `max_parallel: 2\n${spec('', '', ', c: { command: z }').replace('pipes: {', 'pipes: { q: { from: b, to: c, via: stdio },')}`],
    ['whichever has more than is left later', `semaphores: { s: 3 }\n${spec(', with: { name: s, permits: 2 }', ', with: { name: s, permits: 2 }')}`],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP509']);
  });

  it.each([
    ['the start of the sender', spec('', ', depends_on: { a: { condition: start } }')],
    ['the end of another', spec('', ', depends_on: [c]', ', c: { command: z }')],
    ['what has permits for both', `semaphores: { s: 3 }\n${spec(', with: { name: s, permits: 2 }', ', with: s')}`],
    ['slots of `max_parallel` for all that are joined', `max_parallel: 2\n${spec('', '', ', c: { command: z }, d: { command: z }').replace('pipes: {', 'pipes: { q: { from: c, to: d, via: stdio },')}`],
    ['the lock of another', `locks: { l: , m: }\n${spec(', with: l', ', with: m')}`],
    ['a pipe of messages, of which the search knows', spec('', ', depends_on: [a]').replace(', via: stdio', '')],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe('MP513: several who read the standard input of mpctl', () => {
  it.each([
    ['two processes', 'processes: { a: { command: x, stdin: inherit }, b: { command: x, stdin: inherit } }'],
    ['replicas', 'processes: { a: { replicas: 2, command: x, stdin: inherit } }'],
    ['a daemon and what comes last', 'daemons: { a: { command: x, stdin: inherit } }\nfinally: { b: { command: x, stdin: inherit } }\nprocesses: { c: { command: x } }'],
    ['the tasks of a pool', 'pools: { p: { workers: 2, tasks: [1, 2], command: x, stdin: inherit } }'],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP513']);
  });

  it.each([
    ['one after the other', 'processes: { a: { command: x, stdin: inherit }, b: { command: x, stdin: inherit, depends_on: [c] }, c: { command: x, depends_on: [a] } }'],
    ['what comes last', 'processes: { a: { command: x, stdin: inherit } }\nfinally: { b: { command: x, stdin: inherit } }'],
    ['one that a user starts', 'processes: { a: { command: x, stdin: inherit }, b: { autostart: false, command: x, stdin: inherit }, c: { steps: [{ start: b }] } }'],
    ['one task at a time', 'pools: { p: { workers: 1, tasks: [1, 2], command: x, stdin: inherit } }'],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

it('leaves the standard input of long-lived workers to another check', () => {
  expect(codesOf('pools: { p: { workers: 2, tasks: [1, 2], worker: x, stdin: inherit } }')).toEqual(['MP610']);
});

describe('MP606: more workers than permits', () => {
  const spec = (workers: string, hold: string): string => `locks: { l: }\nsemaphores: { s: 4, u: { permits: 1, bounded: false } }\nvalues: { v: }\nprocesses: { other: { with: [l, s, u], command: x } }\npools: { p: { ${workers}tasks: [1, 2, 3], with: ${hold}, command: x } }`;
  const found = (text: string): readonly (string | null)[] => planText(text).diagnostics.flatMap(({ code, hint }) => (code === 'MP606' ? [hint] : []));

  it.each([
    ['a semaphore', spec('workers: 5, ', 's'), '4'],
    ['a large demand', spec('workers: 3, ', '{ name: s, permits: 2 }'), '2'],
    ['a lock, the narrowest of all', spec('workers: 3, ', '[s, l]'), '1'],
  ])('%s', (_, text, count) => {
    expect(found(text)).toEqual([expect.stringContaining(`\`workers: ${count}\``)]);
  });

  it('does not advise fewer workers where they meet', () => {
    expect(found('barriers: { b: { parties: 3 } }\nsemaphores: { s: 2 }\npools: { p: { workers: 3, with: s, tasks: [1, 2, 3], steps: [{ wait: b }] } }')).toEqual(['hold `s` only around the steps that need it']);
  });

  it.each([
    ['as many', spec('workers: 4, ', 's')],
    ['as many as there are processors', spec('', 'l')],
    ['a semaphore that may grow', spec('workers: 3, ', 'u')],
  ])('not: %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });
});
