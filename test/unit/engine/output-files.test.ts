import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

const pool = (more: string): string => `pools: { p: { workers: 1, tasks: [a, b], command: print $MPCTL_ITEM, ${more} } }`;

describe('the files of a pool', () => {
  it.each(['results: { file: r }', 'joblog: r'])('cannot be opened: it fails without a task (%s)', (written) => {
    const played = play(pool(written), { unwritable: { r: 'closed' } });
    expect(played.ended('p')).toMatchObject({ state: 'failed', reason: 'failed_to_start', cancelled: 2, why: '`r` cannot be written [MP844]' });
    expect(played.of('task.started')).toEqual([]);
    expect(played.end.exitCode).toBe(1);
  });

  it('cannot be written later: its tasks go on, and it fails at its end', () => {
    const played = play(pool('results: { file: r }'), { unwritable: { r: 'full' } });
    expect(played.lines('p-1')).toEqual(['a', 'b']);
    expect(played.ended('p')).toMatchObject({ state: 'failed', reason: 'results_lost', succeeded: 2, why: '`r` cannot be written [MP844]' });
    expect(played.end.exitCode).toBe(1);
  });

  it('are told beside the tasks that failed', () => {
    const played = play('pools: { p: { workers: 1, tasks: [a], command: exit 3, results: { file: r } } }', { unwritable: { r: 'full' } });
    expect(played.ended('p')).toMatchObject({ reason: 'task_failed', why: '1 of 1 task failed (`a`: it exited with 3); `r` cannot be written [MP844]' });
  });

  it('are told where it was stopped before its end', () => {
    const played = play(`${pool('results: { file: r }').replace('print', 'sleep 100; print')}\nprocesses: { s: { steps: [{ sleep: 150ms }, { terminate: p }] } }`, {
      unwritable: { r: 'full' },
    });
    expect(played.ended('p').state).toBe('stopped');
    expect(played.of('warning')).toMatchObject([{ code: 'MP844', message: '`p`: `r` cannot be written' }]);
  });

  it('are opened after what the pool depends on, and before others see it as started', () => {
    const played = play(`${pool('results: { file: r }, depends_on: [make]')}\nprocesses: { make: { command: sleep 50 }, after: { command: sleep 1, depends_on: { p: { condition: start } } } }`);
    const opened = played.effects.findIndex(({ type }) => type === 'open_results');
    const started = played.effects.findIndex((effect) => effect.type === 'report' && effect.event.type === 'pool.started');
    expect(opened).toBeGreaterThan(0);
    expect(started).toBeGreaterThan(opened);
    expect(played.starts('after')).toEqual([50]);
  });

  it.each([1, 2, 3, 4, 5])('hold nothing up where the answers come late (seed %i)', (seed) => {
    const played = play(pool('results: { file: r }, joblog: j'), { seed });
    expect(played.records).toHaveLength(2);
    expect(played.ended('p').state).toBe('succeeded');
  });
});

describe('a print step whose file cannot be written', () => {
  it('fails', () => {
    const played = play('processes: { a: { stdout: { file: x }, steps: [{ print: one }, { print: two }] } }', { unwritable: { x: 'full' } });
    expect(played.ended('a')).toMatchObject({ state: 'failed', reason: 'step_failed', why: '`x` cannot be written' });
  });

  it('goes on with allow_failure', () => {
    const played = play('processes: { a: { stdout: { file: x }, steps: [{ print: one, allow_failure: true }, { exit: 0 }] } }', { unwritable: { x: 'closed' } });
    expect(played.ended('a').state).toBe('succeeded');
  });

  it('does not keep a stopped process', () => {
    const played = play('processes: { a: { stdout: { file: x }, steps: [{ repeat: forever, do: [{ print: one }, { sleep: 1ms }] }] }, b: { steps: [{ sleep: 20ms }, { terminate: a }] } }', { seed: 7 });
    expect(played.ended('a').state).toBe('stopped');
  });
});
