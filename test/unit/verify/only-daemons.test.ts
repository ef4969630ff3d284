import { describe, expect, it } from 'vitest';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { judge } from '../../../src/verify/judge.ts';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 10_000, mayGoOn: (): boolean => true };
const events = 'events: { e: , f: }\ndaemons:\n  a: { steps: [{ wait: e }, { set: f }] }\n  b: { steps: [{ wait: f }, { set: e }] }\n';

function verdictOf(text: string): string {
  return judge(validPlan(text), budget).verdict.type;
}

describe('a run of only daemons', () => {
  it.each([
    ['alone', ''],
    ['beside one that goes round for ever', '  c: { steps: [{ repeat: forever, do: [{ sleep: 5ms }] }] }\n'],
    ['beside a program', '  c: { command: serve }\n'],
    ['beside a process that nobody starts', 'processes: { p: { autostart: false, command: exit 0 } }\n'],
    ['beside a process that only `finally` starts', 'processes: { p: { autostart: false, command: exit 0 } }\nfinally: { g: { steps: [{ start: p }] } }\n'],
    ['beside a process that starts another one, and nobody starts', 'processes: { p: { autostart: false, steps: [{ start: q }] }, q: { autostart: false, command: exit 0 } }\n'],
    ['beside a pool that nobody starts', 'pools: { p: { autostart: false, tasks: [a], command: exit 0 } }\n'],
  ])('is stuck with any two that wait for each other: %s', (_, more) => {
    expect(certaintyOf(`${events}${more}`, budget)).toBe('some interleaving');
    expect(play(`${events}${more}`, { lasting: new Set(['c']) }).end.exitCode).toBe(5);
  });

  it('is over beside two that wait for each other where another one starts a process that comes to its end', () => {
    const text = `${events}  c: { steps: [{ sleep: 5ms }, { start: p }] }\nprocesses: { p: { autostart: false, command: exit 0 } }\n`;
    expect(certaintyOf(text, budget)).toBeUndefined();
    expect(play(text).end.exitCode).toBe(0);
  });

  it('is over beside two that wait for each other where another one ends a process that nobody starts', () => {
    const text = `${events}  c: { steps: [{ sleep: 5ms }, { kill: p }] }\nprocesses: { p: { autostart: false, command: exit 0 } }\n`;
    expect(certaintyOf(text, budget)).toBeUndefined();
    expect(play(text).end.exitCode).toBe(0);
  });

  it('is stuck beside a process that ends another one, and nobody starts', () => {
    const text = `${events}processes: { p: { autostart: false, steps: [{ kill: q }] }, q: { autostart: false, command: exit 0 } }\n`;
    expect(verdictOf(text)).toBe('counterexample');
    expect(play(text).end.exitCode).toBe(5);
  });

  it.each(['start', 'kill'])('is stuck where they keep each other from a process to %s, of which a proof says that it leaves that out', (verb) => {
    const text = `events: { e: , f: }\ndaemons:\n  a: { steps: [{ wait: e }, { ${verb}: p }, { set: f }] }\n  b: { steps: [{ wait: f }, { set: e }] }\nprocesses: { p: { autostart: false, command: exit 0 } }\n`;
    expect(play(text).end.exitCode).toBe(5);
    const { verdict, assumptions } = judge(validPlan(text), budget);
    expect(verdict.type !== 'proved' || assumptions.some(({ text: left }) => left.startsWith('what daemons wait for before one of them starts or ends'))).toBe(true);
  });

  it('is refused where they always do', () => {
    expect(certainDeadlock(validPlan(events), () => budget)?.verdict.type).toBe('counterexample');
  });

  it('is stuck with two that take locks in different orders, round by round', () => {
    const rounds = (first: string, second: string): string => `{ steps: [{ repeat: forever, do: [{ acquire: ${first} }, { sleep: 2ms }, { acquire: ${second} }, { release: [l, m] }] }] }`;
    const text = `locks: { l: , m: }\ndaemons:\n  a: ${rounds('l', 'm')}\n  b: ${rounds('m', 'l')}\n`;
    expect(certaintyOf(text, budget)).toBe('some interleaving');
    expect(play(text).end.exitCode).toBe(5);
  });

  it('is proved where each is given what it waits for', () => {
    expect(verdictOf('events: { e: , f: }\ndaemons:\n  a: { steps: [{ wait: e }, { set: f }] }\n  b: { steps: [{ set: e }] }\n  c: { wait_for: [f], command: serve }\n')).toBe('proved');
  });

  it('need not come to an end, and is neither warned of for that, nor proved', () => {
    expect(verdictOf('queues: { q: { capacity: 1 } }\ndaemons:\n  a: { steps: [{ repeat: forever, do: [{ put: q, item: 1 }] }] }\n  b: { steps: [{ each: q, as: x, do: [{ print: x }] }] }\n')).toBe('unsure');
    expect(verdictOf('locks: { l: }\ndaemons:\n  a: { with: l, command: serve }\n  b: { with: l, command: serve }\n')).toBe('unsure');
  });

  it.each([
    ['before a daemon has taken an item', "queues: { q: { items: [1] } }\npipes: { feed: { from: last, to: bye, capacity: 1 } }\ndaemons:\n  a: { steps: [{ sleep: 5ms }, { get: q }, { task_done: q }] }\nfinally:\n  bye: { steps: [{ acquire: l }, { recv: feed }] }\n  last: { steps: [{ each: q, as: x, do: [{ acquire: l }, { release: l }] }, { send: feed, item: 1 }] }\n"],
    ['while a daemon has a lock, which lives on', 'daemons:\n  a: { steps: [{ acquire: l }, { sleep: 5ms }, { acquire: m }, { release: [l, m] }] }\nfinally:\n  last: { steps: [{ acquire: m }, { sleep: 9ms }, { acquire: l }] }\n'],
  ])('is not proved where `finally` may deadlock once it was stopped %s', (_, text) => {
    for (const idle of ['', 'processes: { p: { autostart: false, command: exit 0 } }\n']) {
      const stopped = `timeout: 1ms\nlocks: { l: , m: }\n${idle}${text}`;
      expect(play(stopped).events.filter(({ type }) => type === 'run.deadlock')).toHaveLength(1);
      expect(judge(validPlan(stopped), budget).assumptions.filter(({ kind }) => kind === 'left_out').map(({ text: said }) => said)).toEqual([expect.stringContaining('`finally` of a run that is stopped before its end')]);
    }
  });
});
