import * as fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';

type Keys = { readonly [key: string]: Json };

const locks = ['left', 'right'] as const;
const events = ['go', 'over'] as const;

/** Most wait without limit: what times out is stuck nowhere. */
const limit: fc.Arbitrary<Keys> = fc.oneof(
  { weight: 24, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ timeout: '40ms', on_timeout: 'continue' }) },
  { weight: 1, arbitrary: fc.constant({ timeout: '40ms' }) },
  { weight: 1, arbitrary: fc.constant({ allow_failure: true }) },
);

const holds = fc.constantFrom<Json>(...locks, ...locks, ...locks, 'slots', { name: 'slots', permits: 2 }, 'again', ['left', 'right']);

function waiting(keys: fc.Arbitrary<Keys>): fc.Arbitrary<Json> {
  return fc.tuple(keys, limit).map(([step, more]) => ({ ...step, ...more }));
}

function steps(depth: number, others: readonly string[]): fc.Arbitrary<Json[]> {
  const plain: readonly fc.WeightedArbitrary<Json>[] = [
    { weight: 3, arbitrary: fc.constantFrom(0, 5, 20).map((ms) => ({ sleep: `${String(ms)}ms` })) },
    { weight: 1, arbitrary: fc.constant({ run: 'sleep 5' }) },
    { weight: 20, arbitrary: waiting(holds.map((acquire) => ({ acquire }))) },
    { weight: 2, arbitrary: fc.constantFrom(...events).map((set) => ({ set })) },
    { weight: 1, arbitrary: fc.constant({ clear: 'go' }) },
    { weight: 1, arbitrary: waiting(fc.constantFrom(...events).map((wait) => ({ wait }))) },
    { weight: 1, arbitrary: waiting(fc.constant({ wait: 'meet' })) },
    { weight: 2, arbitrary: waiting(fc.constantFrom('work', 'more').map((put) => ({ put, item: 1 }))) },
    { weight: 1, arbitrary: waiting(fc.constantFrom('work', 'more').map((get) => ({ get }))) },
    { weight: 1, arbitrary: fc.constantFrom<Json>({ close: 'work' }, { close: 'more' }, { exit: 0 }) },
    { weight: 1, arbitrary: waiting(fc.constant({ join: 'work' })) },
    { weight: 1, arbitrary: fc.constant({ with: ['left'], do: [{ wait: 'changed' }] }) },
    { weight: 1, arbitrary: fc.constant({ with: ['left'], do: [{ notify: 'changed' }] }) },
    ...(others.length === 0 ? [] : [{ weight: 4, arbitrary: waiting(fc.constantFrom(...others).map((join) => ({ join }))) }]),
  ];
  const list = { minLength: 2, maxLength: 4 };
  if (depth === 0) return fc.array(fc.oneof(...plain), list);
  const inner = steps(depth - 1, others);
  const nested: fc.Arbitrary<Json> = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(holds, inner, limit).map(([held, body, more]) => ({ with: held, do: body, ...more })) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('work', 'more'), inner).map(([each, body]) => ({
        each,
        as: 'item',
        // One that puts an item for every item that it takes would never end.
        do: [{ print: 'item' }, ...body.filter((step) => !JSON.stringify(step).includes('"put"'))],
      })),
    },
    { weight: 1, arbitrary: inner.map((body) => ({ repeat: 2, as: 'round', do: body })) },
  );
  return fc.array(fc.oneof(...plain, { weight: 10, arbitrary: nested }), list);
}

function isKeys(value: Json | undefined): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function demandsOf(held: Json | undefined): readonly (readonly [string, number])[] {
  const list: readonly Json[] = Array.isArray(held) ? held : [held ?? null];
  return list.flatMap((one): (readonly [string, number])[] => {
    if (typeof one === 'string') return [[one, 1]];
    return isKeys(one) && typeof one['name'] === 'string' ? [[one['name'], Number(one['permits'])]] : [];
  });
}

const permits: ReadonlyMap<string, number> = new Map([['left', 1], ['right', 1], ['slots', 2], ['again', 9]]);

/**
 * Leaves out what would be refused before the run: an acquire of what is held already. What a list inside
 * another one acquires is released at its end, so that a loop does not gather it. Nothing stands behind an
 * exit, and none is in another list: whoever has not come to it may think that what stands there will still be done.
 */
function tidy(list: readonly Json[], before: ReadonlyMap<string, number>, isInner: boolean): Json[] {
  const held = new Map(before);
  const acquired: string[] = [];
  const exit = list.findIndex((step) => isKeys(step) && 'exit' in step);
  const tidied = (exit === -1 ? list : list.slice(0, exit + 1)).flatMap((step): Json[] => {
    if (!isKeys(step) || (isInner && 'exit' in step)) return [];
    const demands = demandsOf(step['acquire'] ?? step['with'] ?? []);
    const fits = demands.every(([name, count]) => (held.get(name) ?? 0) + count <= (permits.get(name) ?? 0));
    if (!fits) return [{ sleep: '5ms' }];
    const inside = new Map(held);
    for (const [name, count] of demands) inside.set(name, (inside.get(name) ?? 0) + count);
    if ('acquire' in step) {
      for (const [name, count] of demands) {
        held.set(name, (held.get(name) ?? 0) + count);
        // A list in which it may have timed out does not know whether it has it.
        if (!('timeout' in step) && !('allow_failure' in step)) acquired.push(...Array.from({ length: count }, () => name));
      }
    }
    return [Array.isArray(step['do']) ? { ...step, do: tidy(step['do'], inside, true) } : step];
  });
  return isInner ? [...tidied, ...acquired.map((name) => ({ release: name }))] : tidied;
}

/** Nobody starts it; but for it, a thing of which nobody does one half would be refused before the run. */
const idle: Keys = {
  autostart: false,
  steps: [
    { set: 'go' },
    { set: 'over' },
    { wait: 'meet', allow_failure: true },
    { put: 'work', item: 1 },
    { get: 'work' },
    { put: 'more', item: 1 },
    { get: 'more' },
    { with: ['left'], do: [{ notify: 'changed' }, { wait: 'changed', allow_failure: true }] },
  ],
};

/**
 * Random specs of processes that are made of steps over a few shared things, so that many of them can
 * get stuck. What their commands do is known: they succeed.
 */
export const lockableSpec: fc.Arbitrary<Keys> = fc
  .record({
    a: steps(1, ['b']),
    b: steps(1, []),
    c: steps(1, ['b']),
    parts: fc.constantFrom(2, 3, 3),
    depends: fc.constantFrom<Keys[]>({}, {}, {}, { depends_on: { a: { condition: 'exit' } } }, { depends_on: { a: { condition: 'success' } } }),
    waits: fc.constantFrom<Keys[]>({}, {}, {}, { wait_for: ['go'] }, { wait_for: ['meet'] }),
    holds: fc.constantFrom<Keys[]>({}, {}, {}, { with: ['right'] }),
    capacity: fc.constantFrom(0, 1, 2),
    onFailure: fc.constantFrom('stop', 'continue', 'continue'),
    sets: fc.constantFrom<Keys[]>({}, {}, { sets: { success: 'go' } }, { sets: { exit: 'over' } }),
  })
  .map(({ a, b, c, parts, depends, waits, holds: held, capacity, onFailure, sets }) => ({
    on_failure: onFailure,
    locks: { left: null, right: null, again: { reentrant: true } },
    semaphores: { slots: 2 },
    events: { go: null, over: null },
    conditions: { changed: { lock: 'left' } },
    barriers: { meet: { parties: 2 } },
    queues: { work: { capacity, items: [1] }, more: { capacity: 1 } },
    processes: { idle, a: { steps: tidy(a, new Map(), false), ...sets }, b: { steps: tidy(b, new Map('with' in held ? [['right', 1]] : []), false), ...waits, ...held }, ...(parts === 3 ? { c: { steps: tidy(c, new Map(), false), ...depends } } : {}) },
  }));

/** The same with two processes in `finally`, after failures that stop nothing. */
export const lockableToTheLast: fc.Arbitrary<Keys> = fc
  .tuple(lockableSpec, steps(1, []), steps(1, []), fc.constantFrom<Keys[]>({}, { depends_on: { a: { condition: 'exit' } } }, { depends_on: ['bye'] }))
  .map(([spec, bye, last, depends]) => ({
    ...spec,
    on_failure: 'continue',
    finally: { bye: { steps: tidy(bye, new Map(), false) }, last: { steps: tidy(last, new Map(), false), ...depends } },
  }));
