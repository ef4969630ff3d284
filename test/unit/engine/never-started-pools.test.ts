import { describe, expect, it } from 'vitest';
import { answers, ask } from '../../rig/virtual-ask.ts';
import { play } from '../../rig/virtual-play.ts';

const pool = 'pools: { w: { workers: 1, autostart: false, steps: [{ print: done }] } }';

describe('the result of a task of a pool that was never started', () => {
  it('fails whoever waits for it, where nobody can still start the pool', () => {
    const played = play(`${pool}\nprocesses: { a: { steps: [{ submit: w, item: x, as: r }, { result: r }] } }`);
    expect(played.ended('a').why).toContain('the pool `w` was never started, and nobody who runs or starts by itself can still start it');
    expect(played.end.exitCode).toBe(1);
  });

  it('is waited for as long as somebody can, and no longer', () => {
    const starts = (steps: string): string => `${pool}\nprocesses: { a: { steps: [{ submit: w, item: x, as: r }, { result: r, allow_failure: true }] }, s: { allow_failure: true, steps: [${steps}, { start: w }] } }`;
    expect(play(starts('{ sleep: 300ms }')).lines('w-1')).toEqual(['done']);
    const played = play(starts('{ sleep: 300ms }, { run: exit 1 }'));
    expect([played.end.exitCode, played.endedAt('a'), played.lines('w-1')]).toEqual([0, 300, []]);
  });

  it('is a list of nothing where no task was submitted', () => {
    const played = play(`${pool}\nvalues: { none: [] }\nprocesses: { a: { steps: [{ load: none, as: items }, { submit: w, items: "\${{ vars.items }}", as: r }, { result: r, as: v }, { print: "got \${{ vars.v }}" }] } }`);
    expect([played.lines('a'), played.end.exitCode]).toEqual([['got []'], 0]);
  });

  it.each([
    ['its result', '{ submit: w, item: x, as: r }, { result: r, timeout: 500ms, on_timeout: continue, as: v }', 'nothing'],
    ['its end', '{ join: w, timeout: 500ms, on_timeout: continue, as: v }', 'false'],
    ['the end of a process', '{ join: p, timeout: 500ms, on_timeout: continue, as: v }', 'false'],
  ])('just runs its time where it goes on after that anyway: %s', (_, waits, value) => {
    const played = play(`${pool}\nprocesses: { p: { autostart: false, steps: [{ print: never }] }, a: { steps: [${waits}, { print: "got \${{ vars.v || 'nothing' }}" }] } }`);
    expect([played.lines('a'), played.endedAt('a'), played.end.exitCode]).toEqual([[`got ${value}`], 500, 0]);
  });

  it('is answered to a program in the same way', () => {
    const spec = `${pool}\nprocesses: { a: { command: sleep 1000, uses: { w: submit } }, s: { allow_failure: true, steps: [{ sleep: 300ms }, { run: exit 1 }, { start: w }] } }`;
    const played = ask(spec, [10, 'a', 'pool.submit', { name: 'w', items: ['x'] }], [20, 'a', 'pool.result', { name: 'w', task: 0 }]);
    expect(answers(played).slice(1)).toEqual(['2 at 300: impossible']);
  });
});
