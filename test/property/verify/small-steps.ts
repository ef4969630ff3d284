import type { Json } from '../../../src/base/json.ts';
import type { Draw } from '../../rig/draw.ts';
import type { Keys } from './lockable-spec.ts';

/** Things that a small spec may have, by the one name that each has there. */
export const kindsOfThings = {
  lock: 'left',
  other_lock: 'right',
  reentrant: 'again',
  semaphore: 'slots',
  event: 'go',
  other_event: 'over',
  condition: 'changed',
  barrier: 'meet',
  queue: 'work',
  other_queue: 'more',
  pipe: 'feed',
  value: 'count',
  pool: 'crew',
  other_pool: 'gang',
  spare: 'spare',
} as const;
export type Thing = keyof typeof kindsOfThings;

/** What a small spec is made of. */
export interface Cast {
  readonly things: ReadonlySet<Thing>;
  /** Processes, daemons and those of `finally`, in the order of their names. */
  readonly works: readonly string[];
  /** Of these those of `finally`. */
  readonly last: ReadonlySet<string>;
}

/** Where a step stands. */
interface Where {
  readonly who: string;
  readonly depth: number;
  /** Within a loop that ends only with what it takes, so that nothing in it may make more of that. */
  readonly isLoop: boolean;
}

type Maker = readonly [weight: number, make: () => Json];

/** Draws steps over what there is in a cast. */
export class SmallSteps {
  readonly #draw: Draw;
  readonly #cast: Cast;

  constructor(draw: Draw, cast: Cast) {
    this.#draw = draw;
    this.#cast = cast;
  }

  /** A few steps of somebody. */
  list(who: string, depth: number, most = 4): Json[] {
    return this.#steps({ who, depth, isLoop: false }, most);
  }

  /** A hold, or a few, of what there is. */
  holds(): Json {
    const single: readonly Json[] = [
      ...(this.#has('lock') || this.#has('condition') ? ['left'] : []),
      ...(this.#has('other_lock') ? ['right'] : []),
      ...(this.#has('reentrant') ? ['again'] : []),
      ...(this.#has('semaphore') ? ['slots', 'slots', { name: 'slots', permits: 2 }] : []),
    ];
    const one = this.#draw.oneOf(single);
    if (!this.#draw.chance(0.15)) return one;
    const other = this.#draw.oneOf(single);
    return nameOf(one) === nameOf(other) ? one : [one, other];
  }

  get canHold(): boolean {
    return (['lock', 'other_lock', 'reentrant', 'semaphore', 'condition'] as const).some((thing) => this.#has(thing));
  }

  events(): readonly string[] {
    return (['event', 'other_event'] as const).flatMap((thing) => (this.#has(thing) ? [kindsOfThings[thing]] : []));
  }

  queues(): readonly string[] {
    return (['queue', 'other_queue'] as const).flatMap((thing) => (this.#has(thing) ? [kindsOfThings[thing]] : []));
  }

  pools(): readonly string[] {
    return (['pool', 'other_pool'] as const).flatMap((thing) => (this.#has(thing) ? [kindsOfThings[thing]] : []));
  }

  #has(thing: Thing): boolean {
    return this.#cast.things.has(thing);
  }

  #steps(where: Where, most: number): Json[] {
    return Array.from({ length: 1 + this.#draw.below(most) }, () => this.#step(where));
  }

  #step(where: Where): Json {
    const ofThings = [...this.#ofHolds(where), ...this.#ofEvents(), ...this.#ofMeetings(), ...this.#ofQueues(where), ...this.#ofPipe(where), ...this.#ofPools(where)];
    const make = this.#draw.weighted([...ofThings, ...this.#ofOthers(where), ...this.#plain(where)]);
    return make();
  }

  /** With whatever else a step that waits may have. */
  #waits(step: Keys, where: Where | null = null): Json {
    return { ...step, ...(this.#draw.chance(0.3) ? this.#limit(where) : {}) };
  }

  #limit(where: Where | null): Keys {
    const { who = '', depth = 0 } = where ?? {};
    const instead: Json = where === null ? 'continue' : this.#steps({ who, depth: Math.min(depth, 0), isLoop: true }, 1);
    const timeout = this.#draw.oneOf(['1ms', '4ms', '15ms']);
    return this.#draw.oneOf<Keys>([
      { timeout },
      { timeout, on_timeout: 'continue' },
      { timeout, on_timeout: instead },
      { block: false, on_timeout: this.#draw.chance(0.7) ? 'continue' : instead },
      { block: false, allow_failure: true },
      { allow_failure: true },
      { allow_failure: true },
    ]);
  }

  #spared(step: Keys): Json {
    return this.#draw.chance(0.3) ? { ...step, allow_failure: true } : step;
  }

  #ofHolds(where: Where): readonly Maker[] {
    if (!this.canHold) return [];
    const inner = { ...where, depth: where.depth - 1 };
    return [
      [4, () => this.#waits({ acquire: this.holds() }, where)],
      [2, () => this.#spared({ release: this.holds() })],
      ...(where.depth > 0 ? ([[5, () => this.#waits({ with: this.holds(), do: this.#steps(inner, 3) }, where)]] as const) : []),
    ];
  }

  #ofEvents(): readonly Maker[] {
    const events = this.events();
    if (events.length === 0) return [];
    const event = (): string => this.#draw.oneOf(events);
    return [
      [3, () => ({ set: event() })],
      [3, () => this.#waits({ wait: event() })],
      [0.5, () => ({ clear: event() })],
    ];
  }

  #ofMeetings(): readonly Maker[] {
    const ofBarrier: readonly Maker[] = [
      [4, () => this.#waits({ wait: 'meet' })],
      [0.6, () => ({ abort: 'meet' })],
      [0.6, () => ({ reset: 'meet' })],
    ];
    const within = (...list: readonly Json[]): Json => ({ with: 'left', do: [...list] });
    const ofCondition: readonly Maker[] = [
      [3, () => within(this.#waits({ wait: 'changed' }))],
      [3, () => within({ notify: 'changed', ...this.#draw.oneOf<Keys>([{}, {}, { count: 2 }, { count: 'all' }]) })],
    ];
    return [...(this.#has('barrier') ? ofBarrier : []), ...(this.#has('condition') ? ofCondition : [])];
  }

  #ofQueues(where: Where): readonly Maker[] {
    const queues = this.queues();
    if (queues.length === 0) return [];
    const queue = (): string => this.#draw.oneOf(queues);
    const inner = { ...where, depth: where.depth - 1, isLoop: true };
    const puts: readonly Maker[] = [[4, () => this.#waits({ put: queue(), ...this.#draw.oneOf<Keys>([{ item: 1 }, { item: 1 }, { items: [1, 2] }, { items: [] }]) }, where)]];
    return [
      ...(where.isLoop ? [] : puts),
      [3, () => this.#waits({ get: queue() }, where)],
      [1, () => ({ close: queue() })],
      [1, () => this.#waits({ join: queue() })],
      [0.7, () => this.#spared({ task_done: queue() })],
      ...(where.depth > 0 ? ([[3, () => this.#waits({ each: queue(), as: 'item', do: this.#steps(inner, 2) }, where)]] as const) : []),
    ];
  }

  /** Of the pipe the first work has one end and the second the other. */
  #ofPipe(where: Where): readonly Maker[] {
    if (!this.#has('pipe')) return [];
    const [sender, receiver] = this.#cast.works;
    if (where.who === sender) return [...(where.isLoop ? [] : ([[4, () => this.#waits({ send: 'feed', item: 1 }, where)]] as const)), [1, () => ({ close: 'feed' })]];
    if (where.who !== receiver) return [];
    const inner = { ...where, depth: where.depth - 1, isLoop: true };
    return [
      [4, () => this.#waits({ recv: 'feed' }, where)],
      [0.5, () => ({ close: 'feed' })],
      ...(where.depth > 0 ? ([[2, () => this.#waits({ each: 'feed', do: this.#steps(inner, 2) }, where)]] as const) : []),
    ];
  }

  #ofPools(where: Where): readonly Maker[] {
    const pools = this.pools().filter((pool) => pool !== where.who);
    const own = this.pools().includes(where.who) ? this.#ofOwnPool(where.who) : [];
    if (pools.length === 0) return own;
    const pool = (): string => this.#draw.oneOf(pools);
    const tasks = (): Keys => this.#draw.oneOf<Keys>([{ item: 'any' }, { item: 'any' }, { items: ['any', 'any'] }, { items: [] }]);
    const submits: readonly Maker[] = [
      [2, () => this.#spared({ submit: pool(), ...tasks() })],
      [3, () => ({ repeat: this.#draw.oneOf([1, 1, 2]), do: [{ submit: pool(), ...tasks(), as: 'task' }, ...(this.#draw.chance(0.2) ? this.#steps({ ...where, depth: 0 }, 1) : []), this.#waits({ result: 'task' })] })],
      [0.6, () => this.#spared({ start: pool() })],
    ];
    return [
      ...own,
      ...(where.isLoop || !this.#cast.works.includes(where.who) ? [] : submits),
      [2, () => this.#waits({ join: pool() })],
      [0.6, () => ({ close: pool() })],
      [0.6, () => this.#spared({ [this.#draw.oneOf(['terminate', 'kill'])]: pool() })],
    ];
  }

  /** Of a pool that makes more of its own tasks: one for each item that it still finds, so that they come to an end. */
  #ofOwnPool(pool: string): readonly Maker[] {
    const queues = this.queues();
    const found = (): Json => ({ get: this.#draw.oneOf(queues), block: false, on_timeout: [{ exit: 0 }] });
    return [
      [0.3, () => ({ submit: pool, items: [] })],
      ...(queues.length === 0 ? [] : ([[1.5, () => ({ repeat: 1, do: [found(), this.#spared({ submit: pool, item: 'any' })] })]] as const)),
    ];
  }

  /** Of other processes. */
  #ofOthers(where: Where): readonly Maker[] {
    const others = this.#cast.works.filter((name) => name !== where.who && (!this.#cast.last.has(name) || this.#cast.last.has(where.who)));
    const other = (): string => this.#draw.oneOf(others);
    const ofOthers: readonly Maker[] = [
      [1, () => this.#waits({ join: other() })],
      [0.3, () => this.#spared({ [this.#draw.oneOf(['terminate', 'kill'])]: other() })],
      [0.1, () => this.#spared({ start: other() })],
    ];
    const ofSpare: readonly Maker[] = [
      ...(where.isLoop ? [] : ([[3, () => this.#spared({ start: 'spare' })]] as const)),
      [1, () => this.#waits({ join: 'spare' })],
      [1, () => this.#spared({ [this.#draw.oneOf(['terminate', 'kill'])]: 'spare' })],
    ];
    return [...(others.length === 0 ? [] : ofOthers), ...(this.#has('spare') && where.who !== 'spare' ? ofSpare : [])];
  }

  #plain(where: Where): readonly Maker[] {
    const inner = { ...where, depth: where.depth - 1 };
    return [
      [2, () => this.#spared({ run: 'any', ...(this.#draw.chance(0.2) ? { timeout: this.#draw.oneOf(['4ms', '15ms']), ...(this.#draw.chance(0.3) ? { on_timeout: 'continue' } : {}) } : {}) })],
      [1, () => ({ sleep: this.#draw.oneOf(['0ms', '2ms', '9ms']) })],
      [0.5, () => this.#spared({ print: 'line' })],
      [0.5, () => ({ exit: this.#draw.oneOf([0, 0, 1, 3]) })],
      [0.1, () => ({ shutdown: 0 })],
      ...(this.#has('value') ? ([[1, () => this.#draw.oneOf<Json>([{ add: 'count' }, { store: 'count', item: 7 }, { load: 'count', as: 'seen' }])]] as const) : []),
      ...(where.depth > 0 ? ([[1, () => ({ repeat: this.#draw.oneOf<Json>([0, 1, 2, ['x', 'y']]), as: 'round', do: this.#steps(inner, 2) })]] as const) : []),
    ];
  }
}

function nameOf(hold: Json): Json {
  return typeof hold === 'object' && hold !== null && !Array.isArray(hold) ? ((hold as Keys)['name'] ?? null) : hold;
}
