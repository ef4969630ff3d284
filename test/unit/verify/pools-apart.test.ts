import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { replay } from '../../property/verify/replay.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

/** How often two processes with locks in opposite order come to wait for each other, beside a pool, and how a run ends in which they do. */
function often(pool: string, more = '', waits = ''): readonly unknown[] {
  const plan = validPlan(`
locks: { a: , b: , c: }
events: { go: }
barriers: { meet: { parties: 2 } }
queues: { results: , work: { items: [1] } }
processes:
  p: { steps: [{ acquire: a }, { acquire: b }] }
  q: { ${waits} steps: [{ acquire: b }, { acquire: a }] }
  ${more}
pools:
  beside: { ${pool} }
`);
  const judgement = judge(plan, { maxStates: 100_000, mayGoOn: () => true });
  const { verdict } = judgement;
  const exitCode = verdict.type === 'counterexample' ? replay(plan, verdict.schedule).exitCode : null;
  return deadlockFindings(plan, judgement, () => ({ source: { name: 's', text: '' }, start: 0, end: 0 })).map(({ severity, certainty }) => [severity, certainty, exitCode]);
}

const sure = [['error', 'some interleaving', 5]];
const doubtful = [['warning', 'possible', 5]];

describe('a deadlock beside a pool', () => {
  it.each([
    ['of commands', 'tasks: [x, y], command: "true"'],
    ['of steps that wait for nobody', 'tasks: [x], steps: [{ run: "true" }, { repeat: 2, do: [{ print: x }] }]'],
    ['that halts', 'tasks: [x, y], command: "true", halt: { after: 1 }, retry: { attempts: 2 }'],
    ['that waits and tells when it has ended', 'tasks: [x], command: "true", depends_on: { p: { condition: start } }, sets: { success: go }'],
  ])('is as sure as without it: %s', (_, pool) => {
    expect(often(pool)).toEqual(sure);
  });

  // No program answers in virtual time, where the pool soon fails.
  it('is as sure beside one of long-lived workers', () => {
    expect(often('tasks: { range: [1, 9] }, worker: [./serve]')).toMatchObject([['error', 'some interleaving', expect.any(Number)]]);
  });

  it('is as sure where one of the two waits for its end', () => {
    expect(often('tasks: [x, y], command: "true"', '', 'depends_on: [beside],')).toEqual(sure);
  });

  it.each([
    ['holds something', 'tasks: [x, y], command: "true", with: c', ''],
    ['takes something in its steps', 'tasks: [x], steps: [{ with: c, do: [{ print: x }] }]', ''],
    ['takes from a queue', 'tasks: { queue: work }, command: "true"', ''],
    ['puts its results into a queue', 'tasks: [x], command: "true", results: { queue: results }', 'r: { steps: [{ get: results }] }'],
    ['does what it says in its `uses`', 'tasks: [x], command: "true", uses: { go: set }', ''],
    ['is given tasks', 'command: "true"', 'r: { steps: [{ submit: beside, item: x }] }'],
    ['is ended by somebody', 'tasks: [x], command: "true"', 'r: { steps: [{ kill: beside }] }'],
    ['fails in the end', 'tasks: [x], steps: [{ sleep: 1s }, { exit: 3 }]', ''],
  ])('is as sure where its tasks concern others, and have no part in it: it %s', (_, pool, more) => {
    expect(often(pool, more)).toEqual(sure);
  });

  it.each([
    ['not', sure, ''],
    ['well', doubtful, 'depends_on: [u],'],
  ])('is doubtful for a queue that may have any number of items only where that is used: it is %s', (_, expected, waits) => {
    const some = '{ repeat: 40, do: [{ put: results, item: 1 }] }';
    const puts = `r: { steps: [${some}, ${some}, ${some}] }\n  u: { steps: [{ get: results }] }`;
    expect(often('tasks: [x], command: "true"', puts, waits)).toEqual(expected);
  });

  it.each([
    ['comes to a barrier', 'tasks: [x], steps: [{ wait: meet }]', 'r: { steps: [{ wait: meet }] }'],
    ['sets what somebody clears', 'tasks: [x], command: "true", sets: { start: go }', 'r: { steps: [{ clear: go }] }'],
  ])('is doubtful where others see at once what it does: it %s', (_, pool, more) => {
    expect(often(pool, more)).toEqual(doubtful);
  });

  it.each([
    ['before anything else is done', 'tasks: [x], steps: [{ print: x }, { exit: 3 }]'],
    ['where a value that it needs is none', 'tasks: [x], steps: [{ print: "${{ item.size }}" }]'],
  ])('is doubtful where it fails at once: %s', (_, pool) => {
    expect(often(pool)).toMatchObject([['warning', 'possible', expect.any(Number)]]);
  });

  it('is not told where it comes only after the success of what always fails', () => {
    expect(often('tasks: [x], steps: [{ exit: 3 }]', '', 'depends_on: [beside],')).toEqual([]);
  });
});
