import { availableParallelism } from 'node:os';
import type { ProcessKey, ReadAnswers } from '../engine/engine-event.ts';
import { monotonicMs } from './monotonic-ms.ts';
import { StaysAwake } from './stays-awake.ts';
import { AnswerReader } from './worker-lines.ts';

/** What one worker writes. */
export interface WorkerReader {
  readonly read: (chunk: Buffer) => void;
  /** Nobody can write to it any more. */
  readonly closed: () => void;
  /** Hands on what was read, before anything else is told of the worker. */
  flush(): void;
  /** Nothing more comes: the last line may have no newline. */
  end(): void;
}

/**
 * Gathers what was read of all long-lived workers in a turn of the event loop, and hands it on in one piece:
 * with trivial tasks it is what each of them costs that counts.
 */
export class WorkerAnswers {
  readonly #post: (read: readonly ReadAnswers[]) => void;
  readonly #awake = new StaysAwake({ nowMs: monotonicMs, nextTurn: setImmediate, cores: availableParallelism() });
  #read: ReadAnswers[] = [];

  constructor(post: (read: readonly ReadAnswers[]) => void) {
    this.#post = post;
  }

  readerOf(key: ProcessKey): WorkerReader {
    const reader = new AnswerReader();
    return {
      read: (chunk) => this.#add({ key, answers: reader.read(chunk) }),
      closed: () => this.#add({ key, answers: reader.end(), isLast: true }),
      flush: () => this.#flush(),
      end: () => {
        this.#add({ key, answers: reader.end() });
        this.#flush();
      },
    };
  }

  #add(read: ReadAnswers): void {
    if (read.answers.length === 0 && read.isLast !== true) return;
    if (this.#read.length === 0) setImmediate(() => this.#flush());
    this.#read.push(read);
  }

  #flush(): void {
    const read = this.#read;
    if (read.length === 0) return;
    this.#read = [];
    this.#awake.begin();
    this.#post(read);
    this.#awake.end();
  }
}
