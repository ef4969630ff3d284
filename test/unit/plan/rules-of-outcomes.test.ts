import { describe, expect, it } from 'vitest';
import { codesOf } from '../../rig/plan-of-text.ts';

describe('MP208: a dependency on something that may fail', () => {
  const spec = (other: string, depends: string): string => `processes: { q: { ${other} }, a: { command: x, depends_on: ${depends} } }`;
  const probed = 'command: x, allow_failure: true, readiness_probe: { tcp_socket: { port: 1 } }';

  it.each([
    ['by its success', spec('command: x, allow_failure: true', '[q]')],
    ['by its readiness', spec(probed, '[q]')],
    ['of one among several instances', spec('command: x, replicas: 2, allow_failure: true', '[q]')],
    ['of a pool', 'pools: { q: { workers: 2, tasks: [1], command: x, allow_failure: true } }\nprocesses: { a: { command: x, depends_on: [q] } }'],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP208']);
  });

  it.each([
    ['that may not fail', spec('command: x', '[q]')],
    ['where the condition is written', spec('command: x, allow_failure: true', '{ q: { condition: success } }')],
    ['by its end', spec('command: x, allow_failure: true', '{ q: { condition: exit } }')],
    ['that was ready already when it started', 'daemons: { q: { command: x, allow_failure: true } }\nprocesses: { a: { command: x, depends_on: { q: { condition: start } } } }'],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe('MP404: an event of one outcome', () => {
  const spec = (setter: string, waiter = 'steps: [{ wait: e }]', event = ''): string => `events: { e: ${event} }\nprocesses: { s: { command: x, ${setter} }, w: { ${waiter} } }`;

  it.each([
    ['of a success that need not come', spec('allow_failure: true, sets: { success: e }')],
    ['of a failure', spec('sets: { failure: e }')],
    ['of a failure that is allowed', spec('allow_failure: true, sets: { failure: e }')],
    ['in a loop', spec('sets: { failure: e }', 'steps: [{ repeat: 2, do: [{ wait: e }] }]')],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP404']);
  });

  it.each([
    ['of a success whose failure fails the run', spec('sets: { success: e }')],
    ['of either outcome', spec('allow_failure: true, sets: { success: e, failure: e }')],
    ['of the end', spec('allow_failure: true, sets: { exit: e }')],
    ['that somebody else sets too', `${spec('sets: { failure: e }').slice(0, -2)}, t: { steps: [{ set: e }] } }`],
    ['that is set at first', spec('sets: { failure: e }', 'steps: [{ wait: e }]', '{ set: true }')],
    ['that a start waits for', spec('sets: { failure: e }', 'command: x, wait_for: [e]')],
    ['of a step that may fail', spec('sets: { failure: e }', 'steps: [{ wait: e, allow_failure: true }]')],
    ['of a step that goes on without', spec('sets: { failure: e }', 'steps: [{ wait: e, timeout: 1s, on_timeout: continue }]')],
    ['of a process that may fail', spec('sets: { failure: e }', 'allow_failure: true, steps: [{ wait: e }]')],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe('MP703: a limit of restarts that is never reached', () => {
  const spec = (keys: string, section = 'processes'): string => `${section}: { p: { command: x, restart: on_failure, ${keys} } }${section === 'processes' ? '' : '\nprocesses: { q: { command: x } }'}`;

  it.each([
    ['with long delays', spec('backoff: { initial: 20s }')],
    ['with delays that together are as long', spec('max_restarts: { count: 2, within: 1m }, backoff: { initial: 20s, max: 40s, jitter: 0 }')],
    ['with a short time', spec('max_restarts: { count: 5, within: 5s }')],
    ['of `finally`', spec('backoff: { initial: 20s }', 'finally')],
  ])('%s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP703']);
  });

  it.each([
    ['as it is by default', spec('allow_failure: false')],
    ['a millisecond before', spec('max_restarts: { count: 2, within: 60001ms }, backoff: { initial: 20s, max: 40s, jitter: 0 }')],
    ['which chance may make shorter', spec('max_restarts: { count: 2, within: 1m }, backoff: { initial: 20s, max: 40s, jitter: 0.1 }')],
    ['that counts all', spec('max_restarts: 5, backoff: { initial: 20s }')],
    ['none at all', spec('max_restarts: { count: 0, within: 1m }, backoff: { initial: 20s }')],
    ['without a delay', spec('max_restarts: { count: 5, within: 1ms }, backoff: { initial: 0s }')],
    ['of a daemon', spec('backoff: { initial: 20s }', 'daemons')],
    ['of what is restarted for ever anyway', 'daemons: { p: { command: x, restart: always, backoff: { initial: 20s } } }\nprocesses: { q: { command: x } }'],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});
