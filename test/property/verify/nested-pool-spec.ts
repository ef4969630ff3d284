import * as fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';
import type { Keys } from './lockable-spec.ts';

const print: Json = { print: 'x' };
const simple = fc.constantFrom<Json>(print, { with: 'left', do: [print] }, { with: 'right', do: [print] }, { acquire: 'left' }, { acquire: 'slots' }, { put: 'work', item: 1 }, { get: 'work' }, { run: 'true' });

/** Tasks handed to another pool, and waited for, be it while something is held. */
const hands = (pool: string, items: readonly number[]): fc.Arbitrary<Json[]> =>
  fc.tuple(fc.constantFrom(...items), simple, fc.constantFrom<'bare' | 'between' | 'within'>('bare', 'between', 'within')).map(([count, other, how]): Json[] => {
    const submit: Json = count === 1 ? { submit: pool, item: 1, as: 'r' } : { submit: pool, items: Array.from({ length: count }, (_, item) => item), as: 'r' };
    const pair: Json[] = how === 'between' ? [submit, other, { result: 'r' }] : [submit, { result: 'r' }];
    return how === 'within' ? [{ with: 'right', do: pair }] : pair;
  });

const tasks = fc.constantFrom<Json>([1], [1, 2], [1, 2, 3], { queue: 'work' });
const some = fc.array(simple, { maxLength: 1 });

/** Random specs with a pool whose tasks hand tasks to a second one, and be it these to a third, or back to the first. */
export const nestedPoolSpec: fc.Arbitrary<Keys> = fc
  .record({
    before: some,
    outer: fc.oneof({ weight: 4, arbitrary: hands('inner', [1, 1, 2]) }, { weight: 1, arbitrary: hands('outer', [1]) }),
    inner: fc.oneof({ weight: 4, arbitrary: some.map((list) => [...list, print]) }, { weight: 1, arbitrary: hands('third', [1]) }, { weight: 1, arbitrary: hands('outer', [1]) }),
    third: some.map((list) => [...list, print]),
    tasks,
    outerWorkers: fc.constantFrom(1, 2),
    innerWorkers: fc.constantFrom(1, 2),
    holds: fc.constantFrom<Keys>({}, {}, { with: ['left'] }, { halt: { after: 1 } }),
    feeds: fc.array(fc.constantFrom<Json>({ put: 'work', item: 1 }, { get: 'work' }, { with: 'left', do: [{ join: 'inner' }] }, { join: 'outer' }), { maxLength: 2 }),
  })
  .map(({ before, outer, inner, third, tasks: own, outerWorkers, innerWorkers, holds, feeds }) => ({
    on_failure: 'continue',
    locks: { left: null, right: null },
    semaphores: { slots: 2 },
    queues: { work: { capacity: 1, items: [1] } },
    pools: { outer: { workers: outerWorkers, tasks: own, steps: [...before, ...outer] }, inner: { workers: innerWorkers, steps: inner, ...holds }, third: { workers: 1, steps: third } },
    processes: { p: { steps: [...feeds, print] }, idle: { autostart: false, steps: [{ put: 'work', item: 1 }, { get: 'work' }, { submit: 'third', item: 1 }, { submit: 'inner', item: 1 }] } },
  }));
