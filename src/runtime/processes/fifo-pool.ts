import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../run-folder/make-folders.ts';
import { systemErrorCode } from '../system-error-code.ts';
import { isRead } from './fifo.ts';

/** Small, so that the first worker does not wait; a run with many workers gets to the last size. */
const firstBatch = 4;
const batchGrowth = 4;
const largestBatch = 256;
/** For those who cannot wait: one call makes many as quickly as one. */
const foregroundBatch = 16;
/** How often in a row a batch may fail before those who wait for it go on without. */
const maxFailures = 3;

/** The first pipes of a run. */
export interface FirstPipes {
  /** So many will be asked for in one go, besides. */
  readonly count: number;
  /** Makes them and says once whether all of them are there. */
  readonly make: (paths: readonly string[], ended: (made: boolean) => void) => void;
}

/**
 * Named pipes made ahead of their use: one `mkfifo` for many names costs about as much as for one. They
 * live in a folder of their own, and those that come back unused serve again: where thousands of files
 * are made and removed in a few seconds, ext4 spends longer on finding a free number for the next one
 * than the start of a process takes.
 */
export class FifoPool {
  readonly #folder: string;
  #made: string[] = [];
  /** Names that a running `mkfifo` is making. */
  #coming: string[] = [];
  #waiting: { readonly count: number; readonly callback: (paths: readonly string[] | null) => void }[] = [];
  #lastBatch = 0;
  #serial = 0;
  #unusable = false;
  /** Batches in a row that could not be made. */
  #failures = 0;
  /** Resolves when the running `mkfifo` has ended. */
  #making: Promise<void> | null = null;

  /** Makes the first pipes; null once they are ordered. */
  #first: FirstPipes | null;

  /**
   * Begins to make the first pipes at once, through `first` where somebody offers to. `folder` is created
   * with mode 0700.
   */
  constructor(folder: string, first: FirstPipes | null = null) {
    this.#folder = folder;
    this.#first = first;
    try {
      makeFolders(folder);
    } catch {
      this.#unusable = true;
    }
    this.#refill();
  }

  /**
   * Gives `count` names of pipes that exist and belong to the caller, at once where there are enough,
   * otherwise as soon as they are made; null where pipes cannot be made here, for example because
   * the file system has none: the caller then uses ordinary pipes.
   */
  take(count: number, callback: (paths: readonly string[] | null) => void): void {
    this.#collectComing();
    if (this.#unusable) {
      callback(null);
      return;
    }
    if (this.#waiting.length === 0 && this.#made.length >= count) {
      callback(this.#made.splice(0, count));
    } else {
      this.#waiting.push({ count, callback });
    }
    this.#refill();
  }

  /** As `take` for one pipe, but makes some in the foreground, about 3 ms, where none is left. */
  takeNow(): string | null {
    return this.takeManyNow(1)?.[0] ?? null;
  }

  /** As `takeNow` for so many. */
  takeManyNow(count: number): readonly string[] | null {
    this.#collectComing();
    if (this.#made.length < count) {
      const paths = Array.from({ length: Math.max(count, foregroundBatch) }, () => this.#newName());
      const { status } = spawnSync('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore' });
      if (status !== 0) return null;
      this.#made.push(...paths);
    }
    const taken = this.#made.splice(0, count);
    this.#refill();
    return taken;
  }

  /**
   * Takes a pipe back whose ends were closed here. It serves again if no process has it open, so that
   * what is written to it from then on comes from its next writer and goes to its next reader.
   * `written`: it may still have a writer, since its end of file was not read.
   */
  giveBack(path: string, written: boolean): void {
    if (this.#unusable) return;
    if (written || isRead(path)) rmSync(path, { force: true });
    else this.#made.push(path);
    this.#serveWaiting();
  }

  /** Removes the folder and all pipes that nobody took. Waiting callers get null. */
  async close(): Promise<void> {
    this.#unusable = true;
    this.#serveWaiting();
    // Removing a folder that is still being filled fails.
    if (this.#making !== null) await this.#making;
    this.#removeFolder();
  }

  #removeFolder(): void {
    try {
      for (const path of this.#made) unlinkSync(path);
      rmdirSync(this.#folder);
    } catch {
      // Somebody took some away or left something here. To begin with this would cost a short run two milliseconds.
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  #newName(): string {
    this.#serial += 1;
    return join(this.#folder, String(this.#serial));
  }

  /** Uses what a `mkfifo` has made already, although the news of its end has not arrived yet. */
  #collectComing(): void {
    while (this.#coming[0] !== undefined && existsSync(this.#coming[0])) {
      const path = this.#coming.shift();
      if (path !== undefined) this.#made.push(path);
    }
  }

  #refill(): void {
    if (this.#unusable || this.#making !== null) return;
    const wanted = this.#waiting.reduce((sum, { count }) => sum + count, 0);
    if (this.#made.length > this.#lastBatch / 4 && this.#made.length >= wanted) return;
    const size = Math.max(Math.min(largestBatch, Math.max(firstBatch, this.#lastBatch * batchGrowth)), wanted);
    this.#lastBatch = size;
    const first = this.#first;
    this.#coming = Array.from({ length: size + Math.min(first?.count ?? 0, largestBatch) }, () => this.#newName());
    this.#first = null;
    this.#making = new Promise((resolve) => {
      const ended = (outcome: Outcome): void => {
        this.#making = null;
        resolve();
        this.#batchEnded(outcome);
      };
      if (first === null) makeFifos(this.#coming, ended);
      // It may answer at once, before this promise is there.
      else first.make(this.#coming, (made) => process.nextTick(() => ended(made ? 'made' : 'failed')));
    });
  }

  #batchEnded(outcome: Outcome): void {
    // Of a batch that failed half-way some are there; the names of the others are not used again.
    this.#made.push(...(outcome === 'made' ? this.#coming : this.#coming.filter((path) => existsSync(path))));
    this.#coming = [];
    if (outcome === 'impossible') this.#unusable = true;
    this.#failures = outcome === 'failed' ? this.#failures + 1 : 0;
    if (this.#failures >= maxFailures) {
      // Too few resources at this moment: those who wait use ordinary pipes, the next one tries again.
      this.#failures = 0;
      for (const { callback } of this.#waiting.splice(0)) callback(null);
      return;
    }
    this.#serveWaiting();
  }

  #serveWaiting(): void {
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || (!this.#unusable && this.#made.length < next.count)) break;
      this.#waiting.shift();
      next.callback(this.#unusable ? null : this.#made.splice(0, next.count));
    }
    this.#refill();
  }
}

/** `impossible` where there are no named pipes, `failed` where others may be made another time. */
type Outcome = 'made' | 'failed' | 'impossible';

/** What the C library says, in its own language, of file systems and systems without named pipes. */
const noFifosHere = /not supported|not permitted|not implemented/iu;

function makeFifos(paths: readonly string[], ended: (outcome: Outcome) => void): void {
  // Where files are short it has no streams at all.
  const child: ChildProcess = spawn('mkfifo', ['-m', '600', ...paths], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  let said = '';
  let over = false;
  const end = (outcome: Outcome): void => {
    if (!over) ended(outcome);
    over = true;
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.on('error', (error) => end(systemErrorCode(error) === 'ENOENT' ? 'impossible' : 'failed'));
  child.on('exit', (code) => {
    if (code === 0) end('made');
  });
  child.on('close', (code) => end(code !== 0 && noFifosHere.test(said) ? 'impossible' : 'failed'));
}
