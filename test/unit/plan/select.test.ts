import { describe, expect, it } from 'vitest';
import { selectPlan } from '../../../src/plan/select.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { instanceOf, validPlan } from '../../rig/plan-of-text.ts';

const plan = validPlan(`
locks: { l: }
events: { e: }
queues: { q: }
pipes: { link: { between: [left, right] } }
daemons:
  db: { command: x, readiness_probe: { exec: y } }
processes:
  base: { command: x }
  api: { command: x, replicas: 2, depends_on: [base, db], with: l }
  setter: { command: x, sets: { exit: e }, with: l }
  waiter: { steps: [ { wait: e } ] }
  producer: { steps: [ { put: q, item: 1 } ] }
  left: { command: x }
  right: { command: x }
  submitter: { steps: [ { submit: tasks, item: 1 } ] }
  starter: { steps: [ { start: idle } ] }
  idle: { command: x, autostart: false }
pools:
  consumer: { command: x, tasks: { queue: q } }
  tasks: { command: x }
finally:
  clean: { command: x, depends_on: { api: { condition: exit }, waiter: { condition: exit } } }
  report: { command: x, depends_on: { clean: { condition: exit } } }
  drain: { command: x, uses: { q: get } }
`);

function chosen(...names: readonly string[]): Plan {
  const selected = selectPlan(plan, names);
  if (!selected.ok) throw new Error(selected.error.map(({ message }) => message).join());
  return selected.value;
}

function namesOf({ instances, pools }: Plan): readonly string[] {
  return [...instances, ...pools].map(({ name }) => name);
}

describe('selectPlan', () => {
  it.each([
    ['a process alone', ['base'], ['base']],
    [
      'what it depends on, and finally what depends on it',
      ['api'],
      ['base', 'api-1', 'api-2', 'db', 'clean', 'report'],
    ],
    ['one instance', ['api-1'], ['base', 'api-1', 'db', 'clean', 'report']],
    [
      'who shares an event, and not who shares a lock',
      ['waiter'],
      ['setter', 'waiter', 'clean', 'report'],
    ],
    ['who shares a queue', ['producer'], ['producer', 'consumer']],
    ['who is at the other end of a pipe', ['right'], ['left', 'right']],
    ['who submits to a pool', ['tasks'], ['submitter', 'tasks']],
    ['what a step starts', ['starter'], ['starter', 'idle']],
    [
      'what a named process of finally depends on, and what that needs',
      ['report'],
      ['base', 'api-1', 'api-2', 'setter', 'waiter', 'db', 'clean', 'report'],
    ],
    ['who shares a queue with a named process of finally', ['drain'], ['producer', 'drain', 'consumer']],
    ['several names', ['base', 'left'], ['base', 'left', 'right']],
  ])('keeps %s', (_, names, kept) => {
    expect(namesOf(chosen(...names))).toEqual(kept);
  });

  it('starts what is named, though it does not start by itself', () => {
    expect(instanceOf(chosen('idle'), 'idle').autostart).toBe(true);
    expect(instanceOf(chosen('starter'), 'idle').autostart).toBe(false);
  });

  it('drops waits for what does not run, and what acts on it', () => {
    const part = chosen('api-1');
    expect(instanceOf(part, 'clean').dependsOn.map(({ name, target }) => [name, target])).toEqual([
      ['api', { type: 'instances', instances: ['api-1'] }],
    ]);
    expect(part.primitives.some(({ kind }) => kind === 'pipe')).toBe(false);
    expect(part.actors).toEqual([]);
  });

  it('names what does not exist, with what was meant', () => {
    const selected = selectPlan(plan, ['bsae', 'api']);
    expect(selected.ok ? [] : selected.error.map(({ code, hint }) => [code, hint])).toEqual([
      ['MP105', 'did you mean `base`?'],
    ]);
  });
});
