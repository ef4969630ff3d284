import type { Json } from '../base/json.ts';
import { isList, isRecord } from '../base/json-type.ts';
import type { Demand } from '../sync/operation.ts';
import type { TimeoutMs } from './call.ts';
import { ParamsError } from './params-error.ts';

/** Reads the parameters of one call, each at most once; what nobody asked for is an error as well. */
export class Params {
  readonly #method: string;
  readonly #values: Readonly<Record<string, Json>>;
  readonly #taken: string[] = [];

  /** @throws ParamsError where they are no object. */
  constructor(method: string, params: Json | undefined) {
    this.#method = method;
    if (params !== undefined && !isRecord(params)) throw new ParamsError(`\`${method}\` takes an object of named parameters`);
    this.#values = params ?? {};
  }

  /** @throws ParamsError naming what was not read. */
  end(): void {
    const names = Object.keys(this.#values);
    if (names.length === this.#taken.length) return;
    const unknown = names.find((name) => !this.#taken.includes(name));
    if (unknown !== undefined) throw new ParamsError(`\`${this.#method}\` has no parameter \`${unknown}\``);
  }

  name(): string {
    const name = this.#take('name');
    if (typeof name !== 'string' || name === '') throw this.#wrong('name', 'a name');
    return name;
  }

  /** Null where it is not there. */
  nameOrNull(): string | null {
    return Object.hasOwn(this.#values, 'name') ? this.name() : null;
  }

  /** The holds of `lock` and `semaphore`: a name, `{name, permits}`, or a list of these. */
  demands(): readonly Demand[] {
    const holds = this.#take('holds');
    if (!isList(holds)) return [this.#demand(holds)];
    const demands = holds.map((hold) => this.#demand(hold));
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
    const item = this.#take(key);
    if (item === undefined) throw this.#wrong(key, 'a JSON value');
    return item;
  }

  /** Either one `item` or a list of `items`. */
  items(): readonly Json[] {
    const items = this.#take('items');
    if (items === undefined) return [this.item()];
    if (!isList(items) || Object.hasOwn(this.#values, 'item')) throw this.#wrong('items', 'a list, without `item` beside it');
    return items;
  }

  /** A whole number from `least` on; the default where it is not there. */
  whole(key: string, least: number, otherwise?: number): number {
    const value = this.#take(key) ?? otherwise;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    throw this.#wrong(key, `a whole number from ${least} on`);
  }

  /** An exit code; the system keeps one byte of it. */
  exitCode(key: string, otherwise: number): number {
    const code = this.whole(key, 0, otherwise);
    if (code <= 255) return code;
    throw this.#wrong(key, 'a whole number from 0 to 255');
  }

  /** The same; null where it is not there. */
  wholeOrNull(key: string, least: number): number | null {
    return Object.hasOwn(this.#values, key) ? this.whole(key, least) : null;
  }

  /** False where it is not there. */
  flag(key: string): boolean {
    const value = this.#take(key) ?? false;
    if (typeof value === 'boolean') return value;
    throw this.#wrong(key, '`true` or `false`');
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
    if (typeof value !== 'string') throw this.#wrong('signal', 'a name such as `SIGHUP`');
    if (!/^SIG[A-Z0-9]{2,}$/u.test(value)) throw new ParamsError(`\`${value}\` is no name of a signal (they are written as \`SIGHUP\` is)`);
    return value;
  }

  countOrAll(): number | 'all' {
    const count = this.#take('count') ?? 1;
    if (count === 'all') return count;
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 1) return count;
    throw this.#wrong('count', 'a whole number from 1 on, or `"all"`');
  }

  #demand(hold: Json | undefined): Demand {
    if (typeof hold === 'string' && hold !== '') return { name: hold, permits: 1 };
    if (isRecord(hold)) {
      const { name, permits = 1 } = hold;
      if (typeof name === 'string' && typeof permits === 'number' && Number.isSafeInteger(permits) && permits >= 1) {
        return { name, permits };
      }
    }
    throw this.#wrong('holds', 'a name, `{"name": …, "permits": N}`, or a list of these');
  }

  #take(key: string): Json | undefined {
    if (!Object.hasOwn(this.#values, key)) return undefined;
    this.#taken.push(key);
    return this.#values[key];
  }

  #wrong(key: string, wanted: string): ParamsError {
    return new ParamsError(`\`${key}\` of \`${this.#method}\` has to be ${wanted}`);
  }
}
