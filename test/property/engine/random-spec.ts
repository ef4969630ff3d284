import fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';

/** A spec as data: JSON is YAML, so its text is the spec. */
export type SpecData = { readonly [key: string]: Json };

type Keys = { readonly [key: string]: Json };

/** Which programs and steps a random spec may have. */
export interface SpecBounds {
  /** Programs that never end by themselves; without them every run must come to its end. */
  readonly forever: boolean;
}

const processNames = ['a', 'b', 'c', 'd'] as const;
const locks = ['left', 'right', 'slots'] as const;
const events = ['go', 'over'] as const;

const shortMs = fc.constantFrom(0, 1, 5, 20, 60, 150);
const waitText = fc.constantFrom('0ms', '10ms', '80ms', '400ms');

function programs(bounds: SpecBounds): fc.Arbitrary<string> {
  const ends = fc.oneof(
    { weight: 6, arbitrary: shortMs.map((ms) => `sleep ${ms}`) },
    { weight: 2, arbitrary: shortMs.map((ms) => `print line; sleep ${ms}; exit 3`) },
    { weight: 1, arbitrary: shortMs.map((ms) => `sleep ${ms}; exit 1 | sleep ${ms}; exit 0`) },
    { weight: 1, arbitrary: shortMs.map((ms) => `leave ${ms}; sleep 5`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'cling 3000; exit 0',
        'cling 600; die SIGKILL',
        'fail 127',
        'die SIGSEGV',
        'ignore SIGTERM; sleep 300',
        'trap SIGTERM 40 0; sleep 300',
        'trap SIGTERM 40 5; sleep 300; exit 5',
      ),
    },
  );
  if (!bounds.forever) return ends;
  const never = fc.constantFrom('forever', 'ignore SIGTERM; forever', 'trap SIGTERM 900 0; leave 50; forever', 'trap SIGTERM 20 7; cling 200; forever');
  return fc.oneof({ weight: 3, arbitrary: ends }, { weight: 1, arbitrary: never });
}

/** How a step waits: without limit, with one, or not at all. */
const limits: fc.Arbitrary<Keys> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: waitText.map((timeout) => ({ timeout, on_timeout: 'continue' })) },
  { weight: 1, arbitrary: waitText.map((timeout) => ({ timeout })) },
  { weight: 1, arbitrary: fc.constant({ block: false, on_timeout: 'continue' }) },
);

const spared: fc.Arbitrary<Keys> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ allow_failure: true }) },
);

function waiting(keys: fc.Arbitrary<Keys>): fc.Arbitrary<Json> {
  return fc.tuple(keys, limits, spared).map(([step, limit, sparing]) => ({ ...step, ...limit, ...sparing }));
}

/** Whether a step may lead to another item or task: one for each of them would go on for ever. */
function makesMore(step: Json): boolean {
  return /"(?:put|submit|start)"/.test(JSON.stringify(step));
}

const holds = fc.subarray([...locks], { minLength: 1, maxLength: 2 });

function steps(bounds: SpecBounds, depth: number): fc.Arbitrary<Json[]> {
  const program = programs(bounds);
  const flat: fc.Arbitrary<Json>[] = [
    fc.tuple(program, spared).map(([run, sparing]) => ({ run, ...sparing })),
    program.map((run) => ({ run, timeout: '90ms', allow_failure: true })),
    shortMs.map((ms) => ({ sleep: `${ms}ms` })),
    fc.constant({ print: 'line' }),
    fc.constantFrom(...events).map((set) => ({ set })),
    fc.constantFrom(...events).map((clear) => ({ clear })),
    waiting(fc.constantFrom(...events).map((wait) => ({ wait }))),
    waiting(fc.constant({ wait: 'meet' })),
    waiting(fc.nat(9).map((item) => ({ put: 'work', item }))),
    waiting(fc.constant({ get: 'work', as: 'got' })),
    fc.constant({ close: 'work' }),
    fc.tuple(fc.nat(9), spared).map(([item, sparing]) => ({ submit: 'pool', item, ...sparing })),
    waiting(fc.constant({ join: 'pool' })),
    spared.map((sparing) => ({ start: 'late', ...sparing })),
    waiting(fc.constant({ join: 'late' })),
    fc.constantFrom('terminate', 'kill').map((verb) => ({ [verb]: 'late' })),
    fc.constantFrom<Json[]>({ add: 'counter' }, { store: 'counter', item: 3 }, { load: 'counter', as: 'count' }),
    fc.constantFrom('abort', 'reset').map((verb) => ({ [verb]: 'meet' })),
    fc.constantFrom(true, false).map((sparing) => ({ task_done: 'work', allow_failure: sparing })),
    waiting(fc.constant({ join: 'work' })),
    // A task and its value, which only the same instance can ask for.
    waiting(fc.constant({ result: 'task', as: 'value' })).map((step) => ({ repeat: 1, as: 'once', do: [{ submit: 'pool', item: 1, as: 'task' }, step] })),
    fc.constantFrom(0, 4).map((exit) => ({ exit })),
    fc.constant({ with: ['left'], do: [{ wait: 'changed', timeout: '50ms', on_timeout: 'continue' }] }),
    fc.constant({ with: ['left'], do: [{ wait: 'changed', allow_failure: true }] }),
    fc.constant({ with: ['left'], do: [{ notify: 'changed', count: 'all' }] }),
    fc.constantFrom(0, 9).map((shutdown) => ({ shutdown })),
  ];
  const plain = fc.oneof(...flat);
  if (depth === 0) return fc.array(plain, { minLength: 1, maxLength: 3 });
  const inner = steps(bounds, depth - 1);
  const nested = fc.oneof(
    fc.tuple(holds, inner, limits, spared).map(([held, list, limit, sparing]) => ({ with: held, do: list, ...limit, ...sparing })),
    // One that puts an item for every item that it takes would never end.
    fc.tuple(inner, limits, spared).map(([list, limit, sparing]) => ({
      each: 'work',
      as: 'item',
      do: [{ print: 'item' }, ...list.filter((step) => !makesMore(step))],
      ...limit,
      ...sparing,
    })),
    inner.map((list) => ({ repeat: 2, as: 'round', do: list })),
  );
  return fc.array(fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: nested }), { minLength: 1, maxLength: 4 });
}

/** What the two ends of the pipe do, and whatever else there is to do between that. */
function pipeSteps(bounds: SpecBounds): fc.Arbitrary<Json[]> {
  const pipe = fc.oneof(
    waiting(fc.nat(9).map((item) => ({ send: 'link', item }))),
    waiting(fc.constant({ recv: 'link', as: 'message' })),
    fc.tuple(limits, spared).map(([limit, sparing]) => ({ each: 'link', as: 'message', do: [{ print: 'message' }], ...limit, ...sparing })),
    fc.constant({ close: 'link' }),
  );
  return fc.tuple(fc.array(pipe, { minLength: 1, maxLength: 4 }), steps(bounds, 0)).map(([own, others]) => [...own, ...others]);
}

/** Two programs that are joined by a pipe of the system: both commands, one instance of each. */
function stdioEnds(bounds: SpecBounds): fc.Arbitrary<Record<'gen' | 'sink', Keys>> {
  const command = fc.tuple(programs(bounds), restarts, spared).map(([own, restart, sparing]) => ({ command: own, ...restart, ...sparing }));
  return fc.record({ gen: command, sink: command });
}

/** What a command has beside itself: probes, and a queue on its streams. */
const ofCommands: fc.Arbitrary<Keys> = fc
  .tuple(
    fc.constantFrom<Keys[]>({}, {}, {}, { readiness_probe: { exec: 'up 15', period: '10ms', failure_threshold: 3 } }),
    fc.constantFrom<Keys[]>({}, {}, {}, { liveness_probe: { exec: 'up 0; down 40', period: '15ms', failure_threshold: 2 } }),
    fc.constantFrom<Keys[]>({}, {}, {}, { stdin: { queue: 'work' } }, { stdin: { queue: 'work', format: 'json' } }),
    fc.constantFrom<Keys[]>({}, {}, {}, { stdout: { queue: 'work' } }, { stdout: { queue: 'work', format: 'json' } }, { stderr: { queue: 'work' } }),
  )
  .map((chosen) => Object.fromEntries(chosen.flatMap((keys) => Object.entries(keys))));

/** Chooses each of some keys or leaves it out. */
function some(keys: Record<string, fc.Arbitrary<Json>>, oneIn: number): fc.Arbitrary<Keys> {
  const each = Object.entries(keys).map(([key, value]) =>
    fc.tuple(fc.nat(oneIn - 1), value).map(([dice, chosen]): Keys => (dice === 0 ? { [key]: chosen } : {})),
  );
  return fc.tuple(...each).map((chosen): Keys => Object.fromEntries(chosen.flatMap((one) => Object.entries(one))));
}

const restarts: fc.Arbitrary<Keys> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record({
      restart: fc.constantFrom('on_failure', 'always'),
      max_restarts: fc.constantFrom(1, 2),
      backoff: fc.constant({ initial: '20ms' }),
    }),
  },
);

function work(bounds: SpecBounds, names: readonly string[], dependencies: readonly string[]): fc.Arbitrary<Keys> {
  const body: fc.Arbitrary<Keys> = fc.oneof(
    programs(bounds).map((command) => ({ command })),
    steps(bounds, 1).map((list) => ({ steps: list })),
  );
  const moments = fc.constantFrom('start', 'success', 'failure', 'exit', 'exit');
  const depends = fc
    .tuple(fc.subarray([...dependencies]), fc.array(moments, { minLength: 2, maxLength: 2 }), fc.boolean())
    .map(([chosen, wanted, timed]) =>
      Object.fromEntries(
        chosen.map((name, index) => [name, { condition: wanted[index] ?? 'exit', ...(timed ? { timeout: '200ms' } : {}) }]),
      ),
    );
  const chosen = some(
    {
      with: holds,
      wait_for: fc.constantFrom<Json[]>(['go'], ['over'], ['meet'], [{ name: 'go', timeout: '100ms' }], ['go', 'meet']),
      sets: fc.dictionary(fc.constantFrom('start', 'ready', 'success', 'failure', 'exit'), fc.constantFrom(...events), { minKeys: 1, maxKeys: 2 }),
      allow_failure: fc.constant(true),
      timeout: fc.constantFrom('30ms', '250ms'),
      success_exit_codes: fc.constant([3]),
      replicas: fc.constant(2),
      // A stop command is told from the command itself by its text.
      stop: fc.constantFrom<Json[]>({ grace_period: '100ms' }, { signal: 'SIGINT' }, { grace_period: '300ms', command: 'sleep 21' }),
    },
    5,
  );
  return fc.tuple(body, depends, chosen, restarts, ofCommands).map(([own, dependsOn, keys, restart, ofCommand]) => ({
    ...own,
    ...(Object.keys(dependsOn).length > 0 && names.length > 0 ? { depends_on: dependsOn } : {}),
    ...keys,
    ...restart,
    ...('command' in own ? ofCommand : {}),
  }));
}

/** What the tasks of a long-lived worker make it do. */
const doings = ['1', '7', '30', 'error', 'die', 'killed', 'quit', 'close', 'stray', 'other', 'twice', 'flaky', 'return'] as const;

const workerKeys = some({ initializer: fc.constantFrom('sleep 3', 'sleep 3', 'exit 1'), max_tasks_per_worker: fc.constantFrom(1, 2, 3) }, 4);

function pools(bounds: SpecBounds): fc.Arbitrary<Keys> {
  const body: fc.Arbitrary<Keys> = fc.oneof(
    programs(bounds).map((command) => ({ command })),
    fc
      .tuple(fc.constantFrom('serve', 'serve 2', 'sleep 20; hoard', 'ignore SIGTERM; serve', 'trap SIGTERM 40 0; serve', 'exit 1', 'fail 127', 'serve; cling 300'), fc.constantFrom(1, 1, 2), workerKeys)
      .map(([worker, chunk, keys]) => ({ worker, chunk, ...keys })),
    // A task that makes another would make a pool that never ends.
    steps(bounds, 0).map((list) => ({ steps: [...list.filter((step) => !makesMore(step)), { print: 'done' }] })),
  );
  const chosen = some(
    {
      tasks: fc.oneof(
        fc.constantFrom<Json[]>([1, 2, 3], { range: [1, 4] }, { queue: 'work' }, []),
        fc.array(fc.constantFrom<Json[]>(...doings), { minLength: 1, maxLength: 8 }),
      ),
      with: fc.constantFrom<Json[]>(['slots'], ['left']),
      retry: fc.constant({ attempts: 2, backoff: { initial: '10ms' } }),
      halt: fc.constant({ after: 1 }),
      on_halt: fc.constant('kill'),
      timeout: fc.constant('70ms'),
      order: fc.constant('completion'),
      allow_failure: fc.constant(true),
    },
    3,
  );
  return fc.tuple(body, chosen, fc.constantFrom(1, 2)).map(([own, keys, workers]) => ({ workers, ...own, ...keys }));
}

/** In `finally`: one that is started there, one that nobody comes to start, and who would start both. */
const lateLast: Readonly<Record<string, Json>> = {
  woken: { command: 'sleep 3', autostart: false },
  asleep: { command: 'sleep 3', autostart: false },
  waker: { steps: [{ sleep: '5ms' }, { start: 'woken' }, { join: 'woken' }, { exit: 0 }, { start: 'asleep' }] },
  onwoken: { command: 'sleep 1', depends_on: ['woken'] },
};

function helperSteps(pauses: readonly number[]): Json[] {
  const [first = 0, second = 0, third = 0] = pauses;
  return [
    { sleep: `${first}ms` },
    { set: 'go' },
    { with: ['left'], do: [{ notify: 'changed' }] },
    { start: 'late', allow_failure: true },
    { sleep: `${second}ms` },
    { wait: 'meet', timeout: '50ms', on_timeout: 'continue', allow_failure: true },
    { put: 'work', item: 7, block: false, on_timeout: 'continue', allow_failure: true },
    { sleep: `${third}ms` },
    { set: 'over' },
    { start: 'pool', allow_failure: true },
    { get: 'work', block: false, allow_failure: true },
  ];
}

/** Random small specs of every kind of thing; some are refused before a run, as they should be. */
export function randomSpec(bounds: SpecBounds): fc.Arbitrary<SpecData> {
  const process = (index: number): fc.Arbitrary<Keys> => work(bounds, processNames, processNames.slice(0, index));
  return fc
    .record({
      count: fc.integer({ min: 1, max: 4 }),
      processes: fc.tuple(process(0), process(1), process(2), process(3)),
      late: work(bounds, [], []),
      daemon: fc.option(work({ forever: bounds.forever }, [], [])),
      last: fc.option(work({ forever: bounds.forever }, ['a'], ['a'])),
      // What waits for the end of the daemon, which is stopped after it.
      after: fc.option(work({ forever: bounds.forever }, ['server'], ['server'])),
      pool: pools(bounds),
      talk: fc.option(fc.tuple(pipeSteps(bounds), pipeSteps(bounds), fc.constantFrom(0, 1))),
      raw: fc.option(fc.tuple(stdioEnds(bounds), fc.boolean())),
      pauses: fc.tuple(shortMs, shortMs, shortMs),
      top: some(
        {
          on_failure: fc.constant('continue'),
          timeout: fc.constant('700ms'),
          max_parallel: fc.constantFrom(1, 2),
          stop: fc.constant({ grace_period: '400ms' }),
        },
        4,
      ),
      capacity: fc.constantFrom(0, 1),
      order: fc.constantFrom('fifo', 'lifo', 'priority'),
    })
    .map(({ count, processes, late, daemon, last, after, pool, talk, raw, pauses, top, capacity, order }) => ({
      ...top,
      locks: { left: null, right: { reentrant: true } },
      semaphores: { slots: 2 },
      events: { go: null, over: null },
      conditions: { changed: { lock: 'left' } },
      barriers: { meet: { parties: 2 } },
      queues: { work: { capacity, order, items: [1] } },
      values: { counter: 0 },
      pipes: {
        ...(talk === null ? {} : { link: { between: ['talker', 'listener'], capacity: talk[2] } }),
        ...(raw === null ? {} : { raw: { from: 'gen', to: 'sink', via: 'stdio', pipefail: raw[1] } }),
      },
      processes: {
        ...Object.fromEntries(processes.slice(0, count).map((keys, index): [string, Json] => [processNames[index] ?? 'a', keys])),
        late: { ...late, autostart: false },
        ...(talk === null ? {} : { talker: { steps: talk[0] }, listener: { steps: talk[1] } }),
        ...(raw === null ? {} : raw[0]),
        // Somebody who could do each thing: a thing that nobody can ever do is refused before the run.
        helper: { steps: helperSteps(pauses) },
      },
      ...(daemon === null ? {} : { daemons: { server: daemon } }),
      ...(last === null && (after === null || daemon === null)
        ? {}
        : { finally: { ...(last === null ? {} : { bye: last, ...lateLast }), ...(after === null || daemon === null ? {} : { after }) } }),
      pools: { pool },
    }));
}
