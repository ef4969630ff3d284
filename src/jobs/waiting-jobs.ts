/** A job that has not begun, or is to be tried once more. */
export interface WaitingJob {
  readonly seq: number;
  readonly items: readonly string[];
  /** Of the attempt that comes, from 1. */
  readonly attempt: number;
}

/** Taken places are given back as soon as they are so many, and most. */
const leastToDrop = 1024;

/** Jobs in the order in which they are to begin, in constant time for any length. */
export class WaitingJobs {
  /** Those that are tried again go first. */
  readonly #again: WaitingJob[] = [];
  #first: WaitingJob[] = [];
  #head = 0;

  get length(): number {
    return this.#again.length + this.#first.length - this.#head;
  }

  push(job: WaitingJob): void {
    if (job.attempt > 1) this.#again.push(job);
    else this.#first.push(job);
  }

  /** Takes the next; undefined when none is left. */
  shift(): WaitingJob | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const job = this.#first[this.#head];
    if (job === undefined) return undefined;
    this.#head += 1;
    if (this.#head >= leastToDrop && this.#head * 2 > this.#first.length) {
      this.#first = this.#first.slice(this.#head);
      this.#head = 0;
    }
    return job;
  }

  clear(): void {
    this.#again.length = 0;
    this.#first = [];
    this.#head = 0;
  }
}
