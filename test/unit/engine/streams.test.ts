import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

describe('a queue on standard input', () => {
  const reader = (format: string, items: string): string => `
on_failure: continue
queues: { q: { items: ${items} } }
processes: { a: { command: read 5, stdin: { queue: q, format: ${format} } } }
`;

  it.each([
    ['text', '[x, "two words", "", 3, { k: [1] }, null]', ['x', 'two words', '', '3', '{"k":[1]}', 'null']],
    ['json', '[x, "two\\nlines", 3, { k: [1] }, null]', ['"x"', '"two\\nlines"', '3', '{"k":[1]}', 'null']],
  ])('hands every item over as a line of %s, then ends', (format, items, lines) => {
    const played = play(reader(format, items));
    expect(played.lines('a')).toEqual(lines.map((line) => `< ${line}`));
    expect(played.ended('a').state).toBe('succeeded');
  });

  it('fails the process at a string with a newline where lines are text', () => {
    const played = play(reader('text', '[x, "two\\nlines", y]'));
    expect(played.lines('a')).toEqual(['< x']);
    expect(played.ended('a')).toMatchObject({
      state: 'failed',
      why: 'an item of `q` has a newline in it and is no line of text: use `format: json`',
    });
  });

  it('waits for items, and ends when nobody can still put', () => {
    const played = play(`
queues: { q: }
processes:
  a: { command: read 0, stdin: { queue: q } }
  p: { steps: [{ sleep: 10ms }, { put: q, item: x }, { sleep: 20ms }, { put: q, item: y }] }
`);
    expect(played.output).toMatchObject([{ atMs: 10, text: '< x' }, { atMs: 30, text: '< y' }]);
    expect(played.endedAt('a')).toBe(30);
  });

  it('that its reader leaves is broken for who puts', () => {
    const played = play(`
on_failure: continue
queues: { q: { capacity: 1 } }
processes:
  a: { command: sleep 10, stdin: { queue: q } }
  p: { steps: [{ repeat: forever, do: [{ put: q, item: x }, { sleep: 3ms }] }] }
`);
    expect(played.ended('p')).toMatchObject({ state: 'failed', why: 'nobody can still get from `q`' });
  });
});

describe('a queue on standard output', () => {
  const writer = (format: string, command: string): string => `
on_failure: continue
queues: { q: }
processes:
  a: { command: "${command}", stdout: { queue: q, format: ${format} } }
  c: { steps: [{ each: q, as: i, do: [{ store: v, item: "\${{ vars.i }}" }, { load: v, as: w }, { print: "\${{ vars.w }}" }, { run: print $w }] }] }
values: { v: 0 }
`;

  it.each([
    ['text', 'print x; print 3; print [1]', ['x', 'x', '3', '3', '[1]', '[1]']],
    ['json', 'print 3; print [1]; print null', ['3', '3', '[1]', '[1]', '', '']],
  ])('takes every line as an item of %s', (format, command, lines) => {
    const played = play(writer(format, command));
    expect(played.lines('c')).toEqual(lines);
    expect(played.end.exitCode).toBe(0);
  });

  it.each(['print nonsense; forever', 'print nonsense; exit 0', 'print 1; sleep 20; print {; sleep 20; exit 0'])(
    'fails the process at a line that is not JSON: `%s`',
    (command) => {
      const played = play(writer('json', command));
      expect(played.ended('a').state).toBe('failed');
      expect(played.ended('a').why).toMatch(/^a line for `q` is not JSON: (?:nonsense|\{)$/);
      expect(played.end.exitCode).toBe(1);
    },
  );

  it('fails the process when nobody takes any more', () => {
    const played = play(`
on_failure: continue
queues: { q: }
processes:
  a: { command: print 1; sleep 10; print 2; sleep 10; print 3; forever, stdout: { queue: q } }
  c: { steps: [{ get: q, as: i }, { print: "\${{ vars.i }}" }] }
`);
    expect(played.lines('c')).toEqual(['1']);
    expect(played.ended('a')).toMatchObject({
      at: 10,
      state: 'failed',
      reason: 'step_failed',
      why: 'nobody can still get what it writes to its queue',
    });
  });

  const manyLines = Array.from({ length: 1100 }, (_, index) => `print ${index}`).join('; ');

  it.each([
    ['nobody takes any more, while it runs', 'text', `${manyLines}; forever`, 'nobody can still get what it writes to its queue'],
    ['nobody takes any more, after its end', 'text', manyLines, 'nobody can still get what it writes to its queue'],
    ['a line is not JSON, while it runs', 'json', `print 0; print 0; print {; ${manyLines}; forever`, 'a line for `q` is not JSON: {'],
    ['a line is not JSON, after its end', 'json', `print 0; print 0; print {; ${manyLines}`, 'a line for `q` is not JSON: {'],
  ])('reads on where its output was paused and then refused: %s', (_, format, command, why) => {
    const played = play(`
on_failure: continue
queues: { q: { capacity: 1 } }
processes:
  a: { command: "${command}", stdout: { queue: q, format: ${format} } }
  c: { steps: [{ sleep: 10ms }, { get: q }, { sleep: 10ms }, { get: q, allow_failure: true }] }
`);
    expect(played.effects.filter(({ type }) => type === 'pause_output')).toHaveLength(1);
    expect(played.ended('a')).toMatchObject({ state: 'failed', reason: 'step_failed', why });
    expect(played.of('warning')).toEqual([]);
  });

  it('fails the `run` step whose line is refused, and no other', () => {
    const played = play(`
on_failure: continue
queues: { q: }
processes:
  a: { steps: [{ run: "print {", allow_failure: true }, { run: "print {; forever", allow_failure: true }, { run: print 1 }], stdout: { queue: q, format: json } }
  b: { steps: [{ run: "print {" }], stdout: { queue: q, format: json } }
  c: { steps: [{ each: q, as: i, do: [{ print: "\${{ vars.i }}" }] }] }
`);
    expect(played.lines('c')).toEqual(['1']);
    expect(played.ended('a').state).toBe('succeeded');
    expect(played.ended('b')).toMatchObject({ state: 'failed', why: 'a line for `q` is not JSON: {' });
  });

  it.each([
    ['of a process', 'processes:\n  a: { command: print 1; print 2; print 3; print 4, stdout: { queue: q } }'],
    ['of a step', 'processes:\n  a: { steps: [{ run: print 1; print 2; print 3; print 4 }], stdout: { queue: q } }'],
  ])('%s that only `finally` takes is a deadlock, which ends the run and gives it what there was room for', (_, process) => {
    const played = play(`
queues: { q: { capacity: 2 } }
${process}
finally: { f: { steps: [{ each: q, as: i, do: [{ print: "\${{ vars.i }}" }] }] } }
`);
    expect(played.of('run.deadlock')).toMatchObject([{ cycle: [{ instance: 'a', waits: { kind: 'queue', name: 'q', detail: 'put' } }] }]);
    expect(played.of('warning')).toMatchObject([
      { code: 'MP841', message: '2 lines of `a` were not taken: it was stopped before there was room in their queue' },
    ]);
    expect(played.lines('f')).toEqual(['1', '2']);
    expect(played.end.exitCode).toBe(5);
  });

  it('that is taken only after the end of its writer is a deadlock', () => {
    const played = play(`
queues: { q: { capacity: 1 } }
processes:
  a: { command: print 1; print 2; print 3, stdout: { queue: q } }
  b: { steps: [{ join: a }, { each: q, do: [{ print: x }] }] }
`);
    expect(played.of('run.deadlock')).toMatchObject([{ circle: true, cycle: [{ instance: 'a' }, { instance: 'b' }] }]);
    expect(played.end.exitCode).toBe(5);
  });

  it.each([
    ['stopped', 'print 1; print 2; print 3', 'terminate', 'succeeded'],
    ['killed', 'print 1; print 2; print 3', 'kill', 'succeeded'],
    ['stopped while it writes', 'print 1; print 2; print 3; trap SIGTERM 5 0; forever', 'terminate', 'stopped'],
  ])('does not keep a writer open that is %s: what there is no room for is counted', (_, command, verb, state) => {
    const played = play(`
queues: { q: { capacity: 1 } }
processes:
  a: { command: "${command}", stdout: { queue: q } }
  c: { steps: [{ sleep: 10ms }, { ${verb}: a }, { join: a }, { each: q, as: i, do: [{ print: "\${{ vars.i }}" }] }] }
`);
    expect(played.ended('a').state).toBe(state);
    expect(played.of('warning')).toMatchObject([{ code: 'MP841', instance: 'a' }]);
    expect(played.lines('c')).toEqual(['1']);
    expect(played.end.exitCode).toBe(0);
  });

  it('takes the last lines of a writer that is stopped, where there is room', () => {
    const played = play(`
queues: { q: }
processes:
  a: { command: print 1; sleep 5; trap SIGTERM 5 0; print 2; forever, stdout: { queue: q } }
  c: { steps: [{ sleep: 10ms }, { terminate: a }, { each: q, as: i, do: [{ print: "\${{ vars.i }}" }] }] }
`);
    expect(played.lines('c')).toEqual(['1', '2']);
    expect(played.of('warning')).toEqual([]);
  });

  it('keeps a process that ended open until its last line is taken', () => {
    const played = play(`
queues: { q: { capacity: 1 } }
processes:
  a: { command: print 1; print 2; print 3, stdout: { queue: q } }
  c: { steps: [{ each: q, as: i, do: [{ sleep: 10ms }, { print: "\${{ vars.i }}" }] }] }
`);
    expect(played.lines('c')).toEqual(['1', '2', '3']);
    expect(played.endedAt('a')).toBe(10);
    expect(played.endedAt('c')).toBe(30);
  });

  it.each([1, 2, 3, 4])('joins filters into a pipeline that loses nothing, with seed %i', (seed) => {
    const played = play(
      `
queues: { q: { capacity: 2 }, r: }
processes:
  a: { command: print 1; print 2; print 3; sleep 5; print 4, stdout: { queue: q, format: json } }
  b: { command: read 1, stdin: { queue: q }, stdout: { queue: r } }
  c: { steps: [{ each: r, do: [{ print: never }] }, { print: end }] }
`,
      { seed },
    );
    expect(played.lines('b')).toEqual(['< 1', '< 2', '< 3', '< 4']);
    expect(played.lines('c')).toEqual(['end']);
  });
});

describe('a stdio pipe', () => {
  it.each([
    ['die SIGPIPE', 'false', 'succeeded', -13, 0],
    ['exit 141', 'false', 'succeeded', 141, 0],
    ['die SIGPIPE', 'true', 'failed', -13, 1],
    ['exit 141', 'true', 'failed', 141, 1],
    ['exit 1', 'false', 'failed', 1, 1],
    ['die SIGKILL', 'false', 'failed', -9, 1],
  ])('whose sender ends with `%s`, pipefail %s: it has %s', (way, pipefail, state, exitcode, exitCode) => {
    const played = play(`
on_failure: continue
pipes: { raw: { from: gen, to: sink, via: stdio, pipefail: ${pipefail} } }
processes:
  gen: { command: sleep 5; ${way} }
  sink: { command: sleep 1 }
`);
    expect(played.ended('gen')).toMatchObject({ state, exitcode });
    expect(played.end.exitCode).toBe(exitCode);
  });

  describe('between two that are started again', () => {
    /** What is said of the ends of the pipe, in order, from the first `start` on. */
    const told = (steps: string, more = ''): readonly string[] => {
      const played = play(`
pipes: { raw: { from: gen, to: sink, via: stdio } }
processes:
  gen: { command: sleep 10 }
  sink: { command: sleep 20 }
  ctl: { steps: [{ join: gen }, { join: sink }, { print: begin }, ${steps}] }
${more}`);
      const from = played.effects.findIndex(({ type }) => type === 'print');
      return played.effects.slice(from).flatMap((effect) => {
        if (effect.type === 'spawn') return [`spawn ${effect.order.instance}`];
        return (effect.type === 'await_instance' || effect.type === 'close_instance') && effect.instance !== 'ctl' ? [`${effect.type.split('_')[0] ?? ''} ${effect.instance}`] : [];
      });
    };

    it.each([['gen', 'sink'], ['sink', 'gen']])('keeps an end for the other one: %s, then %s', (first, second) => {
      expect(told(`{ start: ${first} }, { start: ${second} }`)).toEqual([
        `await ${second}`, `spawn ${first}`, `spawn ${second}`, 'close gen', 'close sink',
      ]);
    });

    it('keeps none where nobody starts the other one', () => {
      expect(told('{ start: gen }')).toEqual(['spawn gen', 'close gen']);
    });

    it('keeps it no longer than the other one may be started', () => {
      expect(told('{ start: gen }, { wait: go, timeout: 5ms, on_timeout: [{ exit: 0 }] }, { start: sink }', 'events: { go: }\n')).toEqual([
        'await sink', 'spawn gen', 'close sink', 'close gen',
      ]);
    });
  });

  it('spares the sender only: a receiver that dies of SIGPIPE has failed, and so has 141 without a shell', () => {
    const played = play(`
on_failure: continue
pipes: { raw: { from: gen, to: sink, via: stdio } }
processes:
  gen: { command: [exit, 141] }
  sink: { command: die SIGPIPE }
`);
    expect(played.ended('gen').state).toBe('failed');
    expect(played.ended('sink').state).toBe('failed');
  });
});
