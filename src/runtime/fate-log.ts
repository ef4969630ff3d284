import { ShortLivedMap } from '../base/short-lived-map.ts';
import { closeSync, writeSync } from 'node:fs';
import type { Effect, TaskRecord } from '../engine/effect.ts';
import { itemDigest } from '../engine/item-digest.ts';
import type { RunEventBody } from '../engine/run-event.ts';
import { isLongOutput } from '../engine/task-result.ts';
import { heldResultsIn } from './held-line.ts';
import { type LinePlace, lineAt } from './lines-of-file.ts';
import { resultsLine } from './results-line.ts';
import { taskJoblogLine } from './task-joblog-line.ts';
import { fatesFile, heldFile, openForLines } from './run-folder/fates-folder.ts';
import { FatesText } from './run-folder/fates-text.ts';
import type { SettledFate } from '../engine/earlier-tasks.ts';
import { monotonicMs } from './monotonic-ms.ts';
import type { WallTime } from './run-time.ts';
import { systemErrorText } from './system-error-text.ts';

/** The fates of so long are written together: a write costs as much as the noting of fifty. */
const writeEveryMs = 10;
/** Most tasks that end before an earlier one are recorded soon after: only then is their record written twice. */
const patienceMs = 20;

/** The record of a task whose turn to be recorded has not come, as it will stand in the files of its pool. */
export interface HeldRecord {
  readonly task: number;
  /** With their newlines; null where the pool has no such file. */
  readonly results: string | null;
  readonly joblog: string | null;
}

/** A file that lines are added to. */
interface LinesFile {
  readonly path: string;
  /** null before the first line. */
  fd: number | null;
  bytes: number;
  /** It ends within a line. */
  isTorn: boolean;
}

/** A task that has ended, and whose turn to be recorded has not come. */
interface HeldTask {
  readonly record: Extract<Effect, { type: 'hold_record' }>;
  readonly sinceMs: number;
  /** To be noted once its record is in safety. */
  fate: SettledFate | null;
  digest: number;
}

/** What is noted of one pool. */
interface NotedPool {
  readonly text: FatesText;
  /** Those that have waited longest come first. */
  readonly held: ShortLivedMap<number, HeldTask>;
  /** Where the records of others stand that have long values. */
  readonly places: ShortLivedMap<number, LinePlace>;
  readonly fates: LinesFile;
  readonly records: LinesFile;
}

/** What the noting needs of its run. */
export interface FateLogOptions {
  readonly runFolder: string;
  /** The pools whose tasks can be told by their numbers in another run. */
  readonly pools: readonly string[];
  /** When something was that a record has the time of. */
  readonly wallMs: WallTime;
  /**
   * Writes what was recorded of tasks, since a fate is not noted before its record is in its files. False where some of
   * this pool could not be written, be it to the job log alone, as `parallel --resume` runs what its log lacks: what is not noted runs again, and is recorded then.
   */
  readonly writeRecords: (pool: string) => boolean;
  readonly report: (body: RunEventBody) => void;
}

/**
 * Notes the fate of every task in the folder of the run, for the run that goes on from it. What was
 * written is there even if mpctl is killed; of the last milliseconds a task may run again, and none is
 * taken for one that has succeeded.
 */
export class FateLog {
  readonly #options: FateLogOptions;
  readonly #pools: Map<string, NotedPool>;
  #timer: NodeJS.Timeout | null = null;
  #hasFailed = false;
  /** Records with long values that are in no file, by their pools. */
  readonly #kept = new Map<string, ShortLivedMap<number, TaskRecord>>();
  #leftOut = 0;

  constructor(options: FateLogOptions) {
    this.#options = options;
    this.#pools = new Map(options.pools.map((pool) => [pool, newPool(options.runFolder, pool)]));
  }

  /** Tasks that have not run, since only what had failed was to, if there are some. */
  get leftOut(): { readonly leftOut?: number } {
    return this.#leftOut === 0 ? {} : { leftOut: this.#leftOut };
  }

  /** Takes what happens in the run. */
  note(event: RunEventBody): void {
    if (event.type === 'task.ended') {
      const { fate } = event;
      if (fate === 'cancelled') return;
      const pool = this.#pools.get(event.pool);
      if (pool === undefined) return;
      const held = pool.held.get(event.task);
      if (held === undefined) pool.text.add(event.task, fate, itemDigest(event.item));
      else Object.assign(held, { fate, digest: itemDigest(event.item) });
      this.#writeSoon(writeEveryMs);
    } else if (event.type === 'pool.ended') {
      this.#leftOut += event.leftOut ?? 0;
      // Whoever starts it anew starts it anew in the next run as well: what counts there is its first life.
      this.#endPool(event.pool);
    }
  }

  /** Takes the record of a task that has ended, until it is recorded. */
  hold(record: Extract<Effect, { type: 'hold_record' }>): void {
    const pool = this.#pools.get(record.pool);
    if (pool === undefined) this.#keep(record);
    else pool.held.set(record.record.task, { record, sinceMs: monotonicMs(), fate: null, digest: 0 });
  }

  /**
   * The line of results of a task whose record was held back, with its newline: nobody else has its value where that is long.
   *
   * @throws the error of the system
   */
  heldResults(name: string, task: number): string | null {
    const pool = this.#pools.get(name);
    const place = pool?.places.get(task);
    if (pool !== undefined && place !== undefined) return heldResultsIn(lineAt(pool.records.path, place));
    const record = pool?.held.get(task)?.record.record ?? this.#kept.get(name)?.get(task);
    return record === undefined ? null : resultsLine(record);
  }

  /** The task stands in the files of its pool. */
  recorded(name: string, task: number): void {
    const pool = this.#pools.get(name);
    pool?.places.delete(task);
    this.#kept.get(name)?.delete(task);
    const held = pool?.held.get(task);
    if (pool === undefined || held === undefined) return;
    pool.held.delete(task);
    if (held.fate !== null) pool.text.add(task, held.fate, held.digest);
  }

  /** Writes what is left and closes the files. */
  close(): void {
    for (const pool of this.#pools.keys()) this.#endPool(pool);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #endPool(name: string): void {
    const pool = this.#pools.get(name);
    if (pool === undefined) return;
    this.#write(name, pool, Number.POSITIVE_INFINITY);
    this.#pools.delete(name);
    for (const { fd } of [pool.fates, pool.records]) if (fd !== null) closeSync(fd);
  }

  #writeSoon(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const nowMs = monotonicMs();
      for (const [name, pool] of this.#pools) this.#write(name, pool, nowMs);
      if ([...this.#pools.values()].some(({ held }) => held.size > 0)) this.#writeSoon(patienceMs);
    }, delayMs);
  }

  #write(name: string, pool: NotedPool, nowMs: number): void {
    this.#secureRecords(pool, nowMs);
    const lines = pool.text.take();
    if (lines.length > 0 && this.#options.writeRecords(name)) this.#append(pool.fates, lines);
  }

  /** A task that is known to have succeeded has its record in safety. */
  #secureRecords({ text, held, places, records }: NotedPool, nowMs: number): void {
    const late: HeldTask[] = [];
    for (const [task, waiting] of held) {
      if (nowMs - waiting.sinceMs < patienceMs) break;
      held.delete(task);
      late.push(waiting);
    }
    if (late.length === 0) return;
    const lines = late.map(({ record }) => Buffer.from(`${JSON.stringify(this.#heldRecord(record))}\n`));
    let start = this.#append(records, Buffer.concat(lines));
    for (const [index, { record }] of late.entries()) {
      if (start === null) {
        this.#keep(record);
        continue;
      }
      const bytes = lines[index]?.length ?? 0;
      if (isLongOutput(record.record.lastAttempt.stdoutBytes)) places.set(record.record.task, { start, bytes });
      start += bytes;
    }
    if (start === null) return;
    for (const { record, fate, digest } of late) if (fate !== null) text.add(record.record.task, fate, digest);
  }

  #heldRecord({ record, results, joblog }: Extract<Effect, { type: 'hold_record' }>): HeldRecord {
    return {
      task: record.task,
      results: results ? resultsLine(record) : null,
      joblog: joblog ? taskJoblogLine(record, this.#options.wallMs) : null,
    };
  }

  #keep({ pool, record, results }: Extract<Effect, { type: 'hold_record' }>): void {
    if (!results || !isLongOutput(record.lastAttempt.stdoutBytes)) return;
    const kept = this.#kept.get(pool) ?? new ShortLivedMap();
    this.#kept.set(pool, kept);
    kept.set(record.task, record);
  }

  /** Says where in the file they begin; null where they could not be written. */
  #append(file: LinesFile, lines: Uint8Array): number | null {
    try {
      if (file.fd === null) Object.assign(file, openForLines(file.path));
      const start = file.bytes + (file.isTorn ? 1 : 0);
      const bytes = file.isTorn ? Buffer.concat([Buffer.from('\n'), lines]) : lines;
      file.isTorn = true;
      for (let written = 0; written < bytes.length; ) {
        const length = writeSync(file.fd ?? -1, bytes, written);
        written += length;
        file.bytes += length;
      }
      file.isTorn = false;
      return start;
    } catch (error) {
      this.#tellFailure(file.path, error);
      return null;
    }
  }

  #tellFailure(path: string, error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const message = `the fates of tasks cannot be written to \`${path}\` (${systemErrorText(error)}): where this run is resumed, some tasks run again`;
    this.#options.report({ type: 'warning', code: 'MP861', message, instance: null });
  }
}

function newPool(runFolder: string, pool: string): NotedPool {
  return {
    text: new FatesText(),
    held: new ShortLivedMap(),
    places: new ShortLivedMap(),
    fates: { path: fatesFile(runFolder, pool), fd: null, bytes: 0, isTorn: false },
    records: { path: heldFile(runFolder, pool), fd: null, bytes: 0, isTorn: false },
  };
}
