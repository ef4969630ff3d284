/*
 * Which job runs when: items become jobs in their order, so many at once as there are slots; a job that
 * fails may be tried again; a rule may stop the pool before its end. Nothing here waits or runs anything:
 * what happens outside is told, with its time.
 */
import { ShortLivedMap } from '../base/short-lived-map.ts';
import { haltExitCode, type Halt } from './halt.ts';
import { Remedian } from './remedian.ts';
import type { JobValues } from './replacement.ts';
import { WaitingJobs } from './waiting-jobs.ts';

/** How a pool is to go about its jobs. */
export interface JobPoolOptions {
  /** Jobs at once. */
  readonly slots: number;
  /** Of each job, at most; Infinity tries until it succeeds. */
  readonly attempts: number;
  readonly halt: Halt | null;
  /** Longest time of an attempt: in ms, or in percent of the median of those that have succeeded. */
  readonly timeout: JobTimeout | null;
  /** Whether a job of an earlier run is not run again. */
  readonly isDone: (seq: number) => boolean;
  /** How many these are. */
  readonly doneBefore: number;
}

/** How long an attempt may take. */
export type JobTimeout = { readonly type: 'ms'; readonly ms: number } | { readonly type: 'percent'; readonly percent: number };

/** A job that is to be started. */
export interface JobStart extends JobValues {
  /** From 1. */
  readonly attempt: number;
}

/** How the command of a job ended. */
export interface JobEnd {
  readonly exitCode: number;
  /** 0 for none. */
  readonly signal: number;
}

/** What came of an attempt. */
export interface JobVerdict {
  /** `again`: it failed and is tried once more; `dropped`: it was stopped with the pool, and counts as not run. */
  readonly fate: 'succeeded' | 'failed' | 'again' | 'dropped';
  readonly start: JobStart;
  /** As the job log has it: -1 for an attempt that was stopped because of its time. */
  readonly exitCode: number;
  readonly signal: number;
  readonly startedMs: number;
  readonly durationMs: number;
  /** Running jobs that are to be stopped now. */
  readonly stop: readonly number[];
}

interface Running {
  readonly start: JobStart;
  readonly startedMs: number;
  timedOut: boolean;
}

/** So many attempts have to succeed before a percentage of their median means anything. */
const leastForMedian = 3;
/** A percentage means no less: of jobs that take milliseconds, any may take some more. */
const leastShareMs = 100;
/** Failed jobs that an exit code can count; more are one more than that. */
const countedFailures = 100;

/** The jobs of a pool without a spec. */
export class JobPool {
  readonly #options: JobPoolOptions;
  readonly #waiting = new WaitingJobs();
  readonly #running = new ShortLivedMap<number, Running>();
  readonly #freeSlots: number[];
  #offered = 0;
  #skipped = 0;
  #done: number;
  #failed = 0;
  #succeeded = 0;
  #sourceEnded = false;
  #halted: 'now' | 'soon' | null = null;
  #haltCode: number | null = null;
  readonly #durations = new Remedian();

  constructor(options: JobPoolOptions) {
    this.#options = options;
    this.#freeSlots = Array.from({ length: options.slots }, (_, index) => index + 1);
    this.#done = options.doneBefore;
  }

  /** The items of the next job; gives its number, and whether it is left out because an earlier run had it. */
  offer(items: readonly string[]): { readonly seq: number; readonly isLeftOut: boolean } {
    this.#offered += 1;
    const seq = this.#offered;
    const isLeftOut = this.#options.isDone(seq);
    if (isLeftOut) this.#skipped += 1;
    else this.#waiting.push({ seq, items, attempt: 1 });
    return { seq, isLeftOut };
  }

  /** No more items come. */
  endSource(): void {
    this.#sourceEnded = true;
  }

  /** Takes no more items, and starts nothing any more. */
  stop(): void {
    this.#halted = 'now';
    this.#waiting.clear();
  }

  /** Whether another item could be started at once. */
  get wantsItems(): boolean {
    return this.#halted === null && !this.#sourceEnded && this.#freeSlots.length > this.#waiting.length;
  }

  /** Whether `next` has one to start. */
  get hasNext(): boolean {
    return this.#halted === null && this.#freeSlots.length > 0 && this.#waiting.length > 0;
  }

  /** Whether nothing runs and nothing can come. */
  get isOver(): boolean {
    return this.#running.size === 0 && (this.#halted !== null || (this.#sourceEnded && this.#waiting.length === 0));
  }

  /** Whether its rule has stopped it, or somebody else. */
  get isHalted(): boolean {
    return this.#halted !== null;
  }

  /** Whether what still runs is to be stopped. */
  get isStopped(): boolean {
    return this.#halted === 'now';
  }

  /** Jobs that have ended, how many of them failed, how many run, and of how many; null while more may come. */
  get counts(): { readonly done: number; readonly failed: number; readonly running: number; readonly total: number | null } {
    const done = this.#succeeded + this.#failed;
    return { done, failed: this.#failed, running: this.#running.size, total: this.#sourceEnded ? this.#offered - this.#skipped : null };
  }

  /** 0, or how many failed, 101 for more than 100, or how many percent where its rule is about percents; after a halt the code that its rule gives. */
  get exitCode(): number {
    if (this.#haltCode !== null) return this.#haltCode;
    if (this.#options.halt?.isPercent === true) return Math.ceil((this.#failed / Math.max(1, this.#failed + this.#succeeded)) * 100);
    return Math.min(this.#failed, countedFailures + 1);
  }

  /** The running jobs. */
  get running(): readonly number[] {
    return [...this.#running.keys()];
  }

  /** Takes the next job that can be started, if there is one; from `nowMs` on it runs. */
  next(nowMs: number): JobStart | null {
    if (this.#halted !== null || this.#freeSlots.length === 0) return null;
    const waiting = this.#waiting.shift();
    const slot = waiting === undefined ? undefined : this.#freeSlots.shift();
    if (waiting === undefined || slot === undefined) return null;
    const { seq, items, attempt } = waiting;
    const start = { seq, items, attempt, slot };
    this.#running.set(seq, { start, startedMs: nowMs, timedOut: false });
    return start;
  }

  /** A running job has ended. */
  ended(seq: number, { exitCode, signal }: JobEnd, nowMs: number): JobVerdict {
    const running = this.#running.get(seq);
    if (running === undefined) throw new Error(`job ${String(seq)} does not run`);
    this.#running.delete(seq);
    const { start, startedMs, timedOut } = running;
    this.#freeSlot(start.slot);
    const loggedCode = timedOut && exitCode === 0 ? -1 : exitCode;
    const durationMs = nowMs - startedMs;
    const fate = this.#fateOf(start, loggedCode !== 0 || signal !== 0);
    let stop: readonly number[] = [];
    if (fate === 'succeeded' || fate === 'failed') {
      this.#done += 1;
      if (fate === 'failed') this.#failed += 1;
      else this.#succeeded += 1;
      if (fate === 'succeeded' && this.#options.timeout?.type === 'percent') this.#durations.add(durationMs);
      stop = this.#haltIfDue(loggedCode, signal);
    } else if (fate === 'again') {
      this.#waiting.push({ seq, items: start.items, attempt: start.attempt + 1 });
    }
    return { fate, start, exitCode: loggedCode, signal, startedMs, durationMs, stop };
  }

  #fateOf({ attempt }: JobStart, hasFailed: boolean): JobVerdict['fate'] {
    if (this.#halted === 'now') return 'dropped';
    if (!hasFailed) return 'succeeded';
    return this.#halted === null && attempt < this.#options.attempts ? 'again' : 'failed';
  }

  /** The attempts that have taken too long by now; each is told once. */
  timedOut(nowMs: number): readonly JobStart[] {
    const limitMs = this.#limitMs();
    if (limitMs === null) return [];
    const late = [...this.#running.values()].filter((running) => !running.timedOut && nowMs - running.startedMs >= limitMs);
    for (const running of late) running.timedOut = true;
    return late.map(({ start }) => start);
  }

  /** When `timedOut` has to be asked next; null while nothing can be late. */
  nextTimeoutMs(): number | null {
    const limitMs = this.#limitMs();
    if (limitMs === null) return null;
    let first: number | null = null;
    for (const { startedMs, timedOut } of this.#running.values()) {
      if (!timedOut && (first === null || startedMs < first)) first = startedMs;
    }
    return first === null ? null : first + limitMs;
  }

  #limitMs(): number | null {
    const { timeout } = this.#options;
    if (timeout === null) return null;
    if (timeout.type === 'ms') return timeout.ms;
    const { median } = this.#durations;
    return median === null || this.#succeeded < leastForMedian ? null : Math.max(leastShareMs, (median * timeout.percent) / 100);
  }

  #haltIfDue(exitCode: number, signal: number): readonly number[] {
    const { halt } = this.#options;
    if (halt === null || this.#halted !== null) return [];
    const total = this.#sourceEnded ? this.#offered : null;
    const code = haltExitCode(halt, { done: this.#done, failed: this.#failed, total }, codeOf(exitCode, signal));
    if (code === null) return [];
    this.#haltCode = code;
    this.#halted = halt.when;
    this.#waiting.clear();
    return halt.when === 'now' ? this.running : [];
  }

  #freeSlot(slot: number): void {
    const position = this.#freeSlots.findIndex((free) => free > slot);
    if (position < 0) this.#freeSlots.push(slot);
    else this.#freeSlots.splice(position, 0, slot);
  }
}

/** As a shell would have it. */
function codeOf(exitCode: number, signal: number): number {
  if (exitCode !== 0) return exitCode < 0 ? 255 : exitCode;
  return signal === 0 ? 0 : 128 + signal;
}
