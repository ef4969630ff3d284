import type { Halt } from './halt.ts';
import type { JobTimeout } from './job-pool.ts';

/** Where a job log is, and what is made of one that is there. */
export interface JoblogPlace {
  readonly file: string;
  /** `--joblog +FILE`: what is there stays. */
  readonly append: boolean;
}

/** What `mpctl pool` was asked to do. */
export interface JobOptions {
  /** Jobs at once. */
  readonly slots: number;
  readonly keepOrder: boolean;
  readonly joblog: JoblogPlace | null;
  /** `unfinished`: what the job log does not have; `failed`: what has not succeeded in it; `commands`: that, taken from the log itself. */
  readonly resume: 'nothing' | 'unfinished' | 'failed' | 'commands';
  /** Of each job, at most; Infinity tries until it succeeds. */
  readonly attempts: number;
  readonly timeout: JobTimeout | null;
  readonly halt: Halt | null;
  readonly bar: boolean;
  /** Items end with NUL and not with a newline. */
  readonly endsWithNul: boolean;
  readonly dryRun: boolean;
  readonly color: boolean;
  /** The words behind `--`; none where each item is a command of its own. */
  readonly command: readonly string[];
  /** The items behind each `:::`; null where they come from standard input. */
  readonly sources: readonly (readonly string[])[] | null;
}
