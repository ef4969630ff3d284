import { describe, expect, it } from 'vitest';
import type { SeenProgram, ThreadWait } from '../../../src/engine/seen-program.ts';
import { play, type Played } from '../../rig/virtual-play.ts';
import { calls, seenOf, type Asked } from '../../rig/waiting-programs.ts';

/** Whom each of the deadlock waits for, and for what. */
function circle(played: Played): readonly string[] {
  return (played.of('run.deadlock')[0]?.cycle ?? []).map(({ instance, waits }) => `${instance}: ${waits.kind} ${waits.name} ${waits.detail ?? ''} of ${waits.by.join()}`);
}

/** A program of one process with these threads. */
function at(...threads: readonly ThreadWait[]): SeenProgram {
  return { processes: [{ pid: 1, mark: '', threads }], waiters: [], clients: [], loops: [], listeners: [] };
}

const one = `
max_parallel: 1
queues: { q: }
processes:
  cat: { command: read 0, stdin: { queue: q } }
  gen: { command: print x, stdout: { queue: q } }
`;

describe('a deadlock of programs that mpctl feeds and reads', () => {
  it('is one of what waits for its input and of what could fill it', () => {
    const played = play(one, { looks: () => at('input') });
    expect(circle(played)).toEqual(['cat: queue q get of gen', 'gen: hold max_parallel  of cat']);
    expect(played.end.exitCode).toBe(5);
    expect(played.of('run.deadlock')[0]?.at).toBeLessThan(300);
  });

  it('is one also of a shell whose child reads', () => {
    const looks = (): SeenProgram => ({ ...at(), processes: [{ pid: 1, mark: '', threads: ['own'] }, { pid: 2, mark: '', threads: ['input'] }] });
    expect(play(one, { looks }).end.exitCode).toBe(5);
  });

  it('is one of what waits for room in its output and of what could empty it', () => {
    const spec = `
max_parallel: 1
queues: { q: { capacity: 1 } }
processes:
  gen: { command: '${'print x; '.repeat(1100)}forever', stdout: { queue: q } }
  cat: { command: read 0, stdin: { queue: q } }
`;
    const played = play(spec, { looks: () => at('output') });
    expect(circle(played)).toEqual(['gen: queue q put of cat', 'cat: hold max_parallel  of gen']);
    expect(played.end.exitCode).toBe(5);
  });

  it('is one where a thread waits in the run besides', () => {
    const asked: readonly Asked[] = [[10, 'cat 1/1', 'event.wait', { name: 'go' }]];
    const spec = `events: { go: }\n${one.replace('stdout: { queue: q }', 'stdout: { queue: q }, uses: { go: set }')}`;
    const played = play(spec, { calls: calls(asked), looks: (_, standing) => seenOf(standing, { 1: ['input'] }) });
    expect(played.end.exitCode).toBe(5);
  });

  it('is told once what computes has come to read', () => {
    const played = play(one, { looks: (_instance, _standing, atMs) => at(atMs < 2000 ? 'other' : 'input') });
    expect(played.of('run.deadlock')[0]?.at).toBeGreaterThan(2000);
  });
});

describe('no deadlock', () => {
  it.each<readonly [string, readonly ThreadWait[]]>([
    ['does something else', ['other']],
    ['does something else in another thread', ['input', 'other']],
    ['waits for its child alone, which is not seen', ['own']],
    ['waits for room, though it is read', ['output']],
    ['reads from a socket as well', ['input', 'answer']],
  ])('where the reader %s', (_, threads) => {
    const played = play(`timeout: 5s${one}`, { looks: () => at(...threads) });
    expect(played.of('run.deadlock')).toEqual([]);
  });

  it('where it runs from one look to the next', () => {
    let looks = 0;
    const looked = (): SeenProgram => ({ ...at(), processes: [{ pid: 1, mark: String(looks++), threads: ['input'] }] });
    expect(play(`timeout: 5s${one}`, { looks: looked }).of('run.deadlock')).toEqual([]);
  });

  it('where a thread waits in the run with a limit', () => {
    const asked: readonly Asked[] = [[10, 'cat 1/1', 'event.wait', { name: 'go', timeout_ms: 4000 }]];
    const spec = `timeout: 3s\nevents: { go: }\n${one.replace('stdout: { queue: q }', 'stdout: { queue: q }, uses: { go: set }')}`;
    const played = play(spec, { calls: calls(asked), looks: (_, standing) => seenOf(standing, { 1: ['input'] }) });
    expect(played.of('run.deadlock')).toEqual([]);
  });

  it('where somebody who goes on may fill it', () => {
    const spec = one.replace('max_parallel: 1', 'max_parallel: 2').replace('print x', 'sleep 3000');
    const played = play(spec, { looks: () => at('input') });
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.end.exitCode).toBe(0);
    expect(played.effects.filter(({ type }) => type === 'look_at_program')).toEqual([]);
  });

  it('but the end of the queue where all who can still put into it wait for its next item', () => {
    const spec = `
queues: { q: { items: [a] } }
processes:
  turn: { command: read 0, stdin: { queue: q }, stdout: { queue: q } }
`;
    const played = play(spec, { looks: () => at('input') });
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.end.exitCode).toBe(0);
  });
});
