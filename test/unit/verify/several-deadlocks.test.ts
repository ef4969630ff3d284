import { describe, expect, it } from 'vitest';
import { whichAlways } from '../../../src/verify/always-deadlocks.ts';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { type Judgement, judge, toldOf } from '../../../src/verify/judge.ts';
import { findMends } from '../../../src/verify/mend/find-mend.ts';
import type { ToldDeadlock } from '../../../src/verify/told-deadlock.ts';
import { replay } from '../../property/verify/replay.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };

function judged(text: string, maxStates = budget.maxStates): Judgement {
  return judge(validPlan(text), { ...budget, maxStates });
}

function told(text: string, maxStates?: number): readonly ToldDeadlock[] {
  const { verdict } = judged(text, maxStates);
  return verdict.type === 'counterexample' ? toldOf(verdict) : [];
}

const names = ({ stuck }: ToldDeadlock): readonly string[] => stuck.map(({ name }) => name);
const words = ({ steps }: ToldDeadlock): readonly string[] => steps.map(({ actor, what }) => `${actor} ${what}`).toSorted();

/** Each two of them take a pair of locks of their own in opposite order. */
function pairs(count: number, more = ''): string {
  const range = Array.from({ length: count }, (_, index) => String(index));
  return `locks: { ${range.map((index) => `a${index}: , b${index}: `).join(', ')} }\nprocesses:\n${range.map((index) => `  x${index}: { steps: [{ acquire: a${index} }, { acquire: b${index} }, { run: work }] }\n  y${index}: { steps: [{ acquire: b${index} }, { acquire: a${index} }] }\n`).join('')}${more}`;
}

const tick = 'daemons: { tick: { steps: [{ repeat: forever, do: [{ sleep: 1s }] }] } }\n';

describe('deadlocks that have nothing to do with each other', () => {
  it.each([
    ['', pairs(2)],
    [' beside one that goes round for ever', pairs(2, tick)],
  ])('are told one by one, each with its own way%s', (_, text) => {
    expect(told(text).map((one) => [names(one).toSorted(), words(one), one.isShortest])).toEqual([
      [['x0', 'y0'], ['x0 acquires a0', 'y0 acquires b0'], true],
      [['x1', 'y1'], ['x1 acquires a1', 'y1 acquires b1'], true],
    ]);
  });

  it('are all told, however many, though the states of all of them together are too many to look at', () => {
    const all = told(pairs(20, tick), 20_000);
    expect(new Set(all.map((one) => names(one).toSorted().join(' ')))).toEqual(new Set(Array.from({ length: 20 }, (_, index) => `x${String(index)} y${String(index)}`)));
    expect(all).toHaveLength(20);
    expect(all.every(({ isShortest, steps }) => isShortest && steps.length === 2)).toBe(true);
  });

  it('are told by the nearest where instances of one process each have one, at the same steps', () => {
    const text = `
locks: { far: , a1: , b1: , a2: , b2: }
processes:
  p: { matrix: { n: [1, 2] }, steps: [{ acquire: "a\${{ matrix.n }}" }, { acquire: "b\${{ matrix.n }}" }] }
  x: { steps: [{ acquire: far }, { acquire: b1 }, { acquire: a1 }] }
  y: { steps: [{ acquire: b2 }, { acquire: a2 }] }
`;
    expect(told(text).map((one) => [names(one), words(one), one.isShortest])).toEqual([[['p-2', 'y'], ['p-2 acquires a2', 'y acquires b2'], true]]);
  });

  it('are told with the nearest first, which is known to be that also where it is of some who wait for those of another', () => {
    const text = `
locks: { a: , b: , c: , d: , e: }
processes:
  x: { steps: [{ acquire: a }, { acquire: b }] }
  y: { steps: [{ acquire: b }, { acquire: c }] }
  z: { steps: [{ acquire: c }, { acquire: a }] }
  u: { steps: [{ acquire: d }, { acquire: e }, { join: x }] }
  v: { steps: [{ acquire: e }, { acquire: d }] }
`;
    expect(told(text).map((one) => [names(one), one.isShortest])).toEqual([[['u', 'v'], true], [['x', 'y', 'z'], true]]);
  });

  it('have each a schedule that leads a run to it, which tells of no other', () => {
    const plan = validPlan(pairs(2));
    for (const one of told(pairs(2))) {
      const { exitCode, departure, cycle } = replay(plan, one.schedule);
      expect({ exitCode, departure, cycle: cycle.map(({ instance }) => instance).toSorted() }).toEqual({ exitCode: 5, departure: null, cycle: names(one).toSorted() });
    }
  });

  it('are a finding each, with what mends it, so that the plan is proved with all of that', () => {
    const plan = validPlan(pairs(2));
    const judgement = judged(pairs(2));
    const mends = findMends(plan, judgement.verdict, budget);
    const findings = deadlockFindings(plan, judgement, () => ({ source: { name: 's', text: '' }, start: 0, end: 0 }), mends.map((mend) => ({ mend })));
    expect(findings.map(({ message, hint, note }) => [message, hint, note])).toEqual([
      ['`x0` and `y0` can come to wait for ever: `x0` waits here for `b0`, held by `y0`', 'take `a0`, `b0` in this order everywhere, or together in one step: `acquire: [a0, b0]`', '`x1` and `y1` have no part in it'],
      ['`x1` and `y1` can come to wait for ever: `x1` waits here for `b1`, held by `y1`', 'take `a1`, `b1` in this order everywhere, or together in one step: `acquire: [a1, b1]`', '`x0` and `y0` have no part in it'],
    ]);
    const last = mends.at(-1)?.plan;
    expect(last === undefined ? null : judge(last, budget).verdict.type).toBe('proved');
  });

  it('come about in every run each by itself', () => {
    const text = pairs(1, '  c: { steps: [{ join: d }] }\n  d: { steps: [{ join: c }] }\n');
    const all = told(text).map(names);
    const isAlways = whichAlways(validPlan(text), all, budget);
    expect(new Map(all.map((some, index) => [some.toSorted().join(' '), isAlways[index]]))).toEqual(new Map([['x0 y0', false], ['c d', true]]));
  });

  it('are one where the same step of several replicas is waited at', () => {
    expect(told('locks: { l: }\nprocesses: { r: { replicas: 3, steps: [{ join: a }] }, a: { steps: [{ join: r }] } }').length).toBe(1);
  });
});

describe('whoever waits for those who wait for each other', () => {
  it('has no part in it, and is told beside it', () => {
    const text = pairs(1, '  z: { steps: [{ join: x0 }] }\n  o: { command: other }\n');
    const [first, ...others] = told(text);
    expect([first?.stuck.map(({ name }) => name), first?.behind, others]).toEqual([['x0', 'y0'], ['z'], []]);
    const [finding] = deadlockFindings(validPlan(text), judged(text), () => ({ source: { name: 's', text: '' }, start: 0, end: 0 }));
    expect(finding?.note).toBe('`z` may come to wait for them; `o` has no part in it');
  });
});

describe('the way to a deadlock', () => {
  it('leads to where one has what another waits for, also where he who has it goes round for ever', () => {
    const [one] = told('semaphores: { s: { permits: 2, fair: true } }\nprocesses:\n  a: { steps: [{ acquire: { name: s, permits: 2 } }] }\n  b: { with: { name: s, permits: 2 }, steps: [{ repeat: forever, do: [{ sleep: 1s }] }] }\n');
    expect(one === undefined ? null : words(one)).toEqual(expect.arrayContaining(['b acquires s (2)']));
  });

  it('is said not to be proved the shortest where there is too much to look at', () => {
    const fork = (index: number): string => `fork${String(index % 6)}`;
    const philosophers = Array.from({ length: 6 }, (_, index) => `  p${String(index)}: { steps: [{ acquire: ${fork(index)} }, { acquire: ${fork(index + 1)} }] }\n`).join('');
    const text = `locks: { ${Array.from({ length: 6 }, (_, index) => `${fork(index)}: `).join(', ')} }\nprocesses:\n${philosophers}`;
    const [few] = told(text, 1000);
    const [many] = told(text, 1_000_000);
    expect([few?.isShortest, many?.isShortest, few?.steps.length, many?.steps.length]).toEqual([false, true, 6, 6]);
    const note = deadlockFindings(validPlan(text), judged(text, 1000), () => ({ source: { name: 's', text: '' }, start: 0, end: 0 }))[0]?.note;
    expect(note).toBe('this way to it is not proved to be the shortest');
  });
});
