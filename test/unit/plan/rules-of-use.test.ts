import { describe, expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

function found(code: string, text: string): readonly string[] {
  return planText(text).diagnostics.flatMap((finding) => (finding.code === code ? [finding.message] : []));
}

describe('MP207: a wait that was made already', () => {
  const spec = (a: string, b = 'depends_on: [c], command: x'): string => `processes: { c: { command: x }, b: { ${b} }, a: { command: x, depends_on: ${a} } }`;

  it.each([
    ['for a success', spec('[b, c]'), ['`a` waits for the success of `c` through `b` already']],
    ['for less', spec('{ b: { condition: success }, c: { condition: exit } }'), ['`a` waits for the exit of `c` through `b` already']],
    ['through a start', spec('{ c: { condition: success }, b: { condition: start } }'), ['`a` waits for the success of `c` through `b` already']],
    ['through a pool', 'pools: { b: { depends_on: [c], tasks: [1], command: x } }\nprocesses: { c: { command: x }, a: { command: x, depends_on: [b, c] } }', ['`a` waits for the success of `c` through `b` already']],
  ])('%s', (_, text, messages) => {
    expect(found('MP207', text)).toEqual(messages);
  });

  it.each([
    ['for more', spec('[b, c]', 'depends_on: { c: { condition: start } }, command: x')],
    ['with a timeout of its own', spec('{ b: { condition: success }, c: { condition: success, timeout: 1m } }')],
    ['through an end that may be that of a skipped one', spec('{ b: { condition: exit }, c: { condition: success } }')],
    ['of one that waits for something else', spec('[b, c]', 'command: x')],
  ])('not: %s', (_, text) => {
    expect(found('MP207', text)).toEqual([]);
  });
});

describe('MP310: a lock that one instance takes', () => {
  const spec = (a: string, b = 'steps: [{ print: x }]', more = ''): string => `locks: { l: }\n${more}processes: { a: { ${a} }, b: { ${b} } }`;

  it('in a step, or for its whole life', () => {
    expect(found('MP310', spec('steps: [{ with: l, do: [{ print: x }] }]'))).toEqual(['only `a` takes the lock `l`, so that it protects nothing']);
    expect(found('MP310', spec('with: l, command: x'))).toEqual(['only `a` takes the lock `l`, so that it protects nothing']);
  });

  it.each([
    ['two processes', spec('with: l, command: x', 'with: l, steps: [{ print: x }]')],
    ['two instances', spec('replicas: 2, with: l, command: x')],
    ['two workers', 'locks: { l: }\npools: { p: { workers: 2, tasks: [1], with: l, command: x } }\nprocesses: { b: { steps: [{ print: x }] } }'],
    ['another program, which may', spec('with: l, command: x', 'command: y')],
    ['a program of a step, which may', spec('with: l, command: x', 'steps: [{ run: y }]')],
    ['a probe, which may', spec('with: l, command: x', 'readiness_probe: { exec: y }, steps: [{ print: x }]')],
    ['what stops one, which may', spec('with: l, command: x', 'stop: { command: y }, steps: [{ print: x }]')],
    ['a condition', spec('with: l, steps: [{ notify: c }]', undefined, 'conditions: { c: { lock: l } }\n')],
    ['nobody else', 'locks: { l: }\nprocesses: { a: { with: l, command: x } }'],
  ])('not: %s', (_, text) => {
    expect(found('MP310', text)).toEqual([]);
  });
});

describe('MP403: an event that nobody waits for', () => {
  const spec = (a: string, b = 'steps: [{ print: x }]'): string => `events: { e: }\nprocesses: { a: { ${a} }, b: { ${b} } }`;

  it('that a step, a moment or a program sets', () => {
    const message = '`a` sets `e`, and nobody waits for it';
    expect(found('MP403', spec('steps: [{ set: e }]'))).toEqual([message]);
    expect(found('MP403', spec('command: x, sets: { success: e }'))).toEqual([message]);
    expect(found('MP403', spec('command: x, uses: { e: set }'))).toEqual([message]);
  });

  it.each([
    ['a step that waits', spec('steps: [{ set: e }]', 'steps: [{ wait: e }]')],
    ['a start that waits', spec('steps: [{ set: e }]', 'wait_for: [e], steps: [{ print: x }]')],
    ['a program, which may', spec('steps: [{ set: e }]', 'command: x')],
    ['an event that is not set either', spec('steps: [{ print: x }]')],
  ])('not: %s', (_, text) => {
    expect(found('MP403', text)).toEqual([]);
  });
});
