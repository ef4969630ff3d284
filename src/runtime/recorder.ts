import { closeSync, constants, existsSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Effect } from '../engine/effect.ts';
import type { RunEventBody } from '../engine/run-event.ts';
import { joblogHeader } from '../jobs/joblog.ts';
import { encodeText } from './escaped-bytes.ts';
import { openToWrite } from './processes/named-pipe.ts';
import { ReadPipes } from './read-pipes.ts';
import { continueJoblog, continueResults, type ResumedPool } from './resumed-files.ts';
import { resultsLine } from './results-line.ts';
import type { WallTime } from './run-time.ts';
import { notWritableText } from './not-writable-text.ts';
import { taskJoblogLine } from './task-joblog-line.ts';
import { tidyResults } from './tidy-results.ts';

/** What a pool calls a file that it writes to. */
type FileUse = 'results' | 'joblog';

const titles = { results: 'its results', joblog: 'its `joblog`' } as const satisfies Record<FileUse, string>;

/** A file that a pool writes to. */
interface OpenFile {
  readonly path: string;
  readonly use: FileUse;
  /** null once it could not be written. */
  fd: number | null;
  /** Lines that are written together with those that follow soon. */
  unwritten: string;
}

/** Gives the line of a task in the results of its pool. */
type HeldResults = (pool: string, task: number) => string | null;

/** What one pool writes to. */
interface PoolFiles {
  readonly byPath: Map<string, OpenFile>;
  readonly byName: Map<string, OpenFile>;
  /** The first that went wrong since the files were opened. */
  failure: string | null;
  /** Somebody asks for the failure when they are closed, or was warned of it. */
  isAnswered: boolean;
}

/** Lines are gathered for so long, in ms, and no more of them than this, in characters. */
const gatherMs = 20;
const mostUnwritten = 64 * 1024;

/** Adds to the end whoever else writes there, and empties what was there before the run. */
const firstOpening = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_TRUNC;

/** Writes the results of pools: JSON Lines, and job logs with GNU parallel's columns. */
export class Recorder {
  readonly #report: (body: RunEventBody) => void;
  readonly #wallMs: WallTime;
  readonly #pools = new Map<string, PoolFiles>();
  readonly #resumed: ReadonlyMap<string, ResumedPool>;
  readonly #emptied = new Set<string>();
  /** Pools of whose results, or lines of the job log, some could not be written. */
  readonly #lossy = new Set<string>();
  /** Files that have lines which are not written yet, each with its pool. */
  readonly #unwritten = new Map<OpenFile, string>();
  readonly #pipes = new ReadPipes();
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param wallMs when something was that a record has the time of
   * @param resumed the pools that go on with the files of an earlier run
   */
  constructor(report: (body: RunEventBody) => void, wallMs: WallTime, resumed: ReadonlyMap<string, ResumedPool> = new Map()) {
    this.#report = report;
    this.#resumed = resumed;
    this.#wallMs = wallMs;
  }

  /** Opens the files of a pool as `open` does, once somebody reads those that are named pipes. */
  openWhenRead(effect: Extract<Effect, { type: 'open_results' }>, done: (failure: string | null) => void): void {
    const { workingDir, resultsFile, joblog } = effect;
    const paths = [resultsFile, joblog].flatMap((file) => (file === null ? [] : [resolve(workingDir, file)]));
    this.#pipes.whenRead(paths, () => done(this.open(effect)));
  }

  /** Opens the files of a pool; a file is emptied when the run first opens it. Says why where one cannot be. */
  open({ pool, workingDir, resultsFile, joblog }: Extract<Effect, { type: 'open_results' }>): string | null {
    this.#close(pool);
    const files: PoolFiles = { byPath: new Map(), byName: new Map(), failure: null, isAnswered: true };
    this.#pools.set(pool, files);
    if (resultsFile !== null) this.#open(pool, files, resolve(workingDir, resultsFile), 'results');
    if (joblog !== null) this.#open(pool, files, resolve(workingDir, joblog), 'joblog');
    return files.failure;
  }

  /** Appends one task to the files that want it. What a pool that was never started has lost is only warned of. `held` gives the line of one whose record was held back. */
  record(effect: Extract<Effect, { type: 'record_task' }>, held: HeldResults = () => null): void {
    const { record, workingDir, pool } = effect;
    const files = this.#pools.get(pool) ?? { byPath: new Map(), byName: new Map(), failure: null, isAnswered: false };
    this.#pools.set(pool, files);
    if (effect.resultsFile !== null) {
      const file = this.#fileOf(pool, files, workingDir, effect.resultsFile, 'results');
      const isKept = attempt(files, file, () => this.#append(pool, file, (record.isValueHeld === true ? held(pool, record.task) : null) ?? resultsLine(record)));
      if (!isKept) this.#lossy.add(pool);
    }
    // As in GNU parallel's, which has one line a job, of its last run, and none of a job that a halt has ended.
    if (effect.joblog !== null && record.fate !== 'cancelled') {
      this.#append(pool, this.#fileOf(pool, files, workingDir, effect.joblog, 'joblog'), taskJoblogLine(record, this.#wallMs));
    }
    this.#warnOf(pool, files);
  }

  /** Closes the files of a pool, and says what could not be written to them; null where everything was. */
  closePool(pool: string): string | null {
    this.#close(pool);
    this.#orderResults(pool);
    const failure = this.#pools.get(pool)?.failure ?? null;
    this.#pools.delete(pool);
    return failure;
  }

  /** Closes every file. */
  close(): void {
    this.#pipes.close();
    for (const pool of this.#pools.keys()) this.#close(pool);
    this.#pools.clear();
  }

  #close(pool: string): void {
    const files = this.#pools.get(pool);
    if (files === undefined) return;
    this.write();
    for (const file of files.byPath.values()) {
      const { fd } = file;
      file.fd = null;
      if (fd !== null) attempt(files, file, () => closeSync(fd));
    }
  }

  #open(pool: string, files: PoolFiles, path: string, use: FileUse): OpenFile {
    const file: OpenFile = { path, use, fd: null, unwritten: '' };
    files.byPath.set(path, file);
    attempt(files, file, () => {
      const resumed = this.#resumed.get(pool);
      const isFirst = !this.#emptied.has(path);
      const goesOn = isFirst && resumed !== undefined && this.#continue(pool, path, use, resumed);
      file.fd = openToWrite(path, isFirst && !goesOn ? firstOpening : 'a');
      this.#emptied.add(path);
      if (isFirst && !goesOn && use === 'joblog') writeWhole(file.fd, joblogHeader);
    });
    return file;
  }

  /** By its name as it was written: thousands of records name the same. */
  #fileOf(pool: string, files: PoolFiles, workingDir: string, name: string, use: FileUse): OpenFile {
    const known = files.byName.get(name);
    if (known !== undefined) return known;
    const path = resolve(workingDir, name);
    const file = files.byPath.get(path) ?? this.#open(pool, files, path, use);
    files.byName.set(name, file);
    return file;
  }

  /** Whether there is a file of the earlier run to go on with. */
  #continue(pool: string, path: string, use: FileUse, resumed: ResumedPool): boolean {
    if (use === 'joblog') {
      if (!existsSync(path)) return false;
      continueJoblog(path, resumed);
      return true;
    }
    const missing = continueResults(path, resumed);
    if (missing > 0) {
      const message = `\`${path}\` lacks the results of ${missing} ${missing === 1 ? 'task' : 'tasks'} of \`${pool}\` that succeeded before`;
      this.#report({ type: 'warning', code: 'MP862', message, instance: pool });
    }
    return true;
  }

  /** In one run the results would stand in the order of the tasks; those of two follow each other at first. */
  #orderResults(pool: string): void {
    const resumed = this.#resumed.get(pool);
    const files = this.#pools.get(pool);
    if (files === undefined || resumed === undefined || !resumed.byTask || resumed.isShared) return;
    for (const file of files.byPath.values()) {
      if (file.use === 'results') attempt(files, file, () => tidyResults(file.path, { keeps: () => true, extra: new Map(), byTask: true }));
    }
  }

  #append(pool: string, file: OpenFile, text: string): void {
    if (file.fd === null) return;
    this.#timer ??= setTimeout(() => this.write(), gatherMs);
    file.unwritten += text;
    this.#unwritten.set(file, pool);
    if (file.unwritten.length > mostUnwritten) this.write();
  }

  /** Writes what has been gathered. */
  write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const [file, pool] of this.#unwritten) {
      const files = this.#pools.get(pool);
      if (files === undefined) continue;
      if (!writeGathered(files, file)) this.#lossy.add(pool);
      this.#warnOf(pool, files);
    }
    this.#unwritten.clear();
  }

  /** Writes what has been gathered, and says whether all that was recorded of the pool is in its files. */
  writeFor(pool: string): boolean {
    this.write();
    return !this.#lossy.has(pool);
  }

  /** Once, where nobody will ask. */
  #warnOf(pool: string, files: PoolFiles): void {
    if (files.isAnswered || files.failure === null) return;
    files.isAnswered = true;
    this.#report({ type: 'warning', code: 'MP844', message: `\`${pool}\`: ${files.failure}`, instance: pool });
  }
}

function writeGathered(files: PoolFiles, file: OpenFile): boolean {
  const { fd, unwritten } = file;
  file.unwritten = '';
  if (fd === null || unwritten === '' || attempt(files, file, () => writeWhole(fd, unwritten))) return true;
  file.fd = null;
  attempt(files, file, () => closeSync(fd));
  return false;
}

/** The first failure of the files of a pool is the one that is told. */
function attempt(files: PoolFiles, { path, use }: OpenFile, act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    files.failure ??= `${titles[use]} cannot be written to \`${path}\`: ${notWritableText(path, error)}`;
    return false;
  }
}

/** A disk that is nearly full takes a part, and refuses only the next. The commands in a job log have the bytes that are no UTF-8. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(encodeText(text));
  for (let start = 0; start < bytes.length; ) start += writeSync(fd, bytes, start);
}
