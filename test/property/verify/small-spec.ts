import type { Json } from '../../../src/base/json.ts';
import { Draw } from '../../rig/draw.ts';
import { randomFrom } from '../../rig/virtual-random.ts';
import type { Keys } from './lockable-spec.ts';
import { type Cast, SmallSteps, type Thing } from './small-steps.ts';

const soon: Keys = { backoff: { initial: '1ms', max: '1ms' } };
const attempt = ['2ms', '10ms'] as const;

/** What is shared is drawn from these, the more weight the oftener. */
const sharedThings: readonly (readonly [weight: number, thing: readonly Thing[]])[] = [
  [3, ['lock']],
  [2, ['lock', 'other_lock']],
  [1, ['reentrant']],
  [3, ['semaphore']],
  [3, ['event']],
  [1, ['event', 'other_event']],
  [2, ['condition']],
  [2, ['barrier']],
  [4, ['queue']],
  [1, ['queue', 'other_queue']],
  [2, ['pipe']],
  [0.5, ['value']],
  [4, ['pool']],
  [1, ['pool', 'other_pool']],
  [2, ['spare']],
];

/**
 * A spec of two to four processes, daemons, pools and some of `finally` over one to three things that they share, each of them with few
 * steps, and with any key there is: few enough to be looked at as a whole. What its commands do is up to chance (`any`). Many
 * are refused before the run. Equal for equal seeds.
 */
export function smallSpec(seed: number): Keys {
  return new SmallSpec(new Draw(randomFrom(seed))).spec();
}

class SmallSpec {
  readonly #draw: Draw;
  readonly #cast: Cast;
  readonly #steps: SmallSteps;

  constructor(draw: Draw) {
    this.#draw = draw;
    const things = new Set(Array.from({ length: 1 + draw.below(3) }, () => draw.weighted(sharedThings)).flat());
    const works = ['a', 'b', 'c', 'd'].slice(0, draw.weighted([[5, 2], [4, 3], [1, 4]]));
    const last = new Set(draw.chance(0.3) && works.length > 2 ? works.slice(-1) : []);
    this.#cast = { things, works, last };
    this.#steps = new SmallSteps(draw, this.#cast);
  }

  spec(): Keys {
    const { things, works, last } = this.#cast;
    const daemon = this.#draw.chance(0.15) ? this.#draw.oneOf(works) : null;
    const isDaemon = (name: string): boolean => name === daemon && !last.has(name);
    const made = works.map((name) => [name, this.#work(name, isDaemon(name))] as const);
    const group = (isIn: (name: string) => boolean): Keys => Object.fromEntries(made.filter(([name]) => isIn(name)));
    const spare: Keys = things.has('spare') ? { spare: { ...this.#work('spare', false), autostart: false } } : {};
    const pools = this.#steps.pools();
    return {
      on_failure: this.#draw.oneOf(['stop', 'continue', 'continue']),
      ...(this.#draw.chance(0.15) ? { max_parallel: this.#draw.oneOf([1, 2]) } : {}),
      ...this.#things(),
      ...(pools.length === 0 ? {} : { pools: Object.fromEntries(pools.map((name) => [name, this.#pool(name)])) }),
      processes: { ...(this.#draw.chance(0.4) ? { idle: this.#idle() } : {}), ...group((name) => !isDaemon(name) && !last.has(name)), ...spare },
      ...(daemon === null || last.has(daemon) ? {} : { daemons: group(isDaemon) }),
      ...(last.size === 0 ? {} : { finally: group((name) => last.has(name)) }),
    };
  }

  #things(): Keys {
    const { things, works } = this.#cast;
    const draw = this.#draw;
    const locks = { ...(things.has('lock') || things.has('condition') ? { left: draw.chance(0.15) ? { reentrant: true } : null } : {}), ...(things.has('other_lock') ? { right: null } : {}), ...(things.has('reentrant') ? { again: { reentrant: true } } : {}) };
    const queue = (): Json => ({
      capacity: draw.oneOf([0, 1, 1, 2]),
      ...draw.oneOf<Keys>([{}, { items: [1] }, { items: [1, 2] }]),
      ...(draw.chance(0.3) ? { on_consumer_death: 'redeliver' } : {}),
      ...(draw.chance(0.15) ? { order: draw.oneOf(['lifo', 'priority']) } : {}),
    });
    const [first = '', second = ''] = works;
    return {
      ...(Object.keys(locks).length === 0 ? {} : { locks }),
      ...(things.has('semaphore') ? { semaphores: { slots: draw.oneOf<Json>([1, 2, 2, { permits: 0, bounded: false }, { permits: 2, bounded: true }, { permits: 1, bounded: false }, { permits: 2, fair: true }]) } } : {}),
      ...(this.#steps.events().length === 0 ? {} : { events: Object.fromEntries(this.#steps.events().map((name) => [name, draw.chance(0.1) ? { set: true } : null])) }),
      ...(things.has('condition') ? { conditions: { changed: { lock: 'left' } } } : {}),
      ...(things.has('barrier') ? { barriers: { meet: { parties: draw.oneOf([2, 2, 3]), ...(draw.chance(0.2) ? { timeout: draw.oneOf(attempt) } : {}) } } } : {}),
      ...(this.#steps.queues().length === 0 ? {} : { queues: Object.fromEntries(this.#steps.queues().map((name) => [name, queue()])) }),
      ...(things.has('value') ? { values: { count: 0 } } : {}),
      ...(things.has('pipe') ? { pipes: { feed: { ...(draw.chance(0.8) ? { from: first, to: second } : { between: [first, second] }), ...(draw.chance(0.7) ? { capacity: 1 } : {}) } } } : {}),
    };
  }

  #work(name: string, isDaemon: boolean): Keys {
    const draw = this.#draw;
    const isProgram = draw.chance(0.25);
    const restart: Keys = draw.oneOf<Keys>([{ restart: 'on_failure', max_restarts: 1, ...soon }, { restart: 'on_failure', max_restarts: 2, ...soon }, { restart: 'on_failure', max_restarts: { count: 1, within: '1s' }, ...soon }]);
    return {
      ...(isProgram ? this.#program() : { steps: this.#steps.list(name, 1), ...(draw.chance(0.08) ? { stdout: { file: `file_${name}` } } : {}), ...(draw.chance(0.1) ? { uses: this.#uses() } : {}) }),
      ...this.#start(name),
      ...(draw.chance(0.15) ? restart : {}),
      ...(draw.chance(0.12) ? { timeout: draw.oneOf(attempt) } : {}),
      ...(draw.chance(0.12) ? { allow_failure: true } : {}),
      ...(this.#cast.things.has('pipe') ? {} : draw.weighted<Keys>([[86, {}], [8, { replicas: 2 }], [4, { matrix: { side: ['x', 'y'] } }], [2, { matrix: { side: ['x', 'y'], exclude: [{ side: 'y' }] }, replicas: 2 }]])),
      ...(isDaemon && draw.chance(0.2) ? { restart: 'always', ...soon } : {}),
    };
  }

  /** What somebody waits for and takes before his start, and what he sets in his life. */
  #start(name: string): Keys {
    const draw = this.#draw;
    const { works, things, last } = this.#cast;
    const before = [...works.slice(0, works.includes(name) ? works.indexOf(name) : 0), ...this.#steps.pools()].filter((other) => other !== name && (!last.has(other) || last.has(name)));
    const waits = [...this.#steps.events(), ...(things.has('barrier') ? ['meet'] : [])];
    const events = this.#steps.events();
    const timeout = (): Keys => (draw.chance(0.2) ? { timeout: draw.oneOf(attempt) } : {});
    return {
      ...(before.length > 0 && draw.chance(0.25) ? { depends_on: Object.fromEntries(draw.some(before, 0.6).map((other) => [other, { condition: draw.oneOf(['start', 'ready', 'success', 'exit', 'failure', 'success']), ...timeout() }])) } : {}),
      ...(waits.length > 0 && draw.chance(0.2) ? { wait_for: draw.oneOf<Json[]>([[{ name: draw.oneOf(waits), ...timeout() }], waits.slice(0, 2)]) } : {}),
      ...(this.#steps.canHold && draw.chance(0.2) ? { with: [this.#steps.holds()].flat() } : {}),
      ...(events.length > 0 && draw.chance(0.35) ? { sets: Object.fromEntries(Array.from({ length: 1 + draw.below(2) }, () => [draw.oneOf(['start', 'ready', 'success', 'exit', 'failure', 'failure']), draw.chance(0.2) ? [...events] : draw.oneOf(events)])) } : {}),
    };
  }

  #program(): Keys {
    const draw = this.#draw;
    const queues = this.#steps.queues();
    const isFed = queues.length > 0 && draw.chance(0.2);
    return {
      command: isFed ? 'read 1; any' : 'any',
      ...(isFed ? { stdin: { queue: draw.oneOf(queues) } } : {}),
      ...(queues.length > 0 && draw.chance(0.25) ? { [draw.oneOf(['stdout', 'stdout', 'stderr'])]: { queue: draw.oneOf(queues) } } : {}),
      ...(draw.chance(0.5) ? { uses: this.#uses() } : {}),
      ...(draw.chance(0.2) ? { readiness_probe: draw.oneOf<Keys>([{ exec: 'any', period: '2ms', failure_threshold: 2 }, { log_line: 'line', period: '2ms', failure_threshold: 4 }, { log_line: 'line' }, { notify: true }, { notify: true }]) } : {}),
      ...(draw.chance(0.08) ? { liveness_probe: { exec: 'any', period: '3ms', failure_threshold: 1 } } : {}),
      ...(draw.chance(0.1) ? { success_exit_codes: [0, 3] } : {}),
    };
  }

  #uses(): Keys {
    const draw = this.#draw;
    const { things } = this.#cast;
    const all: readonly (readonly [string, Json])[] = [
      ...this.#steps.events().map((name) => [name, 'set'] as const),
      ...this.#steps.queues().map((name) => [name, draw.oneOf<Json>(['put', 'get', ['get', 'task_done'], ['put', 'get']])] as const),
      ...this.#steps.pools().map((name) => [name, 'submit'] as const),
      ...(things.has('barrier') ? [['meet', 'wait'] as const] : []),
      ...(things.has('lock') ? [['left', 'acquire'] as const] : []),
      ...(things.has('semaphore') ? [['slots', 'acquire'] as const] : []),
      ...(things.has('condition') ? [['changed', 'notify'] as const] : []),
      ...(things.has('spare') ? [['spare', 'start'] as const] : []),
    ];
    return Object.fromEntries(draw.some(all, 0.6));
  }

  #pool(name: string): Keys {
    const draw = this.#draw;
    const queues = this.#steps.queues();
    const body = draw.weighted<'steps' | 'command' | 'worker'>([[6, 'steps'], [3, 'command'], [2, 'worker']]);
    const source = draw.weighted<Json>([[2, ['any']], [3, ['any', 'any']], [1, ['any', 'any', 'any']], [3, null], [1, { range: [1, 2] }], [1, { lines: 'lines' }], [queues.length === 0 ? 0 : 4, { queue: queues[0] ?? '' }]]);
    return {
      workers: draw.oneOf([1, 1, 2]),
      ...(body === 'steps' ? { steps: this.#steps.list(name, 1, 2) } : { [body]: body === 'worker' ? 'serve' : 'any', ...(body === 'worker' ? {} : draw.maybe(0.3, () => ({ uses: this.#uses() }))) }),
      ...(body === 'worker' ? this.#worker() : {}),
      ...(source === null ? {} : { tasks: source }),
      ...draw.maybe(0.3, () => ({ halt: { after: draw.oneOf<Json>([1, 1, 2, '50%']) }, ...draw.maybe(0.4, () => ({ on_halt: 'kill' })) })),
      ...draw.maybe(0.15, () => ({ retry: { attempts: 2, backoff: { initial: '1ms', max: '1ms' } } })),
      ...draw.maybe(0.15, () => ({ timeout: draw.oneOf(attempt) })),
      ...draw.maybe(0.15, () => ({ results: queues.length > 0 && draw.chance(0.6) ? { queue: draw.oneOf(queues) } : { file: `results_${name}` } })),
      ...draw.maybe(0.06, () => ({ joblog: `log_${name}` })),
      ...draw.maybe(0.15, () => ({ allow_failure: true })),
      ...draw.maybe(0.1, () => ({ autostart: false })),
      ...draw.maybe(0.1, () => ({ order: 'completion' })),
      ...this.#start(name),
    };
  }

  #worker(): Keys {
    const draw = this.#draw;
    return { ...draw.maybe(0.3, () => ({ initializer: 'any' })), ...draw.maybe(0.2, () => ({ chunk: 2 })), ...draw.maybe(0.15, () => ({ max_tasks_per_worker: 1 })) };
  }

  /** Nobody starts it; but for it, a thing of which nobody does one half would be refused before the run. */
  #idle(): Keys {
    const { things } = this.#cast;
    return {
      autostart: false,
      steps: [
        { sleep: '1ms' },
        ...this.#steps.events().map((set) => ({ set })),
        ...(things.has('barrier') ? [{ wait: 'meet', allow_failure: true }] : []),
        ...this.#steps.queues().flatMap((queue) => [{ put: queue, item: 1 }, { get: queue }]),
        ...(things.has('condition') ? [{ with: ['left'], do: [{ notify: 'changed' }, { wait: 'changed', allow_failure: true }] }] : []),
        ...this.#steps.pools().map((pool) => ({ submit: pool, item: 1 })),
      ],
    };
  }
}
