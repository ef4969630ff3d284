import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

const show = (name: string): string => `{ print: "\${{ vars.${name} }}" }`;

/** Steps of the process `a` beside whatever else the spec declares. */
const specOf = (declared: string, steps: string): string => `
on_failure: continue
${declared}
processes:
  a: { steps: [${steps}] }
`;

describe('what `as` takes', () => {
  it.each([
    ['run: stdout without its last newlines', '', `{ run: print one; print two, as: v }, ${show('v')}`, ['one\ntwo']],
    ['run: an empty stdout', '', `{ run: sleep 1, as: v }, { print: "[\${{ vars.v }}]" }`, ['[]']],
    ['acquire and release', 'locks: { l: }', `{ acquire: l, as: v }, ${show('v')}, { release: l, as: w }, ${show('w')}`, ['true', 'true']],
    ['with', 'locks: { l: }', `{ with: l, as: v, do: [${show('v')}] }`, ['true']],
    ['set and clear', 'events: { e: }', `{ set: e, as: v }, { clear: e, as: w }, ${show('v')}, ${show('w')}`, ['true', 'true']],
    ['wait for an event', 'events: { e: { set: true } }', `{ wait: e, as: v }, ${show('v')}`, ['true']],
    ['wait at a barrier: the index', 'barriers: { b: { parties: 1 } }', `{ wait: b, as: v }, ${show('v')}`, ['0']],
    ['abort and reset', 'barriers: { b: { parties: 1 } }', `{ abort: b, as: v }, { reset: b, as: w }, ${show('v')}, ${show('w')}`, ['true', 'true']],
    ['notify', 'locks: { l: }\nconditions: { c: { lock: l } }', `{ with: l, do: [{ notify: c, as: v }] }, ${show('v')}`, ['true']],
    ['put: true; get: the item', 'queues: { q: }', `{ put: q, item: { k: 1 }, as: v }, ${show('v')}, { get: q, as: w }, ${show('w.k')}`, ['true', '1']],
    ['each: the item', 'queues: { q: { items: [x, 2] } }', `{ each: q, as: v, do: [${show('v')}] }`, ['x', '2']],
    ['repeat: the index', '', `{ repeat: 3, as: v, do: [${show('v')}] }`, ['0', '1', '2']],
    ['repeat: the element', '', `{ repeat: [x, { k: 1 }], as: v, do: [${show('v')}] }`, ['x', '{"k":1}']],
    ['repeat: nothing', '', `{ repeat: 0, do: [{ print: x }] }, { print: y }`, ['y']],
    ['add: the value after it', 'values: { n: 40 }', `{ add: n, as: v }, ${show('v')}, { add: n, by: -11, as: v }, ${show('v')}`, ['41', '30']],
    ['store and load', 'values: { n: 0 }', `{ store: n, item: [1, { k: x }], as: v }, { load: n, as: w }, ${show('v')}, ${show('w')}`, ['true', '[1,{"k":"x"}]']],
    ['task_done and join', 'queues: { q: { items: [x] } }', `{ get: q }, { task_done: q, as: v }, { join: q, as: w }, ${show('v')}, ${show('w')}`, ['true', 'true']],
    ['task_done within each: what was got beside its item, which is done by itself', 'queues: { q: { items: [1, 2, 3, 4] } }', `{ each: q, as: i, do: [{ get: q, as: v }, { task_done: q }, ${show('i')}, ${show('v')}] }, { join: q, as: w }, ${show('w')}`, ['1', '2', '3', '4', 'true']],
    ['task_done within each: its item, where there is no other', 'queues: { q: { items: [1, 2] } }', `{ each: q, as: i, do: [{ task_done: q }, ${show('i')}] }, { join: q, as: w }, ${show('w')}`, ['1', '2', 'true']],
    ['a handle for submit, the value for result', 'pools: { p: { workers: 1, command: print got $MPCTL_ITEM } }', `{ submit: p, item: x, as: r }, { result: r, as: v }, ${show('v')}`, ['got x']],
    ['a list for many', 'pools: { p: { workers: 2, command: "sleep $MPCTL_ITEM; print $MPCTL_ITEM" } }', `{ submit: p, items: [20, 10], as: r }, { result: r, as: v }, ${show('v')}`, ['["20","10"]']],
  ])('%s', (_, declared, steps, lines) => {
    const played = play(specOf(declared, steps));
    expect(played.lines('a')).toEqual(lines);
    expect(played.ended('a').state).toBe('succeeded');
  });

  it('says of a join of a queue that nobody takes from any more why it fails', () => {
    expect(play('queues: { q: { items: [1, 2] } }\nprocesses:\n  a: { steps: [{ join: q }] }\n  b: { steps: [{ get: q }, { task_done: q }] }').ended('a')).toMatchObject({ state: 'failed', why: 'not every item of `q` is done, and nobody can still get the rest' });
  });

  it('takes a message with recv, and true with send and close', () => {
    const played = play(`
pipes: { link: { from: a, to: b } }
processes:
  a: { steps: [{ send: link, item: { k: [1] }, as: v }, ${show('v')}, { close: link, as: w }, ${show('w')}] }
  b: { steps: [{ recv: link, as: m }, ${show('m')}, { each: link, as: n, do: [${show('n')}] }, { print: over }] }
`);
    expect(played.lines('a')).toEqual(['true', 'true']);
    expect(played.lines('b')).toEqual(['{"k":[1]}', 'over']);
  });

  it('takes true with start, join, terminate and kill', () => {
    const verbs = ['start: p', 'terminate: p', 'join: p', 'start: p', 'kill: p', 'join: p'];
    const steps = verbs.flatMap((verb, index) => [`{ ${verb}, as: v${index} }`, show(`v${index}`), '{ sleep: 1ms }']);
    const played = play(`
processes:
  a: { steps: [${steps.join(', ')}] }
  p: { command: forever, autostart: false }
`);
    expect(played.lines('a')).toEqual(Array.from({ length: 6 }, () => 'true'));
    expect(played.signals.map(({ signal }) => signal)).toEqual(['SIGTERM', 'SIGKILL']);
    expect(played.end.exitCode).toBe(0);
  });

  it('starts a pool that does not start by itself, and kills its tasks', () => {
    const played = play(`
on_failure: continue
pools:
  p: { workers: 2, command: forever, tasks: [x, y, z], autostart: false }
  q: { workers: 1, command: print $MPCTL_ITEM, tasks: [x, y], autostart: false }
processes:
  a:
    steps:
      - { sleep: 10ms }
      - { start: p, as: started }
      - { start: q }
      - { join: q }
      - { sleep: 10ms }
      - { kill: p, as: killed }
      - { join: p }
      - { print: "\${{ vars.started }} \${{ vars.killed }}" }
`);
    expect(played.lines('a')).toEqual(['true true']);
    expect(played.output.filter(({ instance }) => instance.startsWith('q')).map(({ atMs, text }) => [atMs, text])).toEqual([[10, 'x'], [10, 'y']]);
    expect(played.signals.map(({ atMs, signal }) => [atMs, signal])).toEqual([[20, 'SIGKILL'], [20, 'SIGKILL']]);
    expect(played.endedAt('a')).toBe(20);
  });

  it('gives a variable its type in ${{ vars }} and JSON or the string as $NAME', () => {
    const steps = '{ load: n, as: v }, { store: m, item: "${{ vars.v }}" }, { load: m, as: w }, { print: "${{ vars.w.k }}" }, { run: print $w }, { repeat: [x y], as: s, do: [{ run: print $s }] }';
    expect(play(specOf('values: { n: { k: [1] }, m: 0 }', steps)).lines('a')).toEqual(['[1]', '{"k":[1]}', 'x y']);
  });

  it('puts and submits what a variable lists', () => {
    const played = play(specOf(
      'queues: { q: }\nvalues: { n: [x, 2] }\npools: { p: { workers: 1, command: print $MPCTL_ITEM } }',
      `{ load: n, as: list }, { put: q, items: "\${{ vars.list }}" }, { get: q, as: i }, ${show('i')}, { get: q, as: i }, ${show('i')}, { submit: p, items: "\${{ vars.list }}", as: r }, { result: r, as: v }, ${show('v')}`,
    ));
    expect(played.lines('a')).toEqual(['x', '2', '["x","2"]']);
  });

  it('refuses to put what is no list', () => {
    const played = play(specOf('queues: { q: }\nvalues: { n: 3 }', '{ load: n, as: list }, { put: q, items: "${{ vars.list }}" }, { get: q }'));
    expect(played.ended('a')).toMatchObject({ state: 'failed', why: '`items` is 3, not a list' });
  });
});

describe('the time of a step', () => {
  const waits = [
    ['acquire: l', 'acquire', 'false'],
    ['wait: e', 'wait', 'false'],
    ['wait: b', 'wait', 'null'],
    ['get: q', 'get', 'null'],
    ['put: full, item: 2', 'put', 'false'],
    ['recv: link', 'recv', 'null'],
    ['send: back, item: 2', 'send', 'false'],
    ['result: r', 'result', 'null'],
    ['join: other', 'join', 'false'],
    ['join: jobs', 'join', 'false'],
    ['with: l, do: [{ print: never }]', 'with', 'false'],
  ] as const;
  const spec = (step: string): string => `
on_failure: continue
locks: { l: }
events: { e: }
barriers: { b: { parties: 2 } }
queues: { q: , full: { capacity: 1, items: [1] }, jobs: { items: [1] } }
pipes: { link: { from: other, to: a }, back: { from: a, to: other, capacity: 1 } }
pools: { slow: { workers: 1, command: sleep 40 } }
processes:
  other: { command: sleep 50, with: l, uses: { e: set, b: wait, q: put, full: get, jobs: [get, task_done] } }
  a: { steps: [{ send: back, item: 1 }, { submit: slow, item: x, as: r }, { sleep: 10ms }, ${step}] }
`;

  it.each(waits)('%s, timeout: fails', (step, verb) => {
    const played = play(spec(`{ ${step}, timeout: 20ms }`));
    expect(played.ended('a')).toMatchObject({ at: 30, state: 'failed', why: `\`${verb}\` timed out after 20ms` });
  });

  it.each(waits)('%s, block: false and on_timeout: continue: goes on at once with %3$s', (step, _, value) => {
    const played = play(spec(`{ ${step}, block: false, on_timeout: continue, as: v }, { print: "\${{ vars.v || 'null' }}" }`));
    expect(played.endedAt('a')).toBe(10);
    expect(played.lines('a')).toEqual([value]);
  });

  it.each(waits)('%s, on_timeout: [steps]: runs these instead', (step) => {
    const played = play(spec(`{ ${step}, timeout: 20ms, on_timeout: [{ print: instead }, { sleep: 1ms }] }, { print: after }`));
    expect(played.lines('a')).toEqual(['instead', 'after']);
    expect(played.ended('a')).toMatchObject({ at: 31, state: 'succeeded' });
  });

  it('continues by default where `as` takes a true or false, and fails elsewhere', () => {
    expect(play(spec('{ acquire: l, block: false, as: v }, { print: "${{ vars.v }}" }')).lines('a')).toEqual(['false']);
    expect(play(spec('{ get: q, block: false, as: v }')).ended('a').state).toBe('failed');
  });

  it('ends a run step with the stop signal', () => {
    const played = play(specOf('', '{ run: forever, timeout: 30ms, on_timeout: [{ print: late }] }'));
    expect(played.signalsTo('a')).toEqual(['SIGTERM at 30']);
    expect(played.lines('a')).toEqual(['late']);
  });

  it('leaves the variable of an `each` null and unset', () => {
    const played = play(specOf(
      'queues: { q: { items: [x] } }\ndaemons: { d: { command: forever, uses: { q: put } } }',
      '{ each: q, as: i, timeout: 40ms, on_timeout: continue, do: [{ print: "${{ vars.i }}" }] }, { print: "[${{ vars.i || \'none\' }}]" }, { run: "print [$i]" }',
    ));
    expect(played.lines('a')).toEqual(['x', '[none]', '[]']);
  });

  it('limits each item of an `each`', () => {
    const played = play(specOf(
      'queues: { q: { items: [x] } }\ndaemons: { d: { command: forever, uses: { q: put } } }',
      '{ each: q, timeout: 40ms, on_timeout: continue, do: [{ print: item }, { sleep: 30ms }] }, { print: after }',
    ));
    expect(played.lines('a')).toEqual(['item', 'after']);
    expect(played.endedAt('a')).toBe(70);
  });
});

describe('failures inside steps', () => {
  it.each([
    ['a leaf', '{ run: exit 1, allow_failure: true, as: v }, { print: "${{ vars.v || \'nothing\' }}" }', ['nothing']],
    ['a with', '{ with: l, allow_failure: true, do: [{ run: exit 1 }, { print: no }] }, { print: after }', ['after']],
    ['an each, which ends', '{ each: q, allow_failure: true, do: [{ print: item }, { run: exit 1 }] }, { print: after }', ['item', 'after']],
    ['a repeat, which ends', '{ repeat: forever, allow_failure: true, do: [{ print: round }, { run: exit 1 }] }, { print: after }', ['round', 'after']],
    ['the innermost that allows it', '{ repeat: 2, allow_failure: true, do: [{ with: l, allow_failure: true, do: [{ run: exit 1 }] }, { print: on }] }', ['on', 'on']],
  ])('are allowed by %s', (_, steps, lines) => {
    const played = play(specOf('locks: { l: }\nqueues: { q: { items: [x, y] } }', steps));
    expect(played.lines('a')).toEqual(lines);
    expect(played.ended('a').state).toBe('succeeded');
  });

  it.each([
    ['result of a task that failed', '{ submit: p, item: 3, as: r }, { result: r }', 'task 0 (`3`) of `p` did not succeed (failed): it exited with 3'],
    ['submit after close', '{ close: p }, { submit: p, item: 0 }', '`a` has closed the pool `p` before'],
    ['start of what is alive', '{ start: later }, { start: later }', '`later` is alive already'],
    ['release of what another holds', '{ acquire: l, block: false, on_timeout: continue }, { release: l }', '`l` is not held by this process'],
    ['notify without the lock', '{ acquire: l, block: false, on_timeout: continue }, { notify: c }', 'the lock of `c` is not held by this process'],
    ['one task_done too many', '{ get: q }, { task_done: q }, { task_done: q }', 'no item of `q` is in hand'],
    ['a wait at an aborted barrier', '{ abort: bar }, { wait: bar }', 'the barrier `bar` is broken: a party timed out, aborted or can no longer arrive'],
    ['a semaphore with a bound', '{ release: s }', '`s` is bounded and has all of its permits already: one release too many'],
    ['exit with what is no code', '{ load: n, as: v }, { exit: "${{ vars.v }}" }', '`exit` wants a code from 0 to 255, not 300'],
    ['a command', '{ run: exit 3 }', '`run` exited with 3'],
    ['a command that a signal ends', '{ run: die SIGKILL }', '`run` was ended by SIGKILL'],
  ])('%s', (_, steps, why) => {
    const played = play(`
on_failure: continue
locks: { l: }
semaphores: { s: { permits: 1, bounded: true } }
conditions: { c: { lock: l } }
queues: { q: { items: [x] } }
barriers: { bar: { parties: 1 } }
values: { n: 300 }
pools: { p: { workers: 1, command: exit $MPCTL_ITEM } }
processes:
  holder: { command: sleep 30, with: l }
  a: { steps: [${steps}], uses: { p: submit } }
  later: { command: sleep 30, autostart: false }
  s1: { steps: [{ sleep: 50ms }, { with: s, do: [{ sleep: 1ms }] }] }
`);
    expect(played.ended('a')).toMatchObject({ state: 'failed', reason: 'step_failed', why });
  });
});

describe('leaving', () => {
  const held = (inside: string): string => `
on_failure: continue
locks: { l: }
queues: { q: { items: [x] } }
events: { never: }
processes:
  a: { steps: [{ repeat: 1, allow_failure: true, do: [{ with: l, do: [{ sleep: 10ms }, ${inside}] }] }, { sleep: 50ms }] }
  b: { steps: [{ sleep: 5ms }, { with: l, do: [{ print: mine }] }] }
  keeper: { command: sleep 80, uses: { never: set } }
`;

  it.each([
    ['its end', '{ print: x }', 10],
    ['a failure caught outside', '{ run: exit 1 }', 10],
    ['exit', '{ exit: 0 }', 10],
    ['end of stream', '{ get: q }, { get: q }', 10],
    ['a timeout caught outside', '{ wait: never, timeout: 15ms }', 25],
  ])('a `with` by %s releases it', (_, inside, atMs) => {
    const played = play(held(inside));
    expect(played.output.filter(({ instance }) => instance === 'b')).toMatchObject([{ atMs, text: 'mine' }]);
  });

  it.each(['terminate', 'kill'])('runs no further step of a process that says `%s` to itself', (verb) => {
    const played = play(specOf('locks: { l: }', `{ with: l, do: [{ ${verb}: a }, { print: no }] }`));
    expect(played.lines('a')).toEqual([]);
    expect(played.ended('a').state).toBe('stopped');
    expect(played.end.exitCode).toBe(0);
  });

  it('end of stream ends the innermost loop only', () => {
    const steps = '{ repeat: 2, as: i, do: [{ repeat: forever, do: [{ get: q, as: x }, { print: "${{ vars.x }}" }] }, { print: "round ${{ vars.i }}" }] }';
    expect(play(specOf('queues: { q: { items: [x, y] } }', steps)).lines('a')).toEqual(['x', 'y', 'round 0', 'round 1']);
    const none = play(specOf('queues: { q: { items: [x], on_consumer_death: redeliver } }', '{ get: q }, { get: q }'));
    expect(none.ended('a').state).toBe('failed');
  });

  it('exit leaves nested `with` and `each` with its code, and the item is done', () => {
    const played = play(`
on_failure: continue
locks: { l: , m: }
queues: { q: { items: [x, y], on_consumer_death: redeliver } }
processes:
  a: { steps: [{ with: l, do: [{ each: q, do: [{ with: m, do: [{ exit: 3 }] }] }] }] }
  b: { steps: [{ sleep: 5ms }, { with: [l, m], do: [{ each: q, as: i, do: [${show('i')}] }] }] }
`);
    expect(played.ended('a')).toMatchObject({ state: 'failed', exitcode: 3 });
    expect(played.lines('b')).toEqual(['y']);
  });

  it('close of a queue ends its stream while the process goes on', () => {
    const played = play(`
queues: { q: }
processes:
  a: { steps: [{ repeat: 2, as: i, do: [{ put: q, item: 1 }] }, { close: q }, { sleep: 50ms }] }
  b: { steps: [{ each: q, do: [{ sleep: 1ms }] }] }
`);
    expect(played.endedAt('b')).toBe(2);
  });
});

describe('conditions, barriers and priorities', () => {
  it.each([
    ['one by default', '', ['w1']],
    ['n', ', count: 2', ['w1', 'w2']],
    ['all', ', count: all', ['w1', 'w2', 'w3']],
  ])('notify wakes %s', (_, count, woken) => {
    const waiter = '{ steps: [{ with: l, do: [{ wait: c, timeout: 50ms, on_timeout: [{ exit: 0 }] }, { print: woken }] }] }';
    const played = play(`
locks: { l: }
conditions: { c: { lock: l } }
processes:
  w1: ${waiter}
  w2: ${waiter}
  w3: ${waiter}
  n: { steps: [{ sleep: 10ms }, { with: l, do: [{ notify: c${count} }] }] }
`);
    expect(played.output.filter(({ text }) => text === 'woken').map(({ instance }) => instance)).toEqual(woken);
  });

  it('abort breaks a barrier for those who wait and those who come, reset mends it', () => {
    const played = play(`
on_failure: continue
barriers: { b: { parties: 2 } }
processes:
  waits: { steps: [{ wait: b, allow_failure: true }, { sleep: 20ms }, { wait: b }, { print: met }] }
  ends: { steps: [{ sleep: 5ms }, { abort: b }, { wait: b, allow_failure: true }, { reset: b }, { wait: b }, { print: met }] }
`);
    expect(played.output.map(({ atMs, text }) => [atMs, text])).toEqual([[25, 'met'], [25, 'met']]);
  });

  it.each([
    ['fifo', 'the first put first', ['c', 'a', 'b', 'b2']],
    ['lifo', 'the last put first', ['b2', 'b', 'a', 'c']],
    ['priority', 'the lowest priority first, equal ones in order of arrival', ['a', 'b', 'b2', 'c']],
  ])('order: %s gives %s', (order, _, items) => {
    const steps = `{ put: q, item: c, priority: 2 }, { put: q, item: a }, { put: q, item: b, priority: 1 }, { put: q, item: b2, priority: 1 }, { close: q }, { each: q, as: i, do: [${show('i')}] }`;
    expect(play(specOf(`queues: { q: { order: ${order} } }`, steps)).lines('a')).toEqual(items);
  });
});

describe('allow_failure', () => {
  it.each([
    ['of a wait', '{ wait: e, timeout: 5ms, on_timeout: [{ run: exit 3 }, { print: never }], allow_failure: true }'],
    ['of an each', '{ each: q, timeout: 5ms, on_timeout: [{ run: exit 3 }, { print: never }], allow_failure: true, do: [{ print: never }] }'],
    ['of a with', '{ with: taken, timeout: 5ms, on_timeout: [{ run: exit 3 }, { print: never }], allow_failure: true, do: [{ print: never }] }'],
  ])('%s covers the steps of its on_timeout', (_, step) => {
    const played = play(`
events: { e: }
queues: { q: }
locks: { taken: }
processes:
  a: { steps: [{ sleep: 1ms }, ${step}, { print: on }] }
  b: { steps: [{ with: taken, do: [{ sleep: 100ms }] }, { set: e }], uses: { q: [put, get] } }
`);
    expect(played.lines('a')).toEqual(['on']);
    expect(played.end.exitCode).toBe(0);
  });

  it('of a step before does not cover the one behind its on_timeout', () => {
    const played = play(`
events: { e: }
processes:
  a: { steps: [{ wait: e, timeout: 5ms, on_timeout: [{ print: late }], allow_failure: true }, { run: exit 3 }] }
  b: { steps: [{ sleep: 20ms }, { set: e }] }
`);
    expect(played.lines('a')).toEqual(['late']);
    expect(played.ended('a').state).toBe('failed');
  });
});

describe('a variable as $NAME', () => {
  const tooLong = 'variable `v` is longer than 128 KiB and cannot be passed on as `$v`';

  it.each([
    ['fits to the last byte', 128 * 1024 - 'v=\0'.length, 0, 'succeeded', 'its last step was done'],
    ['is refused one byte later', 128 * 1024 - 'v='.length, 0, 'failed', tooLong],
    ['is counted in bytes', 1, 64 * 1024, 'failed', tooLong],
  ])('%s', (_, plain, twoByteCharacters, state, why) => {
    const item = JSON.stringify('x'.repeat(plain) + 'é'.repeat(twoByteCharacters));
    const played = play(`
on_failure: continue
queues: { q: { items: [${item}] } }
processes: { a: { steps: [{ get: q, as: v }, { run: sleep 1 }] } }
`);
    expect(played.ended('a')).toMatchObject({ state, why });
  });
});
