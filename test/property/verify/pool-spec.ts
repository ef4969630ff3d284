import * as fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';
import { isKeys, type Keys } from './lockable-spec.ts';

const print: Json = { print: 'x' };

/** What a task holds, and what it does meanwhile. */
const holding = fc.constantFrom<Json>(
  { with: 'left', do: [{ acquire: 'right' }] },
  { with: 'right', do: [{ acquire: 'left' }] },
  { with: 'left', do: [{ put: 'out', item: 1 }] },
  { with: 'right', do: [{ wait: 'go' }] },
  { with: 'slots', do: [{ acquire: 'left' }] },
  { with: 'left', do: [{ run: 'true' }] },
  { with: ['left', 'right'], do: [print] },
);

/** What tasks do: little, so that two of them are soon in each other's way. */
const task: fc.Arbitrary<Json[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: holding },
    { weight: 4, arbitrary: fc.constantFrom<Json>({ put: 'out', item: 1 }, { get: 'work' }, { set: 'go' }, { wait: 'go' }, { run: 'true' }, { run: 'true', allow_failure: true }) },
    { weight: 1, arbitrary: fc.constantFrom<Json>({ exit: 0 }, { exit: 3 }, { clear: 'go' }, { wait: 'meet' }, { join: 'out' }, { acquire: 'left', timeout: '20ms' }, { release: 'slots' }) },
  ),
  { minLength: 1, maxLength: 2 },
);

const plain = fc.constant<Keys>({});
const pool = fc
  .record({
    workers: fc.constantFrom(1, 2, 2, 3),
    tasks: fc.constantFrom<Keys[]>({ tasks: [1] }, { tasks: [1, 2] }, { tasks: [1, 2, 3] }, {}, {}, { tasks: { queue: 'work' } }),
    body: fc.oneof({ weight: 8, arbitrary: task.map((steps): Keys => ({ steps })) }, { weight: 1, arbitrary: fc.constantFrom<Keys[]>({ command: ['true'] }, { command: ['true'], uses: { left: 'acquire', go: 'set' } }) }),
    holds: fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: fc.constantFrom<Keys[]>({ with: ['right'] }, { with: [{ name: 'slots', permits: 2 }] }) }),
    more: fc.oneof(
      { weight: 6, arbitrary: plain },
      { weight: 1, arbitrary: fc.constantFrom<Keys[]>({ allow_failure: true }, { sets: { success: 'go' } }, { sets: { failure: 'go' } }, { wait_for: ['go'] }) },
      { weight: 1, arbitrary: fc.constantFrom<Keys[]>({ halt: { after: 1 } }, { retry: { attempts: 2 } }, { results: { queue: 'out' } }) },
    ),
  })
  .map(({ workers, tasks, body, holds, more }): Keys => ({ workers, ...tasks, ...body, ...holds, ...more }));

const steps: fc.Arbitrary<Json[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<Json>({ acquire: 'left' }, { acquire: 'right' }, { acquire: 'slots' }, { acquire: { name: 'slots', permits: 2 } }) },
    { weight: 4, arbitrary: fc.constantFrom<Json>({ join: 'crew' }, { join: 'crew' }, { join: 'other' }, { submit: 'other', items: [1, 2] }) },
    { weight: 4, arbitrary: fc.constantFrom<Json>({ submit: 'crew', item: 1, as: 'one' }, { result: 'one' }, { submit: 'crew', item: 1, as: 'two' }, { result: 'two' }) },
    { weight: 4, arbitrary: fc.constantFrom<Json>({ set: 'go' }, { wait: 'go' }, { put: 'work', item: 1 }, { get: 'out' }, { wait: 'meet' }, { run: 'true' }, { close: 'work' }, { each: 'out', as: 'x', do: [print] }) },
    { weight: 1, arbitrary: fc.constantFrom<Json>({ kill: 'other' }, { start: 'other' }, { close: 'crew' }, { submit: 'crew', item: 1 }, { release: 'slots' }) },
  ),
  { minLength: 1, maxLength: 4 },
);

/** Leaves out what would be refused before the run: to take what is held, and to wait for the result of nothing. */
function tidy(list: readonly Json[]): Json[] {
  const seen = new Set<Json>();
  return list.filter((step) => {
    const { acquire = null, as = null, result = null } = isKeys(step) ? step : {};
    if (acquire !== null && seen.has(acquire)) return false;
    seen.add(acquire).add(as);
    return result === null || seen.has(result);
  });
}

const waits = fc.oneof(
  { weight: 3, arbitrary: plain },
  { weight: 1, arbitrary: fc.constantFrom<Keys[]>({ depends_on: ['crew'] }, { depends_on: { crew: { condition: 'exit' } } }, { depends_on: { crew: { condition: 'failure' } } }, { depends_on: { other: { condition: 'start' } } }) },
);
const process = fc.tuple(steps, waits).map(([list, more]): Keys => ({ steps: tidy(list), ...more }));

/** Nobody starts it; but for it, a thing of which nobody does one half would be refused before the run. */
const idle: Keys = {
  autostart: false,
  steps: [{ set: 'go' }, { wait: 'go' }, { wait: 'meet', allow_failure: true }, { put: 'work', item: 1 }, { get: 'work' }, { put: 'out', item: 1 }, { get: 'out' }, { submit: 'crew', item: 1 }, { submit: 'other', item: 1 }],
};

/** Random specs with pools whose tasks the others wait for, and that wait for the others. */
export const poolSpec: fc.Arbitrary<Keys> = fc
  .record({ crew: pool, other: pool, p: process, q: process, r: fc.option(process), onFailure: fc.constantFrom('stop', 'continue', 'continue'), capacity: fc.constantFrom(0, 1), limit: fc.constantFrom<Keys[]>({}, {}, {}, { max_parallel: 1 }) })
  .map(({ crew, other, p, q, r, onFailure, capacity, limit }) => ({
    on_failure: onFailure,
    ...limit,
    locks: { left: null, right: null },
    semaphores: { slots: 2 },
    events: { go: null },
    barriers: { meet: { parties: 2 } },
    queues: { work: { capacity, items: [1] }, out: { capacity: 1 } },
    pools: { crew, other },
    processes: { idle, p, q, ...(r === null ? {} : { r }) },
  }));
