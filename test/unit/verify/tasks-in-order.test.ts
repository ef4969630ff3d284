import { describe, expect, it } from 'vitest';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

function judged(steps: string, pool: string, items = '1'): Judgement {
  const text = `
locks: { left: , right: }
queues: { work: { items: [${items}] } }
pools: { crew: { ${pool}, steps: [{ with: left, do: [{ print: x }] }] } }
processes: { a: { steps: [${steps}] }, b: { steps: [{ get: work }] } }
`;
  return judge(validPlan(text), { maxStates: 100_000, mayGoOn: () => true });
}

const one = '{ submit: crew, item: 1, as: one }';
const two = '{ submit: crew, items: [2, 3], as: two }';
/** Whoever has the lock keeps a task from its end. */
const behind = (first: string, second: string): string => `{ result: ${first} }, { acquire: left }, { result: ${second} }`;

describe('tasks of a pool that somebody waits for', () => {
  it('come in the order in which they were submitted', () => {
    expect(judged(`${one}, ${two}, ${behind('two', 'one')}`, 'workers: 1').verdict.type).toBe('proved');
    expect(judged(`${one}, ${two}, ${behind('one', 'two')}`, 'workers: 1').verdict.type).toBe('counterexample');
  });

  it('come before those of its own that have not been begun', () => {
    expect(judged(`${one}, ${behind('one', 'one')}`, 'workers: 1, tasks: [1, 2, 3]').verdict.type).toBe('proved');
  });

  it('may overtake each other where there is another slot, unless each is to hold something first', () => {
    const steps = `${one}, ${two}, ${behind('two', 'one')}`;
    expect(judged(steps, 'workers: 2').verdict.type).toBe('counterexample');
    expect(judged(steps, 'workers: 2, with: right').verdict.type).toBe('proved');
  });

  it('come in any order only where more wait than are told apart', () => {
    const steps = `{ each: work, as: i, do: [{ submit: crew, item: 0 }] }, ${one}, ${two}, ${behind('two', 'one')}`;
    const { verdict, assumptions } = judged(steps, 'workers: 1');
    expect([verdict.type, judged(steps, 'workers: 1', Array.from({ length: 101 }, () => '1').join()).verdict.type]).toEqual(['proved', 'counterexample']);
    expect(assumptions).toContainEqual(expect.objectContaining({ kind: 'coarser', text: 'a queue without a bound may have any number of items, such as the tasks of `crew`' }));
  });
});
