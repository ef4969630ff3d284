import { describe, expect, it } from 'vitest';
import type { SeenProgram, ThreadWait } from '../../../src/engine/seen-program.ts';
import { play, type Played } from '../../rig/virtual-play.ts';
import { calls, seenOf, wait, type Asked } from '../../rig/waiting-programs.ts';
import type { WorldOptions } from '../../rig/world-options.ts';

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

  it('is told once what had a limit in the run has come to read', () => {
    const asked: readonly Asked[] = [[10, 'cat 1/1', 'event.wait', { name: 'go', timeout_ms: 2000 }]];
    const spec = `events: { go: }\n${one.replace('stdout: { queue: q }', 'stdout: { queue: q }, uses: { go: set }')}`;
    const played = play(spec, { calls: calls(asked), looks: () => at('input') });
    expect(played.of('run.deadlock')[0]?.at).toBeGreaterThan(2000);
  });

  it('is told once what was not ready has come to read', () => {
    const spec = one.replace('command: read 0', 'command: read 0, readiness_probe: { exec: up 2000, period: 100ms }');
    expect(play(spec, { looks: () => at('input') }).of('run.deadlock')[0]?.at).toBeGreaterThan(1900);
  });

  it('is told once what writes has filled its output', () => {
    const spec = `
max_parallel: 1
queues: { q: { capacity: 1 } }
processes:
  gen: { command: 'print x; print x; sleep 2000; ${'print x; '.repeat(1100)}forever', stdout: { queue: q } }
  cat: { command: read 0, stdin: { queue: q } }
`;
    expect(play(spec, { looks: () => at('output') }).of('run.deadlock')[0]?.at).toBeGreaterThan(2000);
  });
});

describe('a deadlock of programs that a pipe joins', () => {
  const spec = (more: string, pipe: string): string => `
events: { go: }
pipes: { link: { ${pipe}, via: stdio } }
processes:
  gen: { command: forever }
  sink: { command: forever, uses: { go: set } }
${more}`;

  it('is one where each reads what the other one is to write', () => {
    const played = play(spec('', 'between: [gen, sink]'), { looks: () => at('joined_input') });
    expect(circle(played)).toEqual(['gen: pipe link read of sink', 'sink: pipe link read of gen']);
    expect(played.end.exitCode).toBe(5);
  });

  it('is one of a ring of them', () => {
    const ring = `
pipes: { ab: { from: a, to: b, via: stdio }, bc: { from: b, to: c, via: stdio }, ca: { from: c, to: a, via: stdio } }
processes: { a: { command: forever }, b: { command: forever }, c: { command: forever } }
`;
    const played = play(ring, { looks: () => at('joined_input') });
    expect(circle(played)).toEqual(['a: pipe ca read of c', 'c: pipe bc read of b', 'b: pipe ab read of a']);
  });

  it('is one where one waits for what the other one does after it has read, or has had room', () => {
    const asked: readonly Asked[] = [[10, 'gen 1/1', 'event.wait', { name: 'go' }]];
    const looks: NonNullable<WorldOptions['looks']> = (instance, standing) => (instance === 'gen' ? seenOf(standing, {}) : at('joined_input'));
    const played = play(spec('', 'from: gen, to: sink'), { calls: calls(asked), looks });
    expect(circle(played)).toEqual(['gen: event go  of sink', 'sink: pipe link read of gen']);

    const back: NonNullable<WorldOptions['looks']> = (instance, standing) => (instance === 'gen' ? seenOf(standing, {}) : at('joined_output'));
    expect(circle(play(spec('', 'from: sink, to: gen'), { calls: calls(asked), looks: back }))).toEqual(['gen: event go  of sink', 'sink: pipe link write of gen']);
  });

  it('is one of a chain whose last one waits for its first one', () => {
    const asked: readonly Asked[] = [[10, 'last 1/1', 'event.wait', { name: 'go' }]];
    const chain = `
events: { go: }
pipes: { ab: { from: first, to: middle, via: stdio }, bc: { from: middle, to: last, via: stdio } }
processes: { first: { command: forever, uses: { go: set } }, middle: { command: forever }, last: { command: forever } }
`;
    const looks: NonNullable<WorldOptions['looks']> = (instance, standing) => (instance === 'last' ? seenOf(standing, {}) : at('joined_output'));
    expect(circle(play(chain, { calls: calls(asked), looks }))).toEqual(['first: pipe ab write of middle', 'middle: pipe bc write of last', 'last: event go  of first']);
  });

  it('is one of what waits for the end of whoever it is joined to, and has not started', () => {
    const late = spec('', 'from: gen, to: sink').replace('sink: { command: forever,', 'sink: { command: forever, depends_on: [gen],');
    expect(circle(play(late, { looks: () => at('joined_output') }))).toEqual(['gen: pipe link write of sink', 'sink: dependency gen success of gen']);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))('is none where the two were not seen to wait at the same moment, by whatever delays (seed %i)', (seed) => {
    const asked: readonly Asked[] = [[10, 'gen 1/1', 'event.wait', { name: 'go' }]];
    // What the first one has written before it waits has woken the second one, which was seen to wait before.
    const looks: NonNullable<WorldOptions['looks']> = (instance, standing, atMs) => {
      if (instance === 'gen') return atMs < 120 ? at('other') : seenOf(standing, {});
      return atMs < 120 ? at('joined_input') : { ...at(), processes: [{ pid: 1, mark: String(atMs), threads: ['joined_input'] }] };
    };
    expect(play(`timeout: 3s${spec('', 'from: gen, to: sink')}`, { calls: calls(asked), looks, seed }).of('run.deadlock')).toEqual([]);
  });

  it.each([
    ['commands are joined in a chain, and nobody waits for anything else: they are not looked at', ''],
    ['somebody else goes on', '  more: { command: sleep 3000 }\n'],
  ])('is none where %s', (_, more) => {
    const played = play(`timeout: 2s${spec(more, 'from: gen, to: sink')}`, { looks: () => at('joined_input') });
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.effects.filter(({ type }) => type === 'look_at_program')).toEqual([]);
  });

  it('is none where the other one has not been started, which a user may do', () => {
    const idle = spec('', 'from: gen, to: sink').replace('gen: { command: forever', 'gen: { command: forever, autostart: false');
    const played = play(`timeout: 2s${idle}`, { looks: () => at('joined_input') });
    expect(played.of('run.deadlock')).toEqual([]);
  });

  it('is none where the other one has ended, whoever has its pipe still', () => {
    const ending = spec('', 'from: gen, to: sink').replace('gen: { command: forever', 'gen: { command: sleep 100');
    const played = play(`timeout: 2s${ending}`, { looks: () => at('joined_input') });
    expect(played.of('run.deadlock')).toEqual([]);
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

  it('so where it is the command of a step that waits for it', () => {
    const spec = `
queues: { q: }
processes:
  a: { steps: [{ run: sleep 5000 }, { put: q, item: 1, allow_failure: true }], uses: { q: get } }
  b: { steps: [{ get: q, allow_failure: true }, { put: q, item: 1, allow_failure: true }] }
`;
    const played = wait(spec, [[10, 'a 1/1', 'queue.get', { name: 'q' }]]);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.end.exitCode).toBe(0);
  });
});
