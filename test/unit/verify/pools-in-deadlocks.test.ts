import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { replay } from '../../property/verify/replay.ts';
import { replayAtOnce } from '../../property/verify/replay-at-once.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

/** How often the deadlock of a spec comes about, how a run along its schedule ends, and one in which no slot is late. */
function often(pool: string, processes: string, more = ''): readonly unknown[] {
  const plan = validPlan(`
on_failure: continue
locks: { a: , b: }
semaphores: { slots: 2 }
queues: { work: { items: [1, 2] }, out: { capacity: 1 } }
pools: { crew: { ${pool} } }
processes: { ${processes} }
${more}
`);
  const judgement = judge(plan, { maxStates: 100_000, mayGoOn: () => true });
  const { verdict } = judgement;
  if (verdict.type !== 'counterexample') return [verdict.type];
  const findings = deadlockFindings(plan, judgement, () => ({ source: { name: 's', text: '' }, start: 0, end: 0 }));
  return toldOf(verdict).map(({ schedule }, index) => [findings[index]?.severity, findings[index]?.certainty, replay(plan, schedule).exitCode, replayAtOnce(plan, schedule).exitCode]);
}

const sure = [['error', 'some interleaving', 5, 5]];
const doubtful = [['warning', 'possible', 5, expect.any(Number)]];

const nested = 'steps: [{ with: a, do: [{ acquire: b }] }]';
const crossed = 'q: { steps: [{ acquire: b }, { acquire: a }] }';

describe('a deadlock in which tasks have a part is as sure as one of processes', () => {
  it.each([
    ['of two of them', 'workers: 2, tasks: [1, 2, 3], steps: [{ acquire: slots }, { acquire: slots }, { release: slots }]', 'p: { steps: [{ join: crew }] }, q: { depends_on: [crew], steps: [{ print: x }] }'],
    ['of one and a process, and others wait for its pool', `tasks: [1, 2], ${nested}`, `p: { steps: [{ join: crew }] }, r: { depends_on: [crew], steps: [{ print: x }] }, ${crossed}`],
    ['of one and who waits for its pool', `tasks: [1, 2], ${nested}`, 'p: { steps: [{ acquire: b }, { join: crew }] }'],
    ['of many', `tasks: { range: [1, 1000] }, ${nested}`, crossed],
    ['that hold something from their start on', 'tasks: [1, 2], with: a, steps: [{ acquire: b }]', crossed],
    ['of commands that do', 'tasks: [1, 2], command: "true", with: [a]', 'p: { steps: [{ acquire: a }, { join: crew }] }'],
    ['from a queue', `tasks: { queue: work }, ${nested}`, crossed],
    ['that are submitted', nested, `p: { steps: [{ submit: crew, items: [1, 2] }] }, ${crossed}`],
    ['that are submitted and waited for', 'workers: 1, steps: [{ with: a, do: [{ print: x }] }]', 'p: { steps: [{ submit: crew, item: 1, as: one }, { acquire: a }, { result: one }] }'],
    ['that put where nobody takes', 'workers: 2, tasks: [1, 2], steps: [{ put: out, item: 1 }]', 'p: { steps: [{ join: crew }, { get: out }] }'],
    ['that would be tried again if they failed', `tasks: [1, 2], ${nested}, retry: { attempts: 2 }`, crossed],
    ['of commands that would be tried again', 'tasks: [1, 2], command: "true", with: [a], retry: { attempts: 3 }', 'p: { steps: [{ acquire: a }, { join: crew }] }'],
    ['that run commands which would be tried again', `tasks: [1, 2], steps: [{ run: "true" }, { with: a, do: [{ acquire: b }, { run: "true" }] }], retry: { attempts: 2 }`, crossed],
    ['that run commands', `tasks: [1, 2], steps: [{ run: "true" }, { with: a, do: [{ acquire: b }, { run: "true" }] }]`, crossed],
  ])('%s', (_, pool, processes) => {
    const found = often(pool, processes);
    expect(found.map((one) => (Array.isArray(one) && one[1] === 'every run' ? sure[0] : one))).toEqual(sure);
  });

  it('where all have succeeded before it, though a way by a failure is shorter', () => {
    const pool = 'workers: 1, tasks: [1], steps: [{ with: a, do: [{ run: "true" }] }]';
    expect(often(pool, 'p: { depends_on: [crew], steps: [{ acquire: a }, { acquire: b }] }, q: { depends_on: [crew], steps: [{ acquire: b }, { acquire: a }] }')).toEqual(sure);
  });
});

describe('a deadlock that comes only where a command of a pool fails', () => {
  const waits = 'w: { steps: [{ wait: go }], sets: { success: go } }, idle: { autostart: false, steps: [';
  const events = 'events: { go: , over: }';

  it.each([
    ['that nobody else submits to', 'workers: 1, tasks: [1], command: "true", sets: { success: go }', '{ set: go }'],
    ['that others may submit to', 'workers: 1, tasks: [1], command: "true", sets: { success: go }', '{ submit: crew, item: 1 }, { set: go }'],
    ['that runs it in a step', 'workers: 2, tasks: [1, 2], steps: [{ run: "true" }, { run: "true", allow_failure: true }], sets: { success: go }', '{ set: go }'],
    ['that has told of its end first', 'workers: 1, tasks: [1], command: "true", sets: { success: go, exit: over }', '{ set: go }, { wait: over }'],
  ])('is told along with that failure, of one %s', (_, pool, idle) => {
    expect(often(pool, `${waits}${idle}] }`, events)).toEqual(sure);
  });

  // Along the schedule only its first attempt fails.
  it('is doubtful where that is tried again', () => {
    const found = often('workers: 1, tasks: [1], command: "true", retry: { attempts: 2 }, sets: { success: go }', `${waits}{ set: go }] }`, events);
    expect(found).toMatchObject([['warning', 'possible', 0, 0]]);
  });
});

it('a deadlock behind the success of a pool is as sure, though others hear of that by what it sets', () => {
  const crossedBehind = 'p: { steps: [{ wait: go }, { acquire: a }, { acquire: b }] }, q: { steps: [{ wait: go }, { acquire: b }, { acquire: a }] }, idle: { autostart: false, steps: [{ set: go }] }';
  expect(often('workers: 1, tasks: [1], command: "true", sets: { success: go }', crossedBehind, 'events: { go: }')).toEqual(sure);
});

describe('a deadlock is doubtful', () => {
  // In a run the task that the pool has of its own has ended before the other one, and gives the lock back.
  it('where a slot would have taken a task before another one was submitted', () => {
    const found = often('workers: 1, tasks: [0], steps: [{ with: a, do: [{ print: x }] }]', 'p: { steps: [{ submit: crew, item: 1, as: one }, { result: one }, { acquire: a }, { join: crew }] }');
    expect(found).toEqual([['warning', 'possible', 5, 0]]);
  });

  // No schedule says what such a program does.
  it('where a program of a task decides by itself', () => {
    expect(often('tasks: [1], command: "true", with: a, uses: { b: acquire }', crossed)).toMatchObject([['warning', 'possible', expect.any(Number), expect.any(Number)]]);
  });

  // Along the schedule only its first attempt fails.
  it('where a command is tried again that has failed', () => {
    const found = often('workers: 1, tasks: [1], command: "true", with: [a], retry: { attempts: 2 }', 'p: { depends_on: { crew: { condition: failure } }, steps: [{ acquire: a }, { acquire: b }] }, q: { depends_on: { crew: { condition: failure } }, steps: [{ acquire: b }, { acquire: a }] }');
    expect(found).toMatchObject([['warning', 'possible', 0, 0]]);
  });

  it.each([
    ['where tasks may be cancelled', `tasks: [1, 2], ${nested}, halt: { after: 1 }`, crossed],
    ['where the pool may be ended', `tasks: [1, 2], ${nested}`, 'q: { steps: [{ acquire: b }, { acquire: a }, { kill: crew }] }'],
    ['where a task is tried again that has failed', 'workers: 1, tasks: [1], steps: [{ acquire: a }, { run: "true" }, { exit: 1 }], retry: { attempts: 2 }', 'p: { depends_on: { crew: { condition: failure } }, steps: [{ acquire: a }, { acquire: b }] }, q: { depends_on: { crew: { condition: failure } }, steps: [{ acquire: b }, { acquire: a }] }'],
  ])('%s', (_, pool, processes) => {
    expect(often(pool, processes)).toEqual(doubtful);
  });
});

it('a run along a schedule knows of a deadlock of a pool before its last task is over, and does not leave the schedule by that', () => {
  const plan = validPlan(`
max_parallel: 1
pools: { crew: { workers: 1, tasks: [1], steps: [{ run: "true" }] } }
processes: { p: { steps: [{ join: crew }, { submit: crew, item: 2 }] } }
`);
  const { verdict } = judge(plan, { maxStates: 1000, mayGoOn: () => true });
  expect(verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : verdict).toMatchObject({ exitCode: 5, departure: null });
});

it('a run along a schedule holds back whoever is not in a deadlock that it knows of before the end of the schedule', () => {
  const plan = validPlan(`
max_parallel: 1
locks: { a: }
pools: { crew: { workers: 1, tasks: [1], steps: [{ with: a, do: [{ run: "true" }] }, { run: "true" }] } }
processes:
  q: { steps: [{ join: crew }, { submit: crew, item: 2 }] }
  r: { steps: [{ close: crew }, { submit: crew, item: 2 }] }
`);
  const { verdict } = judge(plan, { maxStates: 1000, mayGoOn: () => true });
  expect(verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : verdict).toMatchObject({ exitCode: 5, departure: null });
});

it('is told by a task and what that waits for, and only then of its pool, which waits for its own slots', () => {
  const plan = validPlan('pools: { jobs: { workers: 1, tasks: [1], steps: [{ submit: jobs, item: 2, as: more }, { result: more }] } }');
  const judgement = judge(plan, { maxStates: 10_000, mayGoOn: () => true });
  const [found] = deadlockFindings(plan, judgement, (place) => ({ source: { name: place.join('.'), text: '' }, start: 0, end: 0 }));
  expect(found?.message).toBe('`jobs-1` and `jobs` can come to wait for ever: `jobs-1` waits here for `jobs`');
  expect(found?.range?.source.name).toBe('pools.jobs.steps.1');
  expect(found?.related.at(-1)?.message).toBe('`jobs` waits here for `jobs-1`');
});
