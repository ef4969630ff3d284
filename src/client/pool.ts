import type { Json } from '../base/json.ts';
import { listOf, numberOf } from './answer.ts';
import { batchesOf } from './batches.ts';
import { fieldOf } from './field-of.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import { Task } from './task.ts';
import type { Thread } from './thread.ts';
import { valuesOfTasks } from './values-of-tasks.ts';
import type { WaitOptions } from './wait-options.ts';

/** A pool of workers that takes tasks. */
export class Pool {
  readonly name: string;
  readonly #thread: Thread;

  constructor(thread: Thread, name: string) {
    this.#thread = thread;
    this.name = name;
  }

  /**
   * Submits one task and does not wait for its result.
   *
   * @throws NotDeclared, AlreadyClosed, Refused
   */
  async submit(item: Json): Promise<Task> {
    const answer = await this.#thread.ask('pool.submit', { name: this.name, item });
    return new Task(this.#thread, this.name, numberOf(listOf(fieldOf(answer, 'tasks'))[0]));
  }

  /** Submits many tasks, in order. */
  async submitAll(items: Iterable<Json>): Promise<readonly Task[]> {
    const tasks: Task[] = [];
    for (const batch of batchesOf(items, this.#thread.connection.maxFrameBytes)) {
      const answer = await this.#thread.ask('pool.submit', { name: this.name, items: batch });
      for (const index of listOf(fieldOf(answer, 'tasks'))) tasks.push(new Task(this.#thread, this.name, numberOf(index)));
    }
    return tasks;
  }

  /**
   * Submits a task for each item and gives their values in the order of the items.
   *
   * @throws TaskFailed for the first that did not succeed.
   */
  async map(items: Iterable<Json>, options: WaitOptions = {}): Promise<readonly Json[]> {
    refuseUnknown(options);
    const tasks = await this.submitAll(items);
    return Promise.all(tasks.map(async (task) => task.result(options)));
  }

  /**
   * Submits a task for each item, few ahead of the values that are taken, and gives their values in the order of the items:
   * `for await (const value of pool.imap(items))`. `timeoutMs` is that of each task, from when it was submitted.
   *
   * @throws TaskFailed for the first that did not succeed, which ends it.
   */
  imap(items: Iterable<Json>, options: WaitOptions = {}): AsyncGenerator<Json, undefined, undefined> {
    return this.#values(items, options, true);
  }

  /**
   * As `imap`, each value as soon as its task has ended.
   *
   * @throws TaskFailed for the first that did not succeed, which ends it.
   */
  imapUnordered(items: Iterable<Json>, options: WaitOptions = {}): AsyncGenerator<Json, undefined, undefined> {
    return this.#values(items, options, false);
  }

  #values(items: Iterable<Json>, options: WaitOptions, isOrdered: boolean): AsyncGenerator<Json, undefined, undefined> {
    refuseUnknown(options);
    return valuesOfTasks(items, { submitAll: async (next) => this.submitAll(next), isOrdered, wait: options });
  }

  /** This instance submits no more; others may. */
  async close(): Promise<void> {
    await this.#thread.ask('pool.close', { name: this.name });
  }

  /**
   * Waits until the pool has ended.
   *
   * @throws TimedOut, WouldBlock, Cancelled
   */
  async join(options: WaitOptions = {}): Promise<void> {
    refuseUnknown(options);
    await this.#thread.wait('pool.join', { name: this.name }, options);
  }

  /** Ends its workers with their stop signal; tasks that have no fate yet are cancelled. */
  async terminate(): Promise<void> {
    await this.#thread.ask('pool.terminate', { name: this.name });
  }

  /** Ends its workers at once; tasks that have no fate yet are cancelled. */
  async kill(): Promise<void> {
    await this.#thread.ask('pool.kill', { name: this.name });
  }
}
