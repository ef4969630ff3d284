import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { guardianScript } from './guardian-script.ts';

/** A guardian that dies more often than this within `deathWindowMs` is not started again. */
const maxDeaths = 5;
const deathWindowMs = 10_000;
/**
 * Groups that begin and end within so many milliseconds are not told at all: the shell reads a byte at a
 * time, and the run's mark finds a worker that it was not told of. Where there are no marks, all are told.
 */
const tellEveryMs = process.platform === 'linux' ? 20 : 0;

/** What a guardian is made for. */
export interface GuardianOptions {
  readonly runId: string;
  /** Between SIGTERM and SIGKILL when mpctl has died; rounded up to tenths of a second. */
  readonly graceMs: number;
  /** It could not be started or kept alive; nothing else ends the workers of a killed mpctl then. */
  readonly onLost: (message: string) => void;
}

/** An order for named pipes. */
export interface PipesToMake {
  readonly paths: readonly string[];
  /** Once: whether all of them are there. */
  readonly ended: (made: boolean) => void;
}

/**
 * The process that outlives a killed mpctl and ends its workers: one `/bin/sh` for the whole run,
 * in a session of its own, asleep on a pipe whose other end dies with mpctl. Nothing waits for it to
 * be up: what it is told meanwhile stays in the pipe.
 */
export class Guardian {
  readonly #options: GuardianOptions;
  readonly #groups = new Set<number>();
  /** What has to be told: the sign of each group, and when that was done last. */
  readonly #untold = new Map<number, '+' | '-'>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #tellTimer: NodeJS.Timeout | null = null;
  #started = false;
  #child: ChildProcess | null = null;
  #dismissed = false;
  #deaths: number[] = [];

  constructor(options: GuardianOptions) {
    this.#options = options;
  }

  /** Starts it, unless that was done; `fifos` are made by it before anything else. */
  start(fifos?: PipesToMake): void {
    if (this.#started) return;
    this.#started = true;
    this.#start(fifos);
  }

  /** Of the shell; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** To be called as soon as a worker has started. */
  watch(group: number): void {
    this.#groups.add(group);
    // A number that is used again before its end was told: the shell has it still.
    if (!this.#untold.delete(group)) this.#tellSoon(group, '+');
  }

  /** To be called when no process of the group is left; its number may then be used again. */
  unwatch(group: number): void {
    if (!this.#groups.delete(group)) return;
    if (!this.#untold.delete(group)) this.#tellSoon(group, '-');
  }

  /** Sends it away; only when nothing of the run is left. */
  dismiss(): void {
    this.#dismissed = true;
    if (this.#tellTimer !== null) clearTimeout(this.#tellTimer);
    this.#write('bye\n');
    this.#child?.stdin?.end();
  }

  #start(fifos?: PipesToMake): void {
    const { runId, graceMs } = this.#options;
    const grace = String(Math.ceil(graceMs / 100));
    let child: ChildProcess;
    try {
      child = spawn('/bin/sh', ['-c', guardianScript, 'mpctl-guardian', runId, grace, ...(fifos?.paths ?? [])], {
        cwd: '/',
        // Without the run's mark, or the search for marked processes would find the guardian.
        env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
        detached: true,
        stdio: ['pipe', fifos === undefined ? 'ignore' : 'pipe', 'ignore'],
      });
    } catch (error) {
      fifos?.ended(false);
      this.#options.onLost(`the guardian could not be started: ${String(error)}`);
      return;
    }
    this.#child = child;
    if (fifos !== undefined) awaitPipes(child, fifos);
    child.on('error', (error) => this.#ended(error.message));
    child.on('exit', (code, signal) => this.#ended(`it ended with ${signal ?? `exit code ${code}`}`));
    // Writing to a guardian that has just died; its exit follows and brings a new one.
    child.stdin?.on('error', () => {});
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
    this.#untold.clear();
    if (this.#groups.size > 0) this.#write([...this.#groups].map((group) => `+ ${group}\n`).join(''));
  }

  #tellSoon(group: number, sign: '+' | '-'): void {
    this.#untold.set(group, sign);
    if (this.#tellTimer !== null) return;
    const waitMs = this.#toldAt + tellEveryMs - performance.now();
    if (waitMs <= 0) {
      this.#tell();
      return;
    }
    this.#tellTimer = setTimeout(() => this.#tell(), waitMs).unref();
  }

  #tell(): void {
    this.#tellTimer = null;
    this.#toldAt = performance.now();
    if (this.#untold.size === 0) return;
    this.#write([...this.#untold].map(([group, sign]) => `${sign} ${group}\n`).join(''));
    this.#untold.clear();
  }

  #write(text: string): void {
    if (this.#child?.stdin?.writable === true) this.#child.stdin.write(text);
  }

  #ended(reason: string): void {
    this.#child = null;
    if (this.#dismissed) return;
    const now = performance.now();
    this.#deaths = this.#deaths.filter((at) => now - at < deathWindowMs);
    this.#deaths.push(now);
    if (this.#deaths.length > maxDeaths) this.#options.onLost(`the guardian cannot be kept alive: ${reason}`);
    else this.#start();
  }
}

/** The shell says `made` or closes its output without a word. */
function awaitPipes({ stdout }: ChildProcess, { ended }: PipesToMake): void {
  let over = false;
  const end = (made: boolean): void => {
    if (over) return;
    over = true;
    ended(made);
  };
  stdout?.once('data', () => end(true));
  stdout?.on('error', () => {});
  stdout?.once('close', () => end(false));
  if (stdout === null) end(false);
}
