import { describe, expect, it } from 'vitest';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { neverSucceedsFinding } from '../../../src/verify/never-succeeds-finding.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

function whoFails(text: string, maxStates = 10_000): readonly string[] {
  return whoFailsEveryRun(validPlan(text), { maxStates, mayGoOn: () => true }).map(({ name, place }) => `${name} at ${place.join('.')}`);
}

const behind = 'queues: { q: { items: [1] } }\nprocesses: { a: { steps: [{ get: q }, { get: q }, { put: q, item: 2 }] } }';

describe('a plan fails in every run', () => {
  it.each([
    ['that waits for what it gives itself only later', behind, ['a at processes.a.steps.1']],
    ['of which either one fails or the other', 'queues: { q: { items: [1, 2] } }\nprocesses:\n  a: { steps: [{ get: q }, { get: q }, { put: q, item: 3 }] }\n  b: { steps: [{ get: q }, { get: q }, { put: q, item: 4 }] }', ['a at processes.a.steps.1', 'b at processes.b.steps.1']],
    ['whose second process is skipped, since the first never does what it waits for', 'events: { e: }\nprocesses:\n  a: { steps: [{ run: exit 0 }, { repeat: 0, do: [{ set: e }] }] }\n  b: { wait_for: [e], command: exit 0 }', ['b at processes.b.wait_for.0']],
  ])('%s', (_, text, expected) => {
    expect(whoFails(text)).toEqual(expected);
    for (let seed = 1; seed <= 5; seed += 1) expect(play(text, { seed }).end.exitCode).toBe(1);
  });
});

describe('what is said of a plan that fails in every run', () => {
  const said = (text: string): readonly (string | null | undefined)[] => {
    const found = neverSucceedsFinding(whoFailsEveryRun(validPlan(text), { maxStates: 10_000, mayGoOn: () => true }), () => ({ source: { name: 's', text: '' }, start: 0, end: 0 }));
    return [found?.message, ...(found?.related ?? []).map(({ message }) => message), found?.hint];
  };

  it.each([
    [
      'a start wait whose time is over, which has failed and is not skipped',
      'events: { a: , b: }\nprocesses: { x: { wait_for: [{ name: a, timeout: 100ms }], command: exit 0, sets: { exit: b } }, y: { wait_for: [b], command: exit 0, sets: { exit: a } } }',
      ['no run can succeed: in each of them `x` fails before it starts, when its time is over', 'let it wait only for what comes in time, or, where that is meant, give it `allow_failure: true`'],
    ],
    [
      'an event that only somebody skipped sets',
      'events: { up: }\nprocesses:\n  migrate: { command: exit 0 }\n  rollback: { depends_on: { migrate: { condition: failure } }, command: exit 0, sets: { start: up } }\n  api: { steps: [{ wait: up }] }',
      ['no run can succeed: in each of them `api` fails here, since nobody is left who sets `up`', 'let it wait only for what still comes then, or, where that is meant, give the step `allow_failure: true`'],
    ],
    [
      'a queue that nobody takes the rest of',
      'queues: { q: }\nprocesses: { a: { steps: [{ put: q, items: [1, 2] }, { join: q }] }, b: { steps: [{ get: q }, { run: exit 0 }], uses: { q: task_done } } }',
      [
        'no run can succeed: in each of them `a` fails here, since nobody is left who takes from `q`',
        'or it may fail here, since nobody is left who is done with all of `q`',
        'let somebody take all that is put, as by `each`, or, where that is meant, give the step `allow_failure: true`',
      ],
    ],
    [
      'a barrier before the start',
      'barriers: { b: { parties: 2 } }\nevents: { e: }\nprocesses:\n  m: { command: exit 0, sets: { success: e } }\n  a: { replicas: 3, wait_for: [e, b], command: exit 0 }',
      expect.arrayContaining(['`a-1` may be skipped here, since `b` cannot be filled any more', 'let as many come to it as make up whole rounds, or, where that is meant, give it `allow_failure: true`']),
    ],
    [
      'a condition that is notified too seldom',
      'locks: { m: }\nconditions: { c: { lock: m } }\nprocesses:\n  a: { replicas: 2, steps: [{ with: m, do: [{ wait: c }] }] }\n  b: { steps: [{ with: m, do: [{ notify: c }] }] }',
      [
        'no run can succeed: in each of them `a-1` fails here, since nobody is left who notifies `c`, or `a-2` fails before',
        '`a-2` may fail here, since nobody is left who notifies `c`',
        'let as many be notified as wait there, as by `count: 2`, or wait only while somebody can still notify, or, where that is meant, give the step `allow_failure: true`',
      ],
    ],
    [
      'the last restart of one that has ended well each time',
      'barriers: { b: { parties: 2 } }\ndaemons: { d: { restart: always, max_restarts: 2, steps: [{ wait: b }] } }\nprocesses: { a: { steps: [{ repeat: 4, do: [{ wait: b }] }] } }',
      ['no run can succeed: in each of them `d` is given up, since it is restarted at most 2 times', 'let `max_restarts` be more, or what needs it end before, or, where that is meant, give it `allow_failure: true`'],
    ],
    ['the end of a queue', behind, [`no run can succeed: in each of them \`a\` fails here, since \`q\` is at its end`, 'let it take no more than is put, as by `each`, or, where that is meant, give the step `allow_failure: true`']],
  ])('%s', (_, text, expected) => {
    expect(said(text)).toEqual(expected);
  });
});

it('a plan fails in every run also beside a daemon, whether or not its program ends by itself', () => {
  const spec = `daemons: { d: { command: exit 0, readiness_probe: { log_line: up } }, e: { steps: [{ repeat: 2, do: [{ sleep: 1s }] }] } }\n${behind}`;
  expect(whoFails(spec)).toEqual(['a at processes.a.steps.1']);
  for (let seed = 1; seed <= 5; seed += 1) expect(play(spec, { seed }).end.exitCode).toBe(1);
});

it('a plan fails in every run also where many others do something at the same time, and a daemon takes what they put', () => {
  const kinds = ['lint', 'types', 'unit', 'golden', 'pack', 'docs', 'size', 'smoke'];
  const jobs = kinds.map((kind) => `  ${kind}: { depends_on: [build], steps: [{ run: exit 0 }, { put: log, item: ${kind} }] }`).join('\n');
  const spec = `
on_failure: continue
queues: { q: { items: [1] }, log: { capacity: 100 } }
daemons: { collect: { steps: [{ each: log, as: line, do: [{ print: x }] }] } }
processes:
  build: { command: exit 0 }
${jobs}
  a: { depends_on: [${kinds.join(', ')}], steps: [{ get: q }, { get: q }, { put: q, item: 2 }] }
`;
  expect(whoFails(spec)).toEqual(['a at processes.a.steps.1']);
  expect(play(spec).end.exitCode).toBe(1);
});

describe('a plan may succeed', () => {
  it.each([
    ['whose command decides', 'processes: { a: { command: exit 0 } }'],
    ['where a command has to fail for it, which is allowed to', 'events: { bad: }\nprocesses:\n  a: { command: exit 1, allow_failure: true, sets: { failure: bad } }\n  b: { steps: [{ wait: bad }] }'],
    ['where what does not come is an outcome', 'processes:\n  a: { command: exit 0 }\n  b: { command: exit 0, depends_on: { a: { condition: failure } } }'],
    ['where the failure is allowed', behind.replace('a: { steps', 'a: { allow_failure: true, steps')],
    ['where an exit with a failure, which is allowed, spares who would fail', 'queues: { q: { items: [1] } }\nprocesses:\n  a: { allow_failure: true, steps: [{ exit: 1 }] }\n  b: { depends_on: [a], steps: [{ get: q }, { get: q }, { put: q, item: 2 }] }'],
    ['where a daemon that fails for certain is stopped before', 'queues: { q: { items: [1] } }\ndaemons: { d: { steps: [{ sleep: 5s }, { get: q }, { get: q }, { put: q, item: 2 }] } }\nprocesses: { a: { command: exit 0 } }'],
    ['where it is in time', 'events: { e: }\nprocesses:\n  a: { steps: [{ set: e }] }\n  b: { steps: [{ wait: e, timeout: 1m }] }'],
  ])('%s', (_, text) => {
    expect(whoFails(text)).toEqual([]);
    expect(play(text).end.exitCode).toBe(0);
  });

  it.each<readonly [string, string, number]>([
    ['that fails on purpose', 'processes: { a: { steps: [{ exit: 3 }] } }', 10_000],
    ['that is shut down by one of its steps', `${behind.replace(/ \}$/u, '')}, b: { steps: [{ shutdown: 0 }] } }`, 10_000],
    ['that has a daemon which may give what is waited for', `daemons: { d: { command: serve, uses: { q: put } } }\n${behind}`, 10_000],
    ['that has a daemon whose end may give what is waited for', 'locks: { l: }\ndaemons: { d: { with: l, command: serve } }\nprocesses: { x: { steps: [{ acquire: l, timeout: 1s }] } }', 10_000],
    ['that nobody has looked at wholly', behind, 2],
  ])('as far as is told, %s', (_, text, maxStates) => {
    expect(whoFails(text, maxStates)).toEqual([]);
  });
});
