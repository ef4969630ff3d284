import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };

/** `x` puts more than there is room for, while only tasks may take: `y` needs what `x` holds meanwhile. */
function spec(tasks: string, items: string, steps = '[{ get: q, allow_failure: true }]'): string {
  return `
on_failure: continue
locks: { a: }
events: { e: }
queues: { q: { capacity: 1 } }
pools: { p: { workers: 1, tasks: ${tasks}, steps: ${steps} } }
processes:
  x: { steps: [{ acquire: a }, { set: e }, { put: q, items: ${items} }] }
  y: { wait_for: [e], steps: [{ acquire: a }, { get: q }] }
`;
}

/** How sure each deadlock is that is told. */
function told(text: string): readonly unknown[] {
  const plan = validPlan(text);
  const judgement = judge(plan, budget);
  if (judgement.verdict.type === 'proved') return ['proved'];
  return deadlockFindings(plan, judgement, () => ({ source: { name: 's', text: '' }, start: 0, end: 0 })).map(({ severity, certainty }) => `${severity}, ${certainty}`);
}

function exitCode(text: string, lines: readonly string[]): number {
  return runVirtually(planOf(text), { sources: { p: lines } }).end.exitCode;
}

describe('a pool that reads its tasks', () => {
  it('may have none of them, or only a few, and a deadlock that comes of that is told as possible', () => {
    const text = spec('{ lines: tasks.txt }', '[1, 2, 3]');
    expect([exitCode(text, []), exitCode(text, ['1']), exitCode(text, ['1', '2', '3'])]).toEqual([5, 5, 1]);
    expect(told(text)).toEqual(['warning, possible']);
  });

  it('may have as many as it takes for a deadlock that any two of them come to, which is as sure as of those that are listed', () => {
    const steps = '[{ with: a, do: [{ get: q }] }]';
    expect(told(spec('{ lines: tasks.txt }', '[1, 2, 3]', steps))).toEqual(['error, some interleaving']);
  });

  it.each(['{ lines: tasks.txt }', '{ glob: "*.c" }', '{ stdin: lines }'])('is proved where its tasks wait for nobody who waits for them: %s', (tasks) => {
    const { verdict, assumptions } = judge(validPlan(`locks: { l: }\npools: { p: { workers: 3, tasks: ${tasks}, steps: [{ with: l, do: [{ run: x }] }] } }\nprocesses: { q: { depends_on: [p], with: l, command: x } }`), budget);
    expect(verdict).toEqual({ type: 'proved', by: 'order' });
    expect(assumptions.filter(({ kind }) => kind === 'left_out')).toEqual([]);
  });

  it('has them without a step on the way to a deadlock', () => {
    const plan = validPlan('on_failure: continue\nlocks: { a: , b: }\npools: { p: { workers: 2, tasks: { lines: tasks.txt }, steps: [{ with: a, do: [{ acquire: b }] }] } }\nprocesses: { q: { steps: [{ acquire: b }, { acquire: a }] } }');
    const { verdict } = judge(plan, budget);
    expect(verdict.type === 'counterexample' ? verdict.steps.map(({ actor, what }) => `${actor} ${what}`).toSorted() : verdict).toEqual(['p-1 acquires a', 'p-1 takes a task of p', 'q acquires b']);
  });
});

it('that a pool of more tasks than are counted comes to its end is doubtful', () => {
  const text = spec('{ range: [1, 1000] }', '[1, 2, 3, 4, 5, 6]');
  expect(told(text)).toEqual(['warning, possible']);
  expect(told(spec('{ range: [1, 4] }', '[1, 2, 3, 4, 5, 6]'))).toEqual(['error, some interleaving']);
});
