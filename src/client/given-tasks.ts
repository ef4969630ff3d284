import { parseJson } from '../base/parse-json.ts';
import { fieldOf } from './field-of.ts';
import { toJson } from './to-json.ts';

/** A task that takes so long, in ms, keeps no other one waiting behind it. */
const longTaskMs = 5;

/**
 * The tasks that a worker of a pool was given, a line each. Of trivial ones it is given some ahead; when one
 * takes long after all, those that wait behind it are given back, so that another worker gets them.
 */
export class GivenTasks {
  readonly write: (text: string) => void;
  #lines: string[] = [];
  #rest = '';
  #ended = false;
  #wake: (() => void) | null = null;
  /** How many were taken, and had been when it was last looked. */
  #taken = 0;
  #seen = 0;
  #isWatched = false;

  constructor(source: NodeJS.ReadStream, write: (text: string) => void) {
    this.write = write;
    source.setEncoding('utf8');
    source.on('data', (block) => this.#read(String(block)));
    source.on('end', () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  /** The next task, waited for; null where none will come any more. */
  async take(): Promise<string | null> {
    while (this.#lines.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#taken += 1;
    return this.#lines.shift() ?? null;
  }

  #read(block: string): void {
    const lines = (this.#rest + block).split('\n');
    this.#rest = lines.pop() ?? '';
    this.#lines.push(...lines);
    if (!this.#isWatched) this.#lookLater();
    this.#wake?.();
  }

  #lookLater(): void {
    this.#isWatched = true;
    setTimeout(() => this.#look(), longTaskMs);
  }

  #look(): void {
    this.#isWatched = false;
    if (this.#lines.length === 0) return;
    if (this.#taken === this.#seen) this.#giveBack();
    this.#seen = this.#taken;
    this.#lookLater();
  }

  #giveBack(): void {
    const tasks = this.#lines.map((line) => {
      const read = parseJson(line, Number.POSITIVE_INFINITY);
      return (read.ok ? fieldOf(read.value, 'task') : null) ?? null;
    });
    this.#lines = [];
    this.write(`{"return":${toJson(tasks)}}\n`);
  }
}
