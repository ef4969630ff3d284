import * as fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';

export type Keys = { readonly [key: string]: Json };

const locks = ['left', 'right'] as const;
const events = ['go', 'over'] as const;

/** Most wait without limit: what times out is stuck nowhere. */
const limit: fc.Arbitrary<Keys> = fc.oneof(
  { weight: 24, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ timeout: '40ms', on_timeout: 'continue' }) },
  { weight: 1, arbitrary: fc.constant({ timeout: '40ms' }) },
  { weight: 1, arbitrary: fc.constant({ timeout: '40ms', on_timeout: [{ set: 'go' }, { acquire: 'right' }, { release: 'right' }] }) },
  { weight: 1, arbitrary: fc.constant({ allow_failure: true }) },
);

const plainHolds = fc.constantFrom<Json>(...locks, ...locks, ...locks, ...locks, 'slots', { name: 'slots', permits: 2 }, 'again', ['left', 'right']);

/** More that is asked for together, and with what is fair in it. */
const fairHolds = fc.constantFrom<Json>('slots', 'slots', 'slots', ...locks, { name: 'slots', permits: 2 }, { name: 'slots', permits: 2 }, 'again', ['slots', 'left'], [{ name: 'slots', permits: 2 }, 'right'], ['slots', 'again'], ['left', 'right']);

function waiting(keys: fc.Arbitrary<Keys>): fc.Arbitrary<Json> {
  return fc.tuple(keys, limit).map(([step, more]) => ({ ...step, ...more }));
}

/** More that a process may do, beside what each of them may. */
type Extra = readonly fc.WeightedArbitrary<Json>[];

/** A few steps that belong together; a `get` at the end of its queue leaves them. */
function together(...list: readonly Json[]): Json {
  return { repeat: 1, as: 'once', do: [...list] };
}

function steps(depth: number, others: readonly string[], extra: Extra, holds = plainHolds): fc.Arbitrary<Json[]> {
  const plain: readonly fc.WeightedArbitrary<Json>[] = [
    ...extra,
    { weight: 3, arbitrary: fc.constantFrom(0, 5, 20).map((ms) => ({ sleep: `${String(ms)}ms` })) },
    { weight: 1, arbitrary: fc.constantFrom<Json>({ run: 'sleep 5' }, { run: 'sleep 50', timeout: '20ms', on_timeout: [{ acquire: 'left' }, { release: 'left' }] }) },
    { weight: 20, arbitrary: waiting(holds.map((acquire) => ({ acquire }))) },
    { weight: 2, arbitrary: fc.constantFrom(...locks, 'again').map((release) => ({ release })) },
    { weight: 2, arbitrary: fc.constantFrom(...events).map((set) => ({ set })) },
    { weight: 1, arbitrary: fc.constant({ clear: 'go' }) },
    { weight: 1, arbitrary: waiting(fc.constantFrom(...events).map((wait) => ({ wait }))) },
    { weight: 1, arbitrary: waiting(fc.constant({ wait: 'meet' })) },
    { weight: 2, arbitrary: waiting(fc.constantFrom('work', 'more').map((put) => ({ put, item: 1 }))) },
    { weight: 1, arbitrary: waiting(fc.constantFrom('work', 'more').map((get) => ({ get }))) },
    { weight: 1, arbitrary: fc.constantFrom<Json>({ close: 'work' }, { close: 'more' }, { exit: 0 }) },
    { weight: 1, arbitrary: waiting(fc.constant({ join: 'work' })) },
    { weight: 1, arbitrary: fc.constantFrom<Json>(together({ get: 'work' }, { task_done: 'work' }), { abort: 'meet' }, { reset: 'meet' }, { add: 'count' }, { store: 'count', item: 7 }, { load: 'count', as: 'seen' }) },
    { weight: 1, arbitrary: fc.constant({ with: ['left'], do: [{ wait: 'changed' }] }) },
    { weight: 1, arbitrary: fc.constant({ with: ['left'], do: [{ notify: 'changed' }] }) },
    ...(others.length === 0 ? [] : [{ weight: 4, arbitrary: waiting(fc.constantFrom(...others).map((join) => ({ join }))) }]),
  ];
  const list = { minLength: 2, maxLength: 4 };
  if (depth === 0) return fc.array(fc.oneof(...plain), list);
  const inner = steps(depth - 1, others, extra, holds);
  const nested: fc.Arbitrary<Json> = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(holds, inner, limit).map(([held, body, more]) => ({ with: held, do: body, ...more })) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('work', 'more'), inner).map(([each, body]) => ({
        each,
        as: 'item',
        // One that puts an item for every item that it takes, or has it put, would never end.
        do: [{ print: 'item' }, ...body.filter((step) => !/"(?:put|start)"/u.test(JSON.stringify(step)))],
      })),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(0, 1, 2, 2, 2), inner).map(([repeat, body]) => ({ repeat, as: 'round', do: body })) },
  );
  return fc.array(fc.oneof(...plain, { weight: 12, arbitrary: nested }), list);
}

/** Whether it is a mapping. */
export function isKeys(value: Json | undefined): value is Keys {
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
 * another one acquires is released at its end, so that a loop does not gather it. A shutdown is in no other list, and nothing stands
 * behind it: it is taken for the end of all, while a run ends one after the other.
 */
function tidy(list: readonly Json[], before: ReadonlyMap<string, number>, isInner: boolean): Json[] {
  const held = new Map(before);
  const acquired: string[] = [];
  const last = list.findIndex(isShutdown);
  const tidied = (last === -1 ? list : list.slice(0, last + 1)).flatMap((step): Json[] => {
    if (!isKeys(step) || (isInner && isShutdown(step))) return [];
    if (typeof step['release'] === 'string') return [released(step, step['release'], held, acquired)];
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

/** A release of what is held, also by a `with` around it, is one of the last; any other fails, which is let pass. */
function released(step: Keys, name: string, held: Map<string, number>, acquired: string[]): Json {
  const has = held.get(name) ?? 0;
  // Of a semaphore it may be another one's.
  if (has === 0) return name === 'slots' ? step : { ...step, allow_failure: true };
  held.set(name, has - 1);
  const last = acquired.lastIndexOf(name);
  if (last !== -1) acquired.splice(last, 1);
  return step;
}

function isShutdown(step: Json): boolean {
  return isKeys(step) && 'shutdown' in step;
}

/** A list with one more step in it. */
function withStep(list: readonly Json[], step: Json, at: number): Json[] {
  return list.toSpliced(at, 0, step);
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

/** What the specs of one kind are made of, beside what all are. */
interface Kind {
  readonly extra: Extra;
  /** How many of `a`, `b` and `c` there are. */
  readonly parts: readonly number[];
  /** Some have a pipe from `a` to `b`. */
  readonly hasPipes: boolean;
  /** Steps of one that nothing but `extra` starts. */
  readonly spare: fc.Arbitrary<Json[]> | null;
  readonly pools: fc.Arbitrary<Keys>;
  /** The semaphore is fair, and there is more to wait for at it. */
  readonly isFair?: boolean;
  /** What the semaphore is otherwise. */
  readonly slots?: fc.Arbitrary<Json>;
}

/** One end that is not used would be refused: who sends, and who receives, come together. */
const sending = fc.constantFrom<Json>({ send: 'feed', item: 1 }, together({ send: 'feed', item: 1 }, { send: 'feed', item: 2 }, { close: 'feed' }));

function specOf({ extra, parts: counts, spare, hasPipes, pools, isFair = false, slots = fc.constant<Json>(isFair ? { permits: 2, fair: true } : 2) }: Kind): fc.Arbitrary<Keys> {
  const holds = isFair ? fairHolds : plainHolds;
  const right: Json = isFair ? { name: 'slots', permits: 2 } : 'right';
  return fc
    .record({
      a: steps(1, ['b'], extra, holds),
      b: steps(1, [], extra, holds),
      c: steps(1, ['b'], extra, holds),
      parts: fc.constantFrom(...counts),
      depends: fc.constantFrom<Keys[]>({}, {}, {}, { depends_on: { a: { condition: 'exit' } } }, { depends_on: { a: { condition: 'success' } } }),
      waits: fc.constantFrom<Keys[]>({}, {}, {}, { wait_for: ['go'] }, { wait_for: ['meet'] }),
      holds: fc.constantFrom<Keys[]>({}, {}, {}, { with: [right] }),
      capacity: fc.constantFrom(0, 1, 2),
      onFailure: fc.constantFrom('stop', 'continue', 'continue'),
      sets: fc.constantFrom<Keys[]>({}, {}, { sets: { success: 'go' } }, { sets: { exit: 'over' } }),
      pipe: hasPipes ? fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.tuple(sending, fc.nat(2), fc.nat(2)) }) : fc.constant(null),
      spare: spare === null ? fc.constant({}) : spare.map((list): Keys => ({ spare: { autostart: false, steps: tidy(list, new Map(), false) } })),
      pools,
      slots,
    })
    .map(({ a, b, c, parts, depends, waits, holds: held, capacity, onFailure, sets, pipe, spare: spares, pools: crews, slots: semaphore }) => {
      const [sends, sendsAt, receivesAt] = pipe ?? [];
      const ofA = sends === undefined ? a : withStep(a, sends, sendsAt ?? 0);
      const ofB = sends === undefined ? b : withStep(b, { recv: 'feed' }, receivesAt ?? 0);
      return {
        on_failure: onFailure,
        locks: { left: null, right: null, again: { reentrant: true } },
        semaphores: { slots: semaphore },
        events: { go: null, over: null },
        conditions: { changed: { lock: 'left' } },
        barriers: { meet: { parties: 2 } },
        queues: { work: { capacity, items: [1] }, more: { capacity: 1 } },
        values: { count: 0 },
        ...(pipe === null ? {} : { pipes: { feed: { from: 'a', to: 'b', capacity: 1 } } }),
        ...crews,
        processes: {
          idle,
          a: { steps: tidy(ofA, new Map(), false), ...sets },
          b: { steps: tidy(ofB, new Map('with' in held ? demandsOf(right) : []), false), ...waits, ...held },
          ...(parts === 3 ? { c: { steps: tidy(c, new Map(), false), ...depends } } : {}),
          ...spares,
        },
      };
    });
}

const noPools = fc.constant<Keys>({});

/**
 * Random specs of processes that are made of steps over a few shared things, so that many of them can
 * get stuck. What their commands do is known: they succeed.
 */
export const lockableSpec = specOf({ extra: [], parts: [2, 3, 3], spare: null, hasPipes: false, pools: noPools });

/** As `lockableSpec`, with a semaphore at which nobody passes who came later. */
export const fairSpec = specOf({ extra: [], parts: [2, 3, 3], spare: null, hasPipes: false, pools: noPools, isFair: true });

/** Steps that give back what the others hold, or what nobody has taken. */
const givesBack: Extra = [
  { weight: 6, arbitrary: fc.constantFrom<Json>({ release: 'slots' }, { release: 'slots', allow_failure: true }, { release: 'slots', allow_failure: true }, { release: { name: 'slots', permits: 2 }, allow_failure: true }) },
  { weight: 12, arbitrary: fc.constantFrom<Json>({ acquire: 'slots' }, { acquire: { name: 'slots', permits: 2 } }, { acquire: { name: 'slots', permits: 2 } }, { acquire: 'slots', timeout: '40ms' }) },
];

/** As `lockableSpec`, with a semaphore that some give back without having it. */
export const looseSpec = specOf({
  extra: givesBack,
  parts: [2, 3, 3],
  spare: null,
  hasPipes: false,
  pools: noPools,
  slots: fc.constantFrom<Json>(2, 2, { permits: 2, bounded: false }, { permits: 0, bounded: false }, { permits: 2, fair: true }),
});

/** As `looseSpec`, with a daemon that refills the semaphore again and again, be it only once others have done something, or with so much at once, or with what else, that it is refused. */
export const refilledSpec: fc.Arbitrary<Keys> = fc
  .tuple(
    looseSpec,
    fc.constantFrom<Json[]>(
      [{ release: 'slots', allow_failure: true }],
      [{ release: 'slots', allow_failure: true }, { sleep: '1ms' }, { with: 'left', do: [{ print: 'x' }] }],
      [{ release: { name: 'slots', permits: 2 }, allow_failure: true }],
      [{ wait: 'go' }, { release: 'slots', allow_failure: true }],
      [{ release: 'slots' }],
      [{ with: 'slots', do: [{ print: 'x' }] }, { release: 'slots', allow_failure: true }],
      [{ release: ['slots', 'others'], allow_failure: true }],
      [{ release: 'slots', allow_failure: true }, { release: 'others', allow_failure: true }],
      [{ join: 'work' }, { release: 'slots', allow_failure: true }],
      [{ get: 'work', allow_failure: true }, { release: 'slots', allow_failure: true }],
      [{ with: 'right', do: [{ release: 'slots', allow_failure: true }] }],
      [{ with: 'left', do: [{ wait: 'changed', timeout: '1ms', on_timeout: [{ release: 'slots', allow_failure: true }], allow_failure: true }] }],
    ),
    fc.constantFrom<Keys>({}, {}, {}, { with: ['left'] }, { depends_on: ['a'] }, { restart: 'always' }, { restart: 'on_failure', max_restarts: 1 }),
  )
  .map(([spec, refill, more]) => ({
    ...spec,
    semaphores: { ...(isKeys(spec['semaphores']) ? spec['semaphores'] : {}), others: 1 },
    daemons: { refill: { steps: [{ repeat: 'forever', do: refill }], ...more } },
  }));

/** As `lockableSpec`, with a pipe in some of them. */
export const pipedSpec = specOf({ extra: [], parts: [2, 3, 3], spare: null, hasPipes: true, pools: noPools });

/** As `lockableSpec`, with two processes in `finally`. */
export const stoppedToTheLast: fc.Arbitrary<Keys> = fc
  .tuple(lockableSpec, steps(1, [], []), steps(1, [], []), fc.constantFrom<Keys[]>({}, { depends_on: { a: { condition: 'exit' } } }, { depends_on: ['bye'] }))
  .map(([spec, bye, last, depends]) => ({
    ...spec,
    finally: { bye: { steps: tidy(bye, new Map(), false) }, last: { steps: tidy(last, new Map(), false), ...depends } },
  }));

/** As `stoppedToTheLast`, where `finally` has the other end of a pipe of a process, and joins others before and after it reads. */
export const readAtTheLast: fc.Arbitrary<Keys> = fc
  .record({
    spec: lockableSpec,
    bye: steps(1, ['a', 'b', 'last'], []),
    last: steps(1, ['a', 'b'], []),
    capacity: fc.constantFrom(1, 2),
    sender: fc.constantFrom('a', 'a', 'last'),
    sends: sending,
    sendsAt: fc.nat(2),
    receivesAt: fc.nat(3),
  })
  .map(({ spec, bye, last, capacity, sender, sends, sendsAt, receivesAt }) => {
    const processes = isKeys(spec['processes']) ? spec['processes'] : {};
    const a = isKeys(processes['a']) ? processes['a'] : {};
    const ofA = Array.isArray(a['steps']) ? a['steps'] : [];
    return {
      ...spec,
      pipes: { feed: { from: sender, to: 'bye', capacity } },
      processes: sender === 'a' ? { ...processes, a: { ...a, steps: withStep(ofA, sends, sendsAt) } } : processes,
      finally: {
        bye: { steps: tidy(withStep(bye, { recv: 'feed' }, receivesAt), new Map(), false) },
        last: { steps: tidy(sender === 'last' ? withStep(last, sends, sendsAt) : last, new Map(), false) },
      },
    };
  });

const startsLast: Extra = [
  { weight: 6, arbitrary: fc.constantFrom<Json>({ start: 'later' }, { start: 'late' }, { start: 'late', allow_failure: true }) },
  { weight: 3, arbitrary: fc.constantFrom<Json>({ join: 'later' }, { join: 'late' }, { terminate: 'late' }, { kill: 'later' }) },
];

/** As `stoppedToTheLast`, with a process and one of `finally` that only `finally` starts. */
export const startedToTheLast: fc.Arbitrary<Keys> = fc
  .record({ spec: lockableSpec, bye: steps(1, [], startsLast), last: steps(1, [], startsLast), later: steps(0, [], []), late: steps(0, [], []) })
  .map(({ spec, bye, last, later, late }) => ({
    ...spec,
    processes: { ...(isKeys(spec['processes']) ? spec['processes'] : {}), later: { autostart: false, steps: tidy(later, new Map(), false) } },
    finally: {
      bye: { steps: tidy([{ start: 'later' }, ...bye, { join: 'later' }], new Map(), false) },
      last: { steps: tidy(last, new Map(), false) },
      late: { autostart: false, steps: tidy(late, new Map(), false) },
    },
  }));

/** The same after failures that stop nothing. */
export const lockableToTheLast: fc.Arbitrary<Keys> = fc.oneof(stoppedToTheLast, startedToTheLast).map((spec) => ({ ...spec, on_failure: 'continue' }));

/** Steps that end others, or all, or start others anew; and some that give back what others hold. */
const orders: Extra = [
  { weight: 2, arbitrary: fc.constantFrom<Json>({ release: 'slots' }, { release: 'slots', allow_failure: true }, { release: { name: 'slots', permits: 2 }, allow_failure: true }) },
  { weight: 4, arbitrary: fc.constant<Json>({ start: 'spare' }) },
  { weight: 2, arbitrary: fc.constantFrom<Json>({ terminate: 'spare' }, { kill: 'spare' }, { join: 'spare' }) },
  { weight: 1, arbitrary: fc.constant<Json>({ shutdown: 0 }) },
];
const spareSteps = steps(0, [], []);

/**
 * As `pipedSpec`, with steps that start and end others.
 */
export const orderingSpec = specOf({ extra: orders, parts: [2], spare: spareSteps, hasPipes: true, pools: noPools });

/** As `orderingSpec`, with a semaphore at which nobody passes who came later. */
export const fairOrderingSpec = specOf({ extra: orders, parts: [2], spare: steps(0, [], [], fairHolds), hasPipes: true, pools: noPools, isFair: true });

/** Steps that give a pool its tasks, and wait for what comes of them. */
const submits: Extra = [
  { weight: 1, arbitrary: fc.constant<Json>({ submit: 'crew', item: 1 }) },
  { weight: 2, arbitrary: fc.constant(together({ submit: 'crew', item: 1, as: 'task' }, { result: 'task' })) },
];
const crew = fc
  .record({
    workers: fc.constantFrom(1, 1, 2),
    tasks: fc.constantFrom<Json[][]>([1], [1], [1, 2], []),
    task: fc.constantFrom<Json[]>({ sleep: '5ms' }, { with: ['left'], do: [{ sleep: '5ms' }] }, { with: ['right'], do: [{ acquire: 'left' }, { release: 'left' }] }),
    holds: fc.constantFrom<Keys[]>({}, {}, {}, { with: ['right'] }, { with: [{ name: 'slots', permits: 2 }] }),
  })
  .map(({ workers, tasks, task, holds }): Keys => ({ pools: { crew: { workers, ...(tasks.length === 0 ? {} : { tasks }), steps: [task], ...holds } } }));

/** As `orderingSpec`, with every step there is. */
export const everyStepSpec = specOf({
  extra: [...orders, ...submits],
  parts: [2],
  spare: spareSteps,
  hasPipes: true,
  pools: crew,
});

const fragileCrew = fc
  .record({
    workers: fc.constantFrom(1, 2),
    tasks: fc.constantFrom<Json[][]>([1], [1, 2], [1, 2, 3]),
    task: fc.array(fc.constantFrom<Json>({ sleep: '5ms' }, { with: ['left'], do: [{ sleep: '5ms' }] }, { get: 'more' }, { set: 'go' }, { exit: 1 }, { exit: 1 }), { minLength: 1, maxLength: 2 }),
    ends: fc.constantFrom<Json>({ exit: 0 }, { exit: 1 }, { exit: 1 }),
    holds: fc.constantFrom<Keys[]>({}, {}, { with: ['right'] }),
    // Of several failures the model knows a little later than the pool that they are enough.
    halt: fc.constantFrom<Keys[]>({}, { halt: { after: 1 } }, { halt: { after: 1 } }),
  })
  .map(({ workers, tasks, task, ends, holds, halt }): Keys => ({ pools: { crew: { workers, tasks, steps: [...task, ends], ...holds, ...halt } } }));

/** As `lockableSpec`, with a pool of which tasks may fail, that a failure may halt, and that somebody waits for. */
export const fragilePoolSpec: fc.Arbitrary<Keys> = fc
  .tuple(specOf({ extra: [{ weight: 2, arbitrary: fc.constant<Json>({ join: 'crew' }) }], parts: [2], spare: null, hasPipes: false, pools: fragileCrew }), fc.constantFrom<Json>(['crew'], { crew: { condition: 'failure' } }, { crew: { condition: 'exit' } }))
  .map(([spec, depends]) => {
    const processes = isKeys(spec['processes']) ? spec['processes'] : {};
    return { ...spec, processes: { ...processes, b: { ...(isKeys(processes['b']) ? processes['b'] : {}), depends_on: depends } } };
  });
