import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { changedTasks } from '../../../src/engine/changed-tasks.ts';
import { EarlierTasks, type SettledFate } from '../../../src/engine/earlier-tasks.ts';
import { itemDigest } from '../../../src/engine/item-digest.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { play, type Played } from '../../rig/virtual-play.ts';

function earlier(fates: readonly (readonly [number, SettledFate, Json])[], onlyFailed = false): EarlierTasks {
  const tasks = new EarlierTasks(onlyFailed);
  for (const [number, fate, item] of fates) tasks.note(number, fate, itemDigest(item));
  return tasks;
}

function resumed(spec: string, tasks: EarlierTasks, sources: Readonly<Record<string, readonly Json[]>> = {}): Played {
  return play(spec, { earlier: new Map([['p', tasks]]), sources });
}

const ran = (played: Played): readonly (readonly [number, Json])[] => played.of('task.ended').map(({ task, item }) => [task, item]);

describe('a pool in a run that goes on from another', () => {
  it('runs a task whose item has changed, and says so once', () => {
    const tasks = earlier([[0, 'succeeded', 'a'], [1, 'succeeded', 'b'], [2, 'succeeded', 'c']]);
    const played = resumed('pools: { p: { workers: 1, tasks: { lines: f }, command: sleep 1 } }', tasks, { p: ['a', 'new', 'b', 'c'] });
    expect(ran(played)).toEqual([[1, 'new'], [2, 'b'], [3, 'c']]);
    expect(played.of('warning').map(({ code, message }) => [code, message])).toEqual([
      ['MP860', 'task 1 (`new`) of `p` was another one in the earlier run: it runs again, as does every task whose item has changed'],
    ]);
  });

  it.each([
    ['a list', '[a]', 'has 1 task now'],
    ['a file', '{ lines: f }', 'has 1 task now'],
    ['standard input that was not given again', '{ stdin: lines }', 'has 0 tasks now'],
  ])('fails where %s is shorter than it was, and does not have what had failed', (_, tasks, now) => {
    const known = earlier([[0, 'succeeded', 'a'], [1, 'failed', 'b']]);
    const played = resumed(`pools: { p: { workers: 1, tasks: ${tasks}, command: sleep 1 } }`, known, { p: now.includes('0') ? [] : ['a'] });
    expect(ran(played)).toEqual([]);
    const warnings = played.of('warning').filter(({ code }) => code === 'MP860').map(({ message }) => message);
    expect(warnings).toEqual([`\`p\` ${now} and had at least 2 in the earlier run: 1 task that had not succeeded is missing`]);
    expect(played.of('warning').map(({ code }) => code)).toEqual(['MP860']);
    expect(played.ended('p')).toMatchObject({ state: 'failed', failed: 0, why: '1 task that had not succeeded is missing [MP860]' });
    expect(played.end.exitCode).toBe(1);
  });

  it.each([
    ['all that is missing has succeeded', [[1, 'succeeded', 'b'], [2, 'succeeded', 'c']], false, 'those that are missing need not run', 0],
    ['what is missing had not begun', [[2, 'succeeded', 'c']], false, '1 task that had not succeeded is missing', 1],
    ['only what has failed is to run, and what is missing had not begun', [[2, 'succeeded', 'c']], true, 'those that are missing need not run', 0],
  ] as const)('has a source that is shorter, where %s', (_, fates, onlyFailed, which, exitCode) => {
    const played = resumed('pools: { p: { workers: 1, tasks: { lines: f }, command: sleep 1 } }', earlier([[0, 'succeeded', 'a'], ...fates], onlyFailed), { p: ['a'] });
    expect(played.of('warning').map(({ message }) => message)).toEqual([`\`p\` has 1 task now and had at least 3 in the earlier run: ${which}`]);
    expect(played.end.exitCode).toBe(exitCode);
  });

  it('tells of what has failed now and of what is missing', () => {
    const known = earlier([[0, 'failed', 'a'], [1, 'failed', 'b'], [2, 'failed', 'c']]);
    const played = resumed('pools: { p: { workers: 1, tasks: [a], command: exit 3 } }', known);
    expect(played.ended('p').why).toBe('1 of 1 task failed (`a`: it exited with 3); 2 tasks that had not succeeded are missing [MP860]');
  });

  it('says nothing of tasks that a halt has left', () => {
    const known = earlier([[0, 'failed', 'a'], [1, 'failed', 'b'], [2, 'failed', 'c']]);
    const played = resumed('pools: { p: { workers: 1, tasks: [a, b, c], command: exit 1, halt: { after: 1 } } }', known);
    expect(played.of('warning')).toEqual([]);
  });

  it('runs changed ones also where only what has failed was asked for', () => {
    const tasks = earlier([[0, 'succeeded', 'a'], [1, 'failed', 'b']], true);
    const played = resumed('pools: { p: { workers: 1, tasks: { lines: f }, command: sleep 1 } }', tasks, { p: ['z', 'b', 'c'] });
    expect(ran(played)).toEqual([[0, 'z'], [1, 'b']]);
    expect(played.ended('p')).toMatchObject({ state: 'succeeded', leftOut: 1, why: '2 tasks succeeded; 1 left out' });
  });

  it('tells that it is done where nothing is left, and of how many tasks', () => {
    const played = resumed('pools: { p: { workers: 2, tasks: { range: [1, 3] }, command: exit 1 } }', earlier([[0, 'succeeded', 1], [1, 'succeeded', 2], [2, 'succeeded', 3]]));
    expect(ran(played)).toEqual([]);
    expect(played.of('pool.progress')).toMatchObject([{ done: 3, total: 3, skipped: 3 }]);
    expect(played.ended('p')).toMatchObject({ state: 'succeeded', succeeded: 3, skipped: 3, why: '3 tasks succeeded, 3 of them before' });
    expect(played.end.exitCode).toBe(0);
  });

  it('counts what is never made of a range as what it was', () => {
    const tasks = earlier([[3, 'succeeded', 4], [999, 'succeeded', 1000]]);
    const played = resumed('pools: { p: { workers: 1, tasks: { range: [1, 1000000] }, command: exit 1, halt: { after: 2 } } }', tasks);
    expect(played.ended('p')).toMatchObject({ succeeded: 2, skipped: 2, failed: 2, cancelled: 999_996 });
    expect(played.ended('p').why).toContain('2 of 1000000 tasks failed (`1`, `2`: it exited with 1), and 999996 were not begun');
  });

  it('that is started anew runs all of its tasks', () => {
    const spec = `
pools: { p: { workers: 1, tasks: [a, b], command: sleep 10 } }
processes: { s: { steps: [{ join: p }, { start: p }, { join: p }] } }`;
    expect(ran(resumed(spec, earlier([[0, 'succeeded', 'a']])))).toEqual([[1, 'b'], [0, 'a'], [1, 'b']]);
  });

  it('hands out the record of a task that waits for an earlier one, where it has files', () => {
    const held = (spec: string): readonly unknown[] =>
      play(spec).effects.flatMap((effect) => (effect.type === 'hold_record' ? [[effect.record.task, effect.results, effect.joblog]] : []));
    const pool = 'workers: 3, tasks: [30, 10, 40], command: sleep $MPCTL_ITEM';
    expect(held(`pools: { p: { ${pool}, results: { file: r } } }`)).toEqual([[1, true, false]]);
    expect(held(`pools: { p: { ${pool}, joblog: j } }`)).toEqual([[1, false, true]]);
    expect(held(`pools: { p: { ${pool}, results: { file: r }, order: completion } }`)).toEqual([]);
    expect(held(`pools: { p: { ${pool} } }`)).toEqual([]);
    // What was stopped has no outcome.
    expect(held(`pools: { p: { ${pool}, timeout: 20ms, joblog: j } }\nprocesses: { s: { steps: [{ sleep: 5ms }, { kill: p }] } }`)).toEqual([]);
  });
});

describe('the tasks that are others than they were', () => {
  const changed = (tasks: string, known: EarlierTasks): readonly unknown[] => {
    const source = planOf(`pools: { p: { tasks: ${tasks}, command: sleep 1 } }\nprocesses: { s: { command: sleep 1 } }`).pools[0]?.tasks ?? expect.fail();
    return changedTasks(source, known).map(({ number, item }) => [number, item]);
  };

  it('are known before a run where their items are', () => {
    const known = earlier([[0, 'succeeded', 'a'], [1, 'failed', 'b'], [5, 'succeeded', 'f']]);
    expect(changed('[a, b, new]', known)).toEqual([]);
    expect(changed('[b, a]', known)).toEqual([[0, 'b'], [1, 'a']]);
    expect(changed('{ matrix: { k: [x] } }', earlier([[0, 'succeeded', { k: 'y' }]]))).toEqual([[0, { k: 'x' }]]);
    expect(changed('{ range: [10, 0, -5] }', earlier([[0, 'succeeded', 10], [1, 'succeeded', 6]]))).toEqual([[1, 5]]);
  });

  it('are not where they are read, or completed, while it goes on', () => {
    const known = earlier([[0, 'succeeded', 'a']]);
    expect(changed('{ lines: f }', known)).toEqual([]);
    expect(changed('["${{ process.s.pid }}"]', known)).toEqual([]);
  });
});
