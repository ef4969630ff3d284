import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

const pool = (more: string): string => `pools: { w: { workers: 1, ${more}, steps: [{ sleep: 4ms }, { print: "task \${{ item }}" }] } }`;

describe('a pool that is started in `finally`', () => {
  it.each([
    ['was never started before', 'autostart: false', 'sleep 10', ['task x', 'task y']],
    ['has had its tasks, which it has anew', 'tasks: [a]', 'sleep 10', ['task a', 'task a', 'task x', 'task y']],
    ['was stopped with the run', 'tasks: [a]', 'sleep 2; exit 1', ['task a', 'task x', 'task y']],
  ])('takes what is submitted there: it %s', (_, more, command, lines) => {
    const played = play(`
${pool(more)}
processes: { p: { command: ${command} } }
finally: { j: { steps: [{ start: w }, { submit: w, items: [x, y], as: r }, { result: r, as: v }, { close: w }, { join: w }, { print: joined }] } }
`);
    expect(played.lines('w-1')).toEqual(lines);
    expect(played.lines('j')).toEqual(['joined']);
    expect(played.ended('j').state).toBe('succeeded');
  });

  it('ends when nobody there can still submit', () => {
    const played = play(`
${pool('autostart: false')}
processes: { p: { command: sleep 10 } }
finally:
  j: { steps: [{ start: w }, { submit: w, item: x }] }
  k: { steps: [{ sleep: 5ms }, { submit: w, item: y }, { sleep: 5ms }] }
  l: { steps: [{ sleep: 1ms }, { join: w }] }
`);
    expect(played.lines('w-1')).toEqual(['task x', 'task y']);
    expect(played.endedAt('w')).toBe(19);
    expect(played.end).toMatchObject({ outcome: 'success', exitCode: 0 });
  });

  it('takes the tasks of whoever is started there', () => {
    const played = play(`
${pool('autostart: false')}
processes: { p: { command: sleep 10 }, helper: { autostart: false, steps: [{ submit: w, item: x }] } }
finally: { j: { steps: [{ start: w }, { start: helper }, { join: w }] } }
`);
    expect(played.lines('w-1')).toEqual(['task x']);
    expect(played.end).toMatchObject({ outcome: 'success', exitCode: 0 });
  });
});

it.each([
  ['what runs in `finally`', '', '{ start: w }, { submit: w, item: x }'],
  ['whom only `finally` starts', ', helper: { autostart: false, steps: [{ submit: w, item: x }] }', '{ start: w }, { start: helper }, { join: helper }'],
])('a pool is kept open before by nobody who comes after its end: by %s', (_, more, steps) => {
  const played = play(`
${pool('tasks: [a]')}
processes: { p: { command: sleep 10 }${more} }
finally: { j: { steps: [${steps}, { join: w }] } }
`);
  expect(played.lines('w-1')).toEqual(['task a', 'task a', 'task x']);
  expect(played.of('run.deadlock')).toEqual([]);
  expect(played.end).toMatchObject({ outcome: 'success', exitCode: 0 });
});
