import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { describeJudgement } from '../../../src/verify/describe-judgement.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

function judged(text: string): Judgement {
  return judge(validPlan(text), { maxStates: 100_000, mayGoOn: () => true });
}

/** Who is stuck, and at what; null where nobody can be. */
function stuck(text: string): readonly string[] | null {
  const { verdict } = judged(text);
  if (verdict.type === 'proved') return null;
  expect(verdict.type).toBe('counterexample');
  return verdict.type === 'counterexample' ? verdict.stuck.map(({ name, waitsFor }) => `${name}: ${waitsFor.join(', ')}`) : [];
}

function leftOut(text: string): readonly string[] {
  return judged(text).assumptions.flatMap(({ kind, text: what }) => (kind === 'left_out' ? [what] : []));
}

describe('what runs in `finally`', () => {
  it.each([
    'finally: { tidy: { command: x } }',
    'finally: { tidy: { steps: [{ run: x }] }, told: { command: x, depends_on: [tidy, a] } }',
    'pools: { p: { command: x, tasks: [1] } }\nfinally: { tidy: { command: x, depends_on: { p: { condition: failure } } } }',
  ])('and waits for nothing hides nothing: %s', (last) => {
    expect(describeJudgement(judged(`processes: { a: { command: x } }\n${last}\n`))).toMatch(/^no deadlock: proved, since there is an order .*\n(?: {2}provided that .*\n)*$/u);
  });

  it('is proved by an order, even where a run is stopped before its end', () => {
    const text = `
locks: { a: , b: }
events: { done: }
processes:
  x: { steps: [{ with: a, do: [{ with: b, do: [{ run: x }] }] }] }
finally:
  tidy: { steps: [{ with: a, do: [{ with: b, do: [{ run: x }] }] }, { set: done }] }
  told: { steps: [{ wait: done }, { with: b, do: [{ run: x }] }] }
`;
    expect(judged(text).verdict).toEqual({ type: 'proved', by: 'order' });
    expect(leftOut(text)).toEqual([]);
  });

  it('can deadlock within itself', () => {
    expect(
      stuck(`
locks: { a: , b: }
processes: { x: { command: x, with: [a, b] } }
finally:
  one: { steps: [{ acquire: a }, { acquire: b }] }
  two: { steps: [{ acquire: b }, { acquire: a }] }
`),
    ).toEqual(['one: b', 'two: a']);
  });

  it('is not asked for locks before all that held them has ended', () => {
    const text = `
locks: { a: , b: }
processes: { x: { steps: [{ acquire: a }, { acquire: b }] } }
finally: { tidy: { steps: [{ acquire: b }, { acquire: a }] } }
`;
    expect(stuck(text)).toBeNull();
    expect(leftOut(text)).toEqual([]);
  });

  it('may deadlock where a run is stopped before its end, which is left out', () => {
    const text = `
locks: { a: }
events: { go: }
daemons: { d: { steps: [{ with: a, do: [{ wait: go }] }] } }
processes: { x: { steps: [{ sleep: 1s }, { set: go }] } }
finally: { tidy: { steps: [{ with: a, do: [{ print: x }] }, { set: go }] } }
`;
    expect(stuck(text)).toBeNull();
    expect(leftOut(text)).toEqual(['`finally` of a run that is stopped before its end, where `d` may wait for ever for `go`']);
    expect(runVirtually(validPlan(`timeout: 500ms\n${text}`)).events.some(({ type }) => type === 'run.deadlock')).toBe(true);
  });

  const ofTwo = 'locks: { a: }\nevents: { go: }\nfinally: { one: { steps: [{ with: a, do: [{ wait: go }] }] }, two: { steps: [{ with: a, do: [{ set: go }] }] } }';

  it.each([
    ['is stopped by its timeout', `timeout: 500ms\n${ofTwo}\nprocesses: { x: { steps: [{ sleep: 1s }, { set: go }] } }`, 'proved'],
    ['is stopped by a failure', `${ofTwo}\nprocesses: { x: { steps: [{ run: exit 1 }, { set: go }] } }`, 'unsure'],
    ['is asked to end', `${ofTwo}\nprocesses: { x: { steps: [{ shutdown: 0 }] } }`, 'unsure'],
  ])('may deadlock where a run %s, and is warned of', (_, text, verdict) => {
    const plan = validPlan(`${text}\n`);
    const judgement = judged(`${text}\n`);
    expect(judgement.verdict.type).toBe(verdict);
    expect(deadlockFindings(plan, judgement, () => ({ source: { name: '', text: '' }, start: 0, end: 0 }))[0]).toMatchObject({
      code: 'MP901',
      message: '`one` and `two` can come to wait for ever in `finally` of a run that is stopped before its end: `one` waits here for `go`',
      severity: 'warning',
      certainty: 'possible',
      related: [{ message: '1. `one` acquires a' }, { message: '`two` waits here for `a`, held by `one`' }],
    });
    expect(runVirtually(plan).events.flatMap((event) => (event.type === 'run.deadlock' ? event.cycle.map(({ instance }) => instance) : []))).toEqual(['one', 'two']);
  });

  it.each([
    ['before what its daemon waits for, of which it is told in a search', '{ permits: 0, bounded: false }', '[{ release: s }, { sleep: 5ms }]', '', '{ set: e }, { acquire: s }'],
    ['before that, where it is refilled for ever', '1', '[{ repeat: forever, do: [{ release: s, allow_failure: true }, { sleep: 5ms }] }]', '  y: { steps: [{ acquire: s }, { wait: f }] }\n', '{ sleep: 5ms }, { set: e }, { acquire: s }, { set: f }'],
  ])('may wait for permits of a daemon that is ended with the run where that is stopped %s', (_, permits, gives, other, last) => {
    const spec = (waits: string): string => `timeout: 1ms\nsemaphores: { s: ${permits} }\nevents: { e: , f: }\ndaemons: { d: { ${waits}steps: ${gives} } }\nprocesses: { p: { steps: [{ sleep: 9ms }] } }\nfinally:\n${other}  z: { steps: [${last}] }\n`;
    const text = spec('wait_for: [e], ');
    expect(runVirtually(validPlan(text)).events.filter(({ type }) => type === 'run.deadlock')).toHaveLength(1);
    expect(leftOut(text)).toEqual(['`finally` of a run that is stopped before the daemon `d` starts, which gives back permits of `s`']);
    expect(leftOut(spec(''))).toEqual([]);
    expect(leftOut(`${text.replace(/finally:[^]*/u, '')}finally: { y: { command: x, uses: { s: acquire } }, z: { steps: [{ set: e }] } }\n`)).toEqual(leftOut(text));
    expect(leftOut(`${text.replace(/finally:[^]*/u, '')}locks: { l: }\nfinally: { z: { with: l, steps: [{ set: e }] } }\n`)).toEqual([]);
    expect(runVirtually(validPlan(spec(''))).events.filter(({ type }) => type === 'run.deadlock')).toEqual([]);
  });

  it('is not warned of where what it waits for can no longer come, which fails at once', () => {
    const text = 'events: { go: }\nprocesses: { x: { steps: [{ run: exit 1 }, { set: go }] } }\nfinally: { one: { steps: [{ wait: go }] } }\n';
    expect(deadlockFindings(validPlan(text), judged(text), () => ({ source: { name: '', text: '' }, start: 0, end: 0 }))).toEqual([]);
  });

  it('is not looked at in runs that are stopped where it takes what a pool may still put', () => {
    expect(
      leftOut(`
locks: { a: , b: }
queues: { q: }
pools: { p: { workers: 1, tasks: [1], command: x, results: { queue: q } } }
processes: { x: { steps: [{ acquire: a }, { acquire: b }] } }
finally: { tidy: { steps: [{ acquire: b }, { acquire: a }, { each: q, as: r, do: [{ print: x }] }] } }
`),
    ).toContain('`finally` of a run that is stopped before its end');
  });

  it('is waited for in vain before it begins', () => {
    expect(
      stuck(`
events: { e: }
processes: { x: { steps: [{ wait: e }] }, y: { command: x } }
finally: { tidy: { steps: [{ set: e }] } }
`),
    ).toEqual(['x: e', 'tidy: x']);
  });

  it.each(['steps: [{ wait: two }]', 'wait_for: [two], steps: [{ print: x }]'])('is waited for in vain at a barrier before it begins, in a run as well: %s', (waits) => {
    const text = `barriers: { two: { parties: 2 } }\nprocesses: { x: { ${waits} } }\nfinally: { tidy: { ${waits} } }\n`;
    expect(stuck(text)).toEqual(['x: two', 'tidy: x']);
    expect(runVirtually(validPlan(text)).events.flatMap((event) => (event.type === 'run.deadlock' ? event.cycle.map(({ instance }) => instance) : []))).toEqual(['x']);
  });

  it('is not told of where it has no part in a deadlock', () => {
    expect(
      stuck(`
locks: { a: , b: , c: }
processes:
  x: { steps: [{ acquire: a }, { acquire: b }] }
  y: { steps: [{ acquire: b }, { acquire: a }] }
finally: { tidy: { command: x, with: [c] } }
`),
    ).toEqual(['x: b', 'y: a']);
  });

  it('may wait for the lock of a daemon that waits for it', () => {
    expect(
      stuck(`
locks: { a: }
events: { e: }
daemons: { d: { steps: [{ with: a, do: [{ wait: e }] }] } }
processes: { x: { command: x } }
finally: { tidy: { steps: [{ with: a, do: [{ set: e }] }] } }
`),
    ).toEqual(['d: e', 'tidy: a']);
  });

  it('comes after what nobody has started', () => {
    expect(
      stuck(`
locks: { a: }
processes: { x: { steps: [{ with: a, do: [{ run: x }] }, { run: x, allow_failure: true }] }, spare: { command: x, autostart: false }, y: { steps: [{ start: spare }] } }
finally: { tidy: { command: x, with: [a], depends_on: [x] } }
`),
    ).toBeNull();
  });

  it.each([
    ['a daemon is ended for it', 'daemons: { d: { command: x, with: [a] } }\nprocesses: { x: { command: x } }\nfinally: { tidy: { command: x, with: [a] } }'],
    ['a daemon has for ever what its steps took', 'daemons: { d: { steps: [{ acquire: a }, { repeat: forever, do: [{ run: x }] }] } }\nprocesses: { x: { command: x } }\nfinally: { tidy: { command: x, with: [a] } }'],
    ['a daemon is ended for it that is before it in a line', 'semaphores: { s: { permits: 2, fair: true } }\ndaemons: { d: { command: x, with: a }, e: { steps: [{ acquire: [s, a] }, { release: [s, a] }] } }\nprocesses: { x: { command: x } }\nfinally: { tidy: { steps: [{ acquire: s }] } }'],
    ['it waits for the end of a daemon', 'daemons: { d: { command: x } }\nprocesses: { x: { command: x } }\nfinally: { tidy: { command: x, depends_on: { d: { condition: exit } } } }'],
  ])('is left out where %s', (_, text) => {
    expect(leftOut(`locks: { a: }\n${text}\n`)).toEqual(['`tidy` of `finally`, which comes after the end']);
  });
});

describe('what runs in `finally` after a run that never ends by itself', () => {
  const endless = [
    ['one that is restarted for ever', 'processes: { x: { restart: always, steps: [{ with: a, do: [{ run: x }] }] } }'],
    ['one that goes round for ever', 'processes: { x: { steps: [{ repeat: forever, do: [{ with: a, do: [{ run: x }] }] }] } }'],
    ['daemons alone', 'daemons: { d: { steps: [{ repeat: forever, do: [{ with: a, do: [{ run: x }] }] }] } }'],
  ] as const;

  it.each(endless)('is followed from wherever that is stopped: %s', (_, text) => {
    const { verdict, assumptions } = judged(`locks: { a: }\n${text}\nfinally: { tidy: { command: x, with: [a] } }`);
    expect(verdict).toMatchObject({ type: 'proved', by: 'search' });
    expect(assumptions.filter(({ kind }) => kind === 'left_out')).toEqual([]);
  });

  it.each(endless)('may deadlock within itself: %s', (_, text) => {
    const { early } = judged(`locks: { a: , b: }\n${text}\nfinally: { one: { steps: [{ acquire: a }, { acquire: b }] }, two: { steps: [{ acquire: b }, { acquire: a }] } }`);
    expect(early?.stuck.map(({ name }) => name)).toEqual(expect.arrayContaining(['one', 'two']));
  });
});

it('who waits for what only `finally` does waits for ever, also where that comes only after the run was stopped', () => {
  expect(stuck('events: { e: }\nprocesses: { w: { steps: [{ wait: e }] }, x: { restart: always, command: x } }\nfinally: { tidy: { steps: [{ set: e }] } }')).toEqual(['w: e', 'tidy: w']);
});

describe('what `finally` starts', () => {
  it('is followed, be it of `finally`, or a process or a pool that nobody has started before', () => {
    const waits = '[{ with: a, do: [{ wait: met }, { with: b, do: [{ print: x }] }] }]';
    const others = '{ steps: [{ start: i }, { with: b, do: [{ wait: met }, { with: a, do: [{ print: x }] }] }, { join: i }] }';
    const both = 'locks: { a: , b: }\nbarriers: { met: { parties: 2 } }\n';
    const stuckThere = ['i: b', 'j: a'];
    expect(stuck(`${both}processes: { p: { command: x } }\nfinally: { i: { autostart: false, steps: ${waits} }, j: ${others} }`)).toEqual(stuckThere);
    expect(stuck(`${both}processes: { p: { command: x }, i: { autostart: false, steps: ${waits} } }\nfinally: { j: ${others} }`)).toEqual(stuckThere);
    expect(stuck(`${both}processes: { p: { command: x } }\npools: { i: { autostart: false, workers: 1, tasks: [1], steps: ${waits} } }\nfinally: { j: ${others} }`)).toEqual(['j: a', 'i: i-1', 'i-1: b']);
  });

  it.each([
    ['a pool that takes what is submitted there', 'pools: { w: { autostart: false, workers: 1, steps: [{ print: x }] } }\nfinally: { j: { steps: [{ start: w }, { submit: w, items: [1, 2], as: r }, { result: r }, { join: w }] } }'],
    ['one that nobody starts', 'finally: { i: { autostart: false, command: x }, j: { steps: [{ join: i }] } }'],
    ['one that is awaited before it is started, and has ended then', 'events: { on: }\nfinally: { k: { steps: [{ join: h }, { set: on }] }, j: { steps: [{ wait: on }, { start: h }, { join: h }] } }', ', h: { autostart: false, steps: [{ wait: on }] }'],
    ['what that starts in turn', 'finally: { j: { steps: [{ start: h }, { join: h }] } }', ', h: { autostart: false, steps: [{ start: g }, { join: g }] }, g: { autostart: false, command: x }'],
  ])('leaves nothing out, also of a run that is stopped before: %s', (_, last, more = '') => {
    const { verdict, assumptions } = judged(`processes: { p: { command: x }${more} }\n${last}`);
    expect(verdict.type).toBe('proved');
    expect(assumptions.filter(({ kind }) => kind === 'left_out')).toEqual([]);
  });

  it('is told to deadlock only where somebody in `finally` waits for it, as it is ended with that', () => {
    const text = (steps: string): string => `
locks: { a: , b: }
processes:
  p: { command: x }
  one: { autostart: false, steps: [{ acquire: a }, { acquire: b }] }
  two: { autostart: false, steps: [{ acquire: b }, { acquire: a }] }
finally: { j: { steps: [{ start: one }, { start: two }${steps}] } }
`;
    const severity = (spec: string): string | undefined => deadlockFindings(validPlan(spec), judged(spec), () => ({ source: { name: '', text: '' }, start: 0, end: 0 }))[0]?.severity;
    expect(severity(text(', { join: one }, { join: two }'))).toBe('error');
    expect(severity(text(', { join: one }'))).toBe('error');
    expect(severity(text(''))).toBeUndefined();
  });

  it.each([
    ['who has run before', 'processes: { p: { command: x } }\nfinally: { tidy: { steps: [{ start: p }] } }'],
    ['whom a process may start as well', 'processes: { p: { steps: [{ start: h }] }, h: { autostart: false, command: x } }\nfinally: { tidy: { steps: [{ start: h }] } }'],
    ['on whom a process depends', 'processes: { p: { command: x, depends_on: [h] }, h: { autostart: false, command: x } }\nfinally: { tidy: { steps: [{ start: h }] } }'],
    ['who sets an event when nobody has started it', 'events: { e: }\nprocesses: { p: { command: x }, h: { autostart: false, command: x, sets: { exit: e } } }\nfinally: { tidy: { steps: [{ wait: e }, { start: h }] } }'],
    ['who ends the run', 'processes: { p: { command: x }, h: { autostart: false, steps: [{ shutdown: 0 }] } }\nfinally: { tidy: { steps: [{ start: h }] } }'],
    ['a pool that others submit to', 'processes: { p: { steps: [{ submit: w, item: 1 }] } }\npools: { w: { autostart: false, command: x } }\nfinally: { tidy: { steps: [{ start: w }] } }'],
  ])('is left out where it is one %s', (_, text) => {
    expect(leftOut(text)).toEqual(['`tidy` of `finally`, which comes after the end']);
  });
});

it('is said to be left out in one line, without those who wait for nothing', () => {
  const text = `
daemons: { d: { command: x } }
processes: { x: { command: x } }
finally:
  drain: { command: x, depends_on: { d: { condition: exit } } }
  logs: { command: x }
  pack: { command: x, depends_on: [logs] }
  send: { command: x, depends_on: [drain, pack] }
  drop: { replicas: 3, command: x, depends_on: [send] }
`;
  expect(leftOut(text)).toEqual(['`drain`, `send`, `drop-1` and 2 more of `finally`, which come after the end']);
});
