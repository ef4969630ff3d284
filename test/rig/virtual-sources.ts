import type { Json } from '../../src/base/json.ts';
import type { Effect } from '../../src/engine/effect.ts';
import type { EngineEvent } from '../../src/engine/engine-event.ts';

/** What pools read their items from, by pool; a text is why it cannot be read. */
export type SourcesOfPools = Readonly<Record<string, readonly Json[] | string>>;

/** What is left of the items of each pool. */
export class VirtualSources {
  readonly #all: SourcesOfPools;
  readonly #left = new Map<string, Json[]>();

  constructor(all: SourcesOfPools) {
    this.#all = all;
  }

  /** The next items, as the engine hears of them; the standard input is read once, everything else in each life anew. */
  read({ pool, life, count, source: { type } }: Extract<Effect, { type: 'read_tasks' }>): EngineEvent {
    const all = this.#all[pool] ?? [];
    if (typeof all === 'string') return { type: 'tasks', pool, life, items: [], ended: true, failure: { message: all, hint: null } };
    const key = type === 'stdin' ? pool : `${pool} ${life}`;
    const left = this.#left.get(key) ?? [...all];
    this.#left.set(key, left);
    return { type: 'tasks', pool, life, items: left.splice(0, count), ended: left.length === 0, failure: null };
  }
}
