import type { Json } from '../base/json.ts';
import type { Demand } from '../sync/operation.ts';
import type { TimeoutMs } from './call.ts';
import { ParamsError } from './params-error.ts';

/** Reads the parameters of one call, each at most once; what nobody asked for is an error as well. */
export class Params {
  readonly #method: string;
  readonly #values: Map<string, unknown>;

  /** @throws ParamsError where they are no object. */
  constructor(method: string, params: unknown) {
    this.#method = method;
    if (params !== undefined && (typeof params !== 'object' || params === null || Array.isArray(params))) {
      throw new ParamsError(`\`${method}\` takes an object of named parameters`);
    }
    this.#values = new Map(Object.entries(params ?? {}));
  }

  /** @throws ParamsError naming what was not read. */
  end(): void {
    const [unknown] = this.#values.keys();
    if (unknown !== undefined) throw new ParamsError(`\`${this.#method}\` has no parameter \`${unknown}\``);
  }

  name(): string {
    const name = this.#take('name');
    if (typeof name !== 'string' || name === '') throw this.#wrong('name', 'a name');
    return name;
  }

  /** The holds of `lock` and `semaphore`: a name, `{name, permits}`, or a list of these. */
  demands(): readonly Demand[] {
    const holds = this.#take('holds');
    const list: readonly unknown[] = Array.isArray(holds) ? holds : [holds];
    const demands = list.map((hold) => this.#demand(hold));
    const names = new Set(demands.map(({ name }) => name));
    if (demands.length === 0 || names.size < demands.length) throw this.#wrong('holds', 'one or more different holds');
    return demands;
  }

  timeout(): TimeoutMs {
    const timeout = this.#take('timeout_ms') ?? null;
    if (timeout === null) return null;
    if (typeof timeout === 'number' && timeout >= 0 && Number.isFinite(timeout)) return timeout;
    throw this.#wrong('timeout_ms', 'milliseconds from 0 on, or null');
  }

  item(key = 'item'): Json {
    if (!this.#values.has(key)) throw this.#wrong(key, 'a JSON value');
    return asJson(this.#take(key));
  }

  /** Either one `item` or a list of `items`. */
  items(): readonly Json[] {
    if (!this.#values.has('items')) return [this.item()];
    const items = this.#take('items');
    if (!Array.isArray(items) || this.#values.has('item')) throw this.#wrong('items', 'a list, without `item` beside it');
    return items.map(asJson);
  }

  /** A whole number from `least` on; the default where it is not there. */
  whole(key: string, least: number, otherwise?: number): number {
    const value = this.#take(key) ?? otherwise;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    throw this.#wrong(key, `a whole number from ${least} on`);
  }

  number(key: string, otherwise: number): number {
    const value = this.#take(key) ?? otherwise;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.#wrong(key, 'a number');
  }

  oneOf<T extends string>(key: string, words: readonly T[]): T {
    const value = this.#take(key);
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.#wrong(key, `one of ${words.map((word) => `\`${word}\``).join(', ')}`);
    return found;
  }

  /** A name such as `SIGHUP`; whether the system has it is not known here. */
  signal(): string {
    const value = this.#take('signal');
    if (typeof value !== 'string' || !/^SIG[A-Z0-9]{2,}$/u.test(value)) throw this.#wrong('signal', 'a name such as `SIGHUP`');
    return value;
  }

  countOrAll(): number | 'all' {
    if (this.#values.get('count') !== 'all') return this.whole('count', 1, 1);
    this.#take('count');
    return 'all';
  }

  #demand(hold: unknown): Demand {
    if (typeof hold === 'string' && hold !== '') return { name: hold, permits: 1 };
    if (typeof hold === 'object' && hold !== null && 'name' in hold && typeof hold.name === 'string') {
      const permits = 'permits' in hold ? hold.permits : 1;
      if (typeof permits === 'number' && Number.isSafeInteger(permits) && permits >= 1) return { name: hold.name, permits };
    }
    throw this.#wrong('holds', 'a name, `{"name": …, "permits": N}`, or a list of these');
  }

  #take(key: string): unknown {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  #wrong(key: string, wanted: string): ParamsError {
    return new ParamsError(`\`${key}\` of \`${this.#method}\` has to be ${wanted}`);
  }
}

/** What `JSON.parse` gave is JSON: only its type has to be said. */
function asJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asJson(one)]));
  throw new ParamsError('a value is no JSON');
}
