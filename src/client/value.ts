import type { Json } from '../base/json.ts';
import { numberOf, truthOf } from './answer.ts';
import type { Thread } from './thread.ts';

/** A JSON value that all share. */
export class Value {
  readonly name: string;
  readonly #thread: Thread;

  constructor(thread: Thread, name: string) {
    this.#thread = thread;
    this.name = name;
  }

  async get(): Promise<Json> {
    return this.#thread.ask('value.get', { name: this.name });
  }

  async set(item: Json): Promise<void> {
    await this.#thread.ask('value.set', { name: this.name, item });
  }

  /**
   * Adds to a number, and gives the new one: nobody can come between.
   *
   * @throws Refused where it is no number.
   */
  async add(by = 1): Promise<number> {
    return numberOf(await this.#thread.ask('value.add', { name: this.name, by }));
  }

  /** Sets it only where it is as expected; says whether it was set. */
  async compareAndSet(expected: Json, item: Json): Promise<boolean> {
    return truthOf(await this.#thread.ask('value.compare_and_set', { name: this.name, expected, item }));
  }
}
