import { describe, expect, it } from 'vitest';
import { play, type Played } from '../../rig/virtual-play.ts';

/** Whom each of the circle waits for, and for what. */
function circle(played: Played): readonly (readonly [string, string])[] {
  return (played.of('run.deadlock')[0]?.cycle ?? []).map(({ instance, waits }) => [instance, waits.name]);
}

const crossed = (first: string, second: string): string =>
  `{ steps: [{ acquire: ${first} }, { sleep: 10ms }, { acquire: ${second} }] }`;

describe('a deadlock', () => {
  it('names all who wait at a queue for each other, and not one of them for itself', () => {
    const played = play(`
queues: { a: { capacity: 1, items: [x] } }
processes:
  w: { steps: [{ put: a, item: y }, { each: a, as: item, do: [{ put: a, item: z }] }], replicas: 2 }
`);
    expect(circle(played)).toEqual([['w-1', 'a'], ['w-2', 'a']]);
    expect(played.end.exitCode).toBe(5);
  });

  it('names those who may still submit to a pool, and not the pool itself', () => {
    const played = play(`
pools: { p: { workers: 1, command: exit 0 } }
processes:
  b: { steps: [{ submit: p, item: 1 }, { join: p }, { submit: p, item: 2 }] }
`);
    const [deadlock] = played.of('run.deadlock');
    expect(deadlock?.cycle.map(({ instance, waits: { kind, name, by } }) => [instance, kind, name, by])).toEqual([['b', 'join', 'p', ['p']], ['p', 'submit', 'p', ['b']]]);
    expect(deadlock?.circle).toBe(true);
  });

  it('names each who could end a wait once, however many ways to do it he has', () => {
    const played = play(`
queues: { q: }
pools: { p: { tasks: { queue: q }, command: exit 0 } }
processes:
  b: { uses: { q: put }, steps: [{ run: exit 0 }, { put: q, item: 1 }, { join: p }] }
`);
    expect(played.of('run.deadlock')[0]?.cycle.map(({ waits }) => waits.by)).toEqual([['p'], ['b']]);
  });

  it.each([
    [
      'of three locks',
      `
locks: { a: , b: , c: }
processes:
  x: ${crossed('a', 'b')}
  y: ${crossed('b', 'c')}
  z: ${crossed('c', 'a')}
`,
      [['x', 'b'], ['y', 'c'], ['z', 'a']],
    ],
    [
      'of a lock and a permit',
      `
locks: { a: }
semaphores: { s: 1 }
processes:
  x: ${crossed('a', 's')}
  y: ${crossed('s', 'a')}
`,
      [['x', 's'], ['y', 'a']],
    ],
    [
      'of an event behind a lock',
      `
locks: { l: }
events: { go: }
processes:
  x: { steps: [{ with: l, do: [{ wait: go }] }] }
  y: { steps: [{ sleep: 10ms }, { with: l, do: [{ set: go }] }] }
`,
      [['x', 'go'], ['y', 'l']],
    ],
    [
      'of a process that joins the one that waits for its lock',
      `
locks: { l: }
processes:
  x: { steps: [{ with: l, do: [{ sleep: 10ms }, { join: y }] }] }
  y: { steps: [{ sleep: 5ms }, { acquire: l }] }
`,
      [['x', 'y'], ['y', 'l']],
    ],
    [
      'of full queues that each waits to put into',
      `
queues: { q: { capacity: 1 }, r: { capacity: 1 } }
processes:
  x: { steps: [{ put: q, items: [1, 2] }, { get: r }] }
  y: { steps: [{ put: r, items: [1, 2] }, { get: q }] }
`,
      [['x', 'q'], ['y', 'r']],
    ],
    [
      'of a barrier behind a lock',
      `
locks: { l: }
barriers: { b: { parties: 2 } }
processes:
  x: { steps: [{ with: l, do: [{ wait: b }] }] }
  y: { steps: [{ sleep: 5ms }, { with: l, do: [{ wait: b }] }] }
`,
      [['x', 'b'], ['y', 'l']],
    ],
    [
      'of a pool whose only slot waits for a task behind it',
      `
events: { go: }
pools:
  p: { workers: 1, tasks: [wait, set], steps: [{ wait: go }, { set: go }] }
`,
      [['p', 'go']],
    ],
    [
      'of a pool with a slot at a barrier and another behind the lock that the first holds',
      `
locks: { l: }
barriers: { b: { parties: 2 } }
pools:
  p: { workers: 2, tasks: [1, 2, 3], with: l, steps: [{ wait: b }] }
processes:
  x: { steps: [{ sleep: 5ms }, { with: l, do: [{ wait: b }] }] }
`,
      [['x', 'l'], ['p', 'b']],
    ],
  ])('%s ends the run with 5', (_, spec, expected) => {
    const played = play(spec);
    expect(circle(played)).toEqual(expected);
    expect(played.end).toMatchObject({ exitCode: 5, outcome: 'failure' });
  });

  it('of a result and the lock that its task waits for ends the run with 5', () => {
    const played = play(`
locks: { l: }
pools:
  p: { workers: 1, with: l, command: sleep 1 }
processes:
  x: { steps: [{ with: l, do: [{ submit: p, item: 1, as: r }, { result: r }] }] }
`);
    expect(circle(played)).toEqual([['x', 'p'], ['p', 'l']]);
    expect(played.end.exitCode).toBe(5);
  });

  it('of a part is found while another process runs, and finally runs', () => {
    const played = play(`
locks: { a: , b: }
processes:
  busy: { command: forever }
  x: ${crossed('a', 'b')}
  y: ${crossed('b', 'a')}
finally: { bye: { command: print bye } }
`);
    expect(played.of('run.deadlock')).toHaveLength(1);
    expect(played.endedMs).toBeLessThan(1000);
    expect(played.lines('bye')).toEqual(['bye']);
    expect(played.end.exitCode).toBe(5);
  });

  it('of daemons is left to the end of the run', () => {
    const played = play(`
locks: { a: , b: }
daemons:
  x: ${crossed('a', 'b')}
  y: ${crossed('b', 'a')}
processes:
  work: { command: sleep 100 }
`);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.end.exitCode).toBe(0);
    expect(played.endedMs).toBe(100);
  });
});

describe('no deadlock', () => {
  it.each([
    [
      'where a dependency is met by a daemon that waits',
      `
events: { go: }
daemons: { d: { steps: [{ wait: go }, { print: got it }] } }
processes:
  slow: { command: sleep 1000 }
  p: { depends_on: [d, slow], steps: [{ set: go }, { join: d }] }
`,
      ['got it'],
    ],
    [
      'where the last item of a queue that redelivers is in hand, whose end is the end of the stream',
      `
queues: { q: { items: [a], on_consumer_death: redeliver } }
processes:
  c: { steps: [{ each: q, as: i, do: [{ sleep: 5s }, { print: "done with \${{ vars.i }}" }] }] }
  d: { steps: [{ sleep: 1s }, { each: q, as: i, do: [{ print: "not \${{ vars.i }}" }] }, { print: at the end }] }
`,
      ['at the end', 'done with a'],
    ],
    [
      'where the last item is in hand of the task of a pool',
      `
queues: { q: { items: [a], on_consumer_death: redeliver } }
pools: { first: { tasks: { queue: q }, command: sleep 5000 } }
processes: { d: { steps: [{ sleep: 1s }, { each: q, as: i, do: [{ print: "not \${{ vars.i }}" }] }, { print: at the end }] } }
`,
      ['at the end'],
    ],
    [
      'where the last item of a joined queue is in hand',
      `
queues: { q: { items: [a] } }
processes:
  c: { steps: [{ get: q }, { sleep: 1s }, { task_done: q }] }
  j: { steps: [{ join: q }, { print: joined }] }
`,
      ['joined'],
    ],
    [
      'where it is in hand of somebody who waits with a timeout',
      `
queues: { q: { items: [a] } }
events: { e: }
processes:
  c: { steps: [{ get: q }, { wait: e, timeout: 1s, on_timeout: continue }, { run: sleep 300 }, { task_done: q }] }
  j: { steps: [{ join: q }, { print: joined }] }
`,
      ['joined'],
    ],
    [
      'where the notified waits for the lock of its notifier',
      `
locks: { l: }
conditions: { changed: { lock: l } }
processes:
  w: { steps: [{ with: l, do: [{ wait: changed }, { print: notified }] }] }
  n: { steps: [{ sleep: 100ms }, { with: l, do: [{ notify: changed }, { sleep: 1s }] }] }
`,
      ['notified'],
    ],
    [
      'where somebody who holds no permit will return one',
      `
semaphores: { s: 1 }
events: { e: }
processes:
  a: { steps: [{ acquire: s }, { wait: e }, { print: met }] }
  b: { steps: [{ sleep: 100ms }, { acquire: s }, { set: e }] }
  c: { steps: [{ sleep: 1s }, { release: s }] }
`,
      ['met'],
    ],
    [
      'where one of the circle waits with a timeout',
      `
locks: { a: , b: }
processes:
  x: { steps: [{ acquire: a }, { sleep: 10ms }, { acquire: b, timeout: 1s, on_timeout: [{ release: a }] }, { print: x }] }
  y: { steps: [{ acquire: b }, { sleep: 10ms }, { acquire: a }, { print: y }] }
`,
      ['x', 'y'],
    ],
    [
      'where a start wait of the circle has a timeout',
      `
events: { go: }
processes:
  x: { wait_for: [{ name: go, timeout: 1s }], command: sleep 1, allow_failure: true }
  y: { depends_on: { x: { condition: exit } }, steps: [{ set: go }, { print: y }] }
`,
      ['y'],
    ],
    [
      'where only a running command could act',
      `
events: { go: }
processes:
  x: { steps: [{ wait: go, allow_failure: true }, { print: over }] }
  y: { command: sleep 1000, uses: { go: set } }
`,
      ['over'],
    ],
    [
      'where a pipe goes both ways',
      `
pipes: { link: { between: [x, y] } }
processes:
  x: { steps: [{ send: link, item: 1 }, { recv: link, as: m }, { print: "\${{ vars.m }}" }] }
  y: { steps: [{ recv: link, as: m }, { sleep: 1s }, { send: link, item: 2 }] }
`,
      ['2'],
    ],
    [
      'where a restart comes after a long backoff',
      `
events: { go: }
processes:
  x: { steps: [{ wait: go }, { print: met }] }
  y: { command: "exit 1 | exit 0", sets: { success: go }, restart: on_failure, backoff: { initial: 10s } }
`,
      ['met'],
    ],
  ])('%s', (_, spec, lines) => {
    for (const seed of [undefined, 1, 2, 3]) {
      const played = play(spec, seed === undefined ? {} : { seed });
      expect(played.of('run.deadlock')).toEqual([]);
      expect(played.output.map(({ text }) => text).toSorted()).toEqual(lines);
      expect(played.end.exitCode).toBe(0);
    }
  });

  it('where a queue feeds itself, it is at its end', () => {
    const played = play(`
queues: { q: { items: [[[a, b], [c]]] } }
processes:
  a: { replicas: 3, steps: [{ each: q, as: page, do: [{ sleep: 5ms }, { run: print page }, { put: q, items: "\${{ vars.page }}", allow_failure: true }] }] }
`);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.output).toHaveLength(6);
    expect(played.end.exitCode).toBe(0);
  });

  it('where daemons wait for work that a process has yet to give', () => {
    const played = play(`
queues: { q: , answers: }
daemons: { d: { replicas: 2, steps: [{ each: q, as: i, do: [{ put: answers, item: "\${{ vars.i }}" }] }] } }
processes: { p: { steps: [{ sleep: 1s }, { put: q, items: [1, 2] }, { get: answers }, { get: answers }, { print: both }] } }
`);
    expect(played.lines('p')).toEqual(['both']);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.end.exitCode).toBe(0);
  });
});

describe('who is named of a deadlock', () => {
  it('with what each holds, and where the step is written that it is at', () => {
    const played = play(`
locks: { a: , b: }
semaphores: { s: 3 }
processes:
  x: { with: s, steps: [{ acquire: a }, { sleep: 10ms }, { acquire: b }] }
pools:
  p: { workers: 2, tasks: [1], with: b, steps: [{ sleep: 10ms }, { acquire: a }] }
`);
    const told = (played.of('run.deadlock')[0]?.cycle ?? []).map(({ instance, holds, at }) => [instance, holds, at]);
    expect(told).toEqual([
      ['x', ['s', 'a'], 'processes.x.steps.2'],
      ['p', ['b'], 'pools.p.steps.1'],
    ]);
  });

  it.each([
    [
      'both ends of a pipe at which both wait',
      `
pipes: { link: { between: [a, b] } }
processes:
  a: { steps: [{ recv: link }, { send: link, item: 1 }] }
  b: { steps: [{ recv: link }, { send: link, item: 1 }] }
`,
      [['a', 'link'], ['b', 'link']],
      true,
    ],
    [
      'the circle, and not who only waits for it',
      `
locks: { l: , m: , n: }
processes:
  first: { steps: [{ sleep: 20ms }, { acquire: l }] }
  x: ${crossed('l', 'm')}
  y: ${crossed('m', 'l')}
`,
      [['x', 'm'], ['y', 'l']],
      true,
    ],
    [
      'who waits for what only itself could start',
      `
events: { go: }
processes:
  a: { steps: [{ wait: go }, { start: late }] }
  late: { autostart: false, steps: [{ set: go }] }
`,
      [['a', 'go']],
      false,
    ],
  ])('%s', (_, spec, expected, isCircle) => {
    const played = play(spec);
    expect(circle(played)).toEqual(expected);
    expect(played.of('run.deadlock')[0]?.circle).toBe(isCircle);
  });
});
