import type { Json } from '../base/json.ts';
import { textOf } from './answer.ts';
import { fieldOf } from './field-of.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import { TaskFailed } from './task-failed.ts';
import type { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** One task that was submitted to a pool. */
export class Task {
  readonly pool: string;
  /** Its number among the tasks of the pool, from 0. */
  readonly index: number;
  readonly #thread: Thread;

  constructor(thread: Thread, pool: string, index: number) {
    this.#thread = thread;
    this.pool = pool;
    this.index = index;
  }

  /**
   * Waits for its value.
   *
   * @throws TaskFailed where it did not succeed, TimedOut, WouldBlock, Cancelled, Impossible where its pool was never started and nobody can start it any more
   */
  async result(options: WaitOptions = {}): Promise<Json> {
    refuseUnknown(options);
    const answer = await this.#thread.wait('pool.result', { name: this.pool, task: this.index }, options);
    const fate = textOf(fieldOf(answer, 'fate'));
    if (fate === 'succeeded') return fieldOf(answer, 'value') ?? null;
    const why = fieldOf(answer, 'why');
    const reason = typeof why === 'string' ? `: ${why}` : '';
    throw new TaskFailed(this.index, fate, `task ${String(this.index)} of \`${this.pool}\` has the fate ${fate}${reason}`);
  }
}
