import { asText } from '../../src/base/as-text.ts';
import type { Json } from '../../src/base/json.ts';
import type { WorkerAnswer } from '../../src/engine/engine-event.ts';
import type { Draw } from './draw.ts';

/** What a virtual worker may do to its process. */
export interface WorkerSurroundings {
  /** Calls back after a while, if the process is alive then. */
  after(delayMs: number, act: () => void): void;
  /** Ends the process. */
  end(code: number | null, signal: string | null): void;
  answer(answer: WorkerAnswer): void;
  /** It closes its standard output, and lives on. */
  closeOutput(): void;
  /** Nothing is left to do. */
  served(): void;
  /** Whether no worker has begun this task before. */
  isFirst(task: number): boolean;
  /** What chance has; null where nothing is up to it. */
  readonly draw: Draw | null;
}

/** A task takes long from then on, in ms. */
const longMs = 5;

/** So much of its item is in what a task gives. */
const mostSaid = 40;

/** What comes of a task by chance. */
const anyWords = ['0', '2', '12', '0', 'error', 'die', 'killed', 'quit', 'last', 'flaky', 'shot'] as const;

interface Task {
  readonly index: number;
  readonly item: Json;
}

/**
 * A worker of a pool in the virtual world. It runs its tasks one after the other, and the item of each says
 * how: a number answers after so many ms; `error`, `die`, `killed`, `quit`, `hang`, `close` (hangs with its output closed), `last` (answers and is gone), `stray`, `other` (an
 * answer for another task), `twice` (two answers), `flaky` (dies under the task the first time), `shot` (is killed then), `return`
 * (gives the task itself back, which it has begun), `any` (one of these by chance). Behind one that takes long it keeps no other task, as
 * `serve` of the clients does, unless it hoards them.
 */
export class VirtualWorker {
  readonly #surroundings: WorkerSurroundings;
  readonly #hoards: boolean;
  readonly #tasks: Task[] = [];
  #left: number;
  #isBusy = false;
  #current: Task | null = null;
  #inputEnded = false;

  constructor(count: number, hoards: boolean, surroundings: WorkerSurroundings) {
    this.#left = count;
    this.#hoards = hoards;
    this.#surroundings = surroundings;
  }

  take(tasks: readonly Task[]): void {
    this.#tasks.push(...tasks);
    this.next();
  }

  endInput(): void {
    this.#inputEnded = true;
    this.next();
  }

  /** Begins the next task, where it has none. */
  next(): void {
    if (this.#isBusy) return;
    const task = this.#left === 0 ? undefined : this.#tasks.shift();
    if (task !== undefined) {
      this.#isBusy = true;
      const word = this.#wordOf(task);
      const isFirst = this.#surroundings.isFirst(task.index);
      this.#current = task;
      if (!this.#hoards) this.#surroundings.after(longMs, () => this.#giveBack(task));
      this.#surroundings.after(/^\d+$/u.test(word) ? Number(word) : 1, () => this.#run(task, word, isFirst));
    } else if (this.#inputEnded || this.#left === 0) {
      this.#surroundings.served();
    }
  }

  #wordOf({ item }: Task): string {
    const word = asText(item);
    return word === 'any' ? (this.#surroundings.draw?.oneOf(anyWords) ?? '1') : word;
  }

  #giveBack(behind: Task): void {
    if (this.#current !== behind || this.#tasks.length === 0) return;
    this.#surroundings.answer({ type: 'returned', tasks: this.#tasks.splice(0).map(({ index }) => index), line: '' });
  }

  #run(task: Task, word: string, isFirst: boolean): void {
    switch (word) {
      case 'hang':
        return;
      case 'close':
        this.#surroundings.closeOutput();
        return;
      case 'last':
        this.#surroundings.answer(resultOf(task, word));
        this.#surroundings.closeOutput();
        this.#surroundings.end(0, null);
        return;
      case 'die':
        this.#surroundings.end(9, null);
        return;
      case 'quit':
        this.#surroundings.end(0, null);
        return;
      case 'killed':
        this.#surroundings.end(null, 'SIGKILL');
        return;
      case 'flaky':
        if (isFirst) this.#surroundings.end(7, null);
        else this.#answer(resultOf(task, word));
        return;
      case 'shot':
        if (isFirst) this.#surroundings.end(null, 'SIGKILL');
        else this.#answer(resultOf(task, word));
        return;
      case 'stray':
        this.#answer({ type: 'stray', line: 'hello' });
        return;
      case 'other':
        this.#answer(resultOf({ ...task, index: task.index + 1000 }, word));
        return;
      case 'return':
        this.#answer({ type: 'returned', tasks: [task.index], line: '' });
        return;
      case 'error':
        this.#answer({ type: 'error', task: task.index, error: 'it says no', line: '', bytes: 0 });
        return;
      case 'twice':
        this.#surroundings.answer(resultOf(task, word));
        this.#answer(resultOf(task, word));
        return;
      default:
        this.#answer(resultOf(task, word));
    }
  }

  #answer(answer: WorkerAnswer): void {
    this.#surroundings.answer(answer);
    this.#isBusy = false;
    this.#current = null;
    this.#left -= 1;
    this.next();
  }
}

/** Of an item that is itself made of a result it says no more than its beginning: a pool that is fed with its own results would double it each time. */
function resultOf({ index }: Task, word: string): WorkerAnswer {
  return { type: 'result', task: index, value: `did ${word.slice(0, mostSaid)}`, line: '', bytes: 0 };
}
