import * as fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';
import { isKeys, type Keys } from './lockable-spec.ts';

/** One change to a spec; some make it one that is refused before the run. */
type Change = (spec: Keys) => Keys;

const names = ['a', 'b', 'c'] as const;
const soon: Keys = { backoff: { initial: '1ms', max: '1ms' } };

function ofProcess(name: string, change: (keys: Keys) => Keys): Change {
  return (spec) => {
    const processes = isKeys(spec['processes']) ? spec['processes'] : {};
    const keys = processes[name];
    return isKeys(keys) ? { ...spec, processes: { ...processes, [name]: change(keys) } } : spec;
  };
}

function stepsOf({ steps }: Keys): readonly Json[] {
  const list: readonly Json[] = Array.isArray(steps) ? steps : [];
  return list;
}

/** Keys of a process, beside what it does. */
const keysOfProcess: readonly Keys[] = [
  { restart: 'on_failure', max_restarts: 1, ...soon },
  { restart: 'on_failure', max_restarts: 2, ...soon },
  { restart: 'on_failure', max_restarts: { count: 1, within: '1s' }, ...soon },
  { timeout: '25ms' },
  { timeout: '25ms', restart: 'on_failure', max_restarts: 1, ...soon },
  { allow_failure: true },
  { replicas: 2 },
  { with: ['slots'] },
  { with: [{ name: 'slots', permits: 2 }] },
  { with: ['again'] },
  { wait_for: [{ name: 'go', timeout: '10ms' }] },
  { wait_for: [{ name: 'meet', timeout: '10ms' }] },
  { wait_for: ['meet', 'over'] },
  { wait_for: ['over'], with: ['left'] },
  { depends_on: { a: { condition: 'failure' } } },
  { depends_on: { b: { condition: 'success', timeout: '10ms' } } },
  { depends_on: { c: { condition: 'start' } } },
  { sets: { failure: 'go' } },
  { sets: { start: 'over', exit: 'go' } },
  { sets: { ready: 'go' } },
  { sets: { success: ['go', 'over'] } },
  { success_exit_codes: [0, 3] },
];

/** Single steps that no other random spec has. */
const strangeSteps: readonly Json[] = [
  { exit: 3 },
  { run: 'exit 1' },
  { run: 'exit 1', allow_failure: true },
  { run: 'sleep 5' },
  { acquire: 'left', block: false, on_timeout: 'continue' },
  { with: ['right'], do: [{ wait: 'go' }], block: false, on_timeout: 'continue' },
  { with: ['right'], do: [{ get: 'work' }], timeout: '10ms', on_timeout: [{ set: 'go' }] },
  { with: ['left'], do: [{ wait: 'changed', timeout: '10ms' }] },
  { with: ['left'], do: [{ wait: 'changed', timeout: '10ms', on_timeout: 'continue' }, { set: 'go' }] },
  { with: ['left'], do: [{ wait: 'changed', timeout: '10ms', on_timeout: [{ put: 'more', item: 1 }] }] },
  { with: ['left'], do: [{ wait: 'changed', block: false, on_timeout: 'continue' }] },
  { with: ['left'], do: [{ notify: 'changed', count: 'all' }] },
  { with: ['left'], do: [{ notify: 'changed', count: 2 }, { wait: 'go' }] },
  { with: ['again'], do: [{ with: ['again'], do: [{ acquire: 'left' }, { release: 'left' }] }] },
  { with: ['again', 'slots'], do: [{ wait: 'meet' }] },
  { wait: 'meet', timeout: '10ms', on_timeout: 'continue' },
  { wait: 'meet', block: false, allow_failure: true },
  { wait: 'go', block: false, on_timeout: 'continue' },
  { wait: 'go', timeout: '10ms', on_timeout: [{ wait: 'over' }] },
  { put: 'work', items: [1, 2, 3] },
  { put: 'more', items: [1, 2], timeout: '10ms', on_timeout: 'continue' },
  { put: 'more', items: [1, 2], timeout: '10ms', on_timeout: [{ exit: 3 }] },
  { put: 'more', item: 1, block: false, on_timeout: 'continue' },
  { get: 'work', block: false, on_timeout: 'continue' },
  { get: 'more', timeout: '10ms', on_timeout: [{ wait: 'over' }] },
  { each: 'work', as: 'item', do: [{ print: 'item' }], timeout: '10ms', on_timeout: 'continue' },
  { each: 'more', as: 'item', do: [{ with: ['left'], do: [{ print: 'item' }] }] },
  { each: 'work', as: 'item', do: [{ exit: 0 }] },
  { join: 'work', timeout: '10ms', on_timeout: 'continue' },
  { join: 'c' },
  { join: 'c', timeout: '10ms', on_timeout: 'continue' },
  { join: 'a', allow_failure: true },
  { repeat: 'forever', as: 'round', do: [{ get: 'work' }, { set: 'go' }] },
  { repeat: [1, 2], as: 'round', do: [{ wait: 'meet' }] },
  { clear: 'over' },
];

/** Keys of the things that they share. */
const ofThings: readonly Change[] = [
  (spec) => ({ ...spec, max_parallel: 1 }),
  (spec) => ({ ...spec, max_parallel: 2 }),
  (spec) => ({ ...spec, barriers: { meet: { parties: 2, timeout: '20ms' } } }),
  (spec) => ({ ...spec, barriers: { meet: { parties: 3 } } }),
  (spec) => ({ ...spec, events: { go: { set: true }, over: null } }),
  (spec) => ({ ...spec, locks: { left: { reentrant: true }, right: null, again: { reentrant: true } } }),
  (spec) => ({ ...spec, queues: { work: { capacity: 1, items: [1] }, more: { capacity: 1, on_consumer_death: 'redeliver' } } }),
  (spec) => ({ ...spec, queues: { work: { capacity: 2, items: [1, 2], on_consumer_death: 'redeliver' }, more: { capacity: 1, order: 'priority' } } }),
  (spec) => ({ ...spec, queues: { work: { items: [1, 2] }, more: { order: 'lifo' } } }),
  (spec) => ({ ...spec, semaphores: { slots: { permits: 2, bounded: true } } }),
];

/** What the program of a process may do beside its steps. */
const uses = fc.dictionary(fc.constantFrom('go', 'over', 'work', 'more', 'meet', 'changed', 'left', 'right', 'slots'), fc.constant(0), { minKeys: 1, maxKeys: 2 }).chain((things) =>
  fc.tuple(
    ...Object.keys(things).map((thing) => {
      const verbs: Json[] = { go: ['set'], over: ['set'], work: ['put', 'get', ['get', 'task_done']], more: ['put', 'get'], meet: ['wait'], changed: ['notify'] }[thing] ?? ['acquire'];
      return fc.constantFrom(...verbs).map((verb) => [thing, verb] as const);
    }),
  ).map((pairs) => Object.fromEntries(pairs)),
);

const commands = fc.constantFrom('exit 0', 'sleep 5', 'sleep 20', 'sleep 5; exit 1', 'exit 1 | sleep 5');

const command: fc.Arbitrary<(keys: Keys) => Keys> = fc
  .record({
    command: commands,
    uses: fc.option(uses),
    streams: fc.constantFrom<Keys[]>({}, {}, {}, { stdout: { queue: 'more' } }, { stdin: { queue: 'work' } }, { readiness_probe: { log_line: 'line' } }),
  })
  .map(({ command: program, uses: used, streams }) => ({ steps: _steps, ...keys }: Keys) => ({ ...keys, command: program, ...(used === null ? {} : { uses: used }), ...streams }));

function daemonOf(name: string, more: Keys): Change {
  return (spec) => {
    const { [name]: keys, ...processes } = isKeys(spec['processes']) ? spec['processes'] : {};
    return isKeys(keys) ? { ...spec, processes, daemons: { [name]: { ...keys, ...more } } } : spec;
  };
}

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...names), fc.constantFrom(...keysOfProcess)).map(([name, more]) => ofProcess(name, (keys) => ({ ...keys, ...more }))) },
  {
    weight: 8,
    arbitrary: fc.tuple(fc.constantFrom(...names), fc.constantFrom(...strangeSteps), fc.nat(3)).map(([name, step, at]) =>
      ofProcess(name, (keys) => ('steps' in keys ? { ...keys, steps: stepsOf(keys).toSpliced(Math.min(at, stepsOf(keys).length), 0, step) } : keys)),
    ),
  },
  { weight: 4, arbitrary: fc.constantFrom(...ofThings) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...names), command).map(([name, make]) => ofProcess(name, make)) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('a', 'c'), fc.constantFrom<Keys[]>({}, {}, { restart: 'on_failure', max_restarts: 1, ...soon }, { restart: 'always', ...soon }, { allow_failure: true })).map(([name, more]) => daemonOf(name, more)) },
);

/** A spec with a few more of all that it may have beside. */
export function varied(specs: fc.Arbitrary<Keys>): fc.Arbitrary<Keys> {
  return fc.tuple(specs, fc.array(change, { minLength: 1, maxLength: 3 })).map(([spec, changes]) => changes.reduce((made, one) => one(made), spec));
}
