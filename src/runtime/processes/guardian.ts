import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { guardianScript } from './guardian-script.ts';

/** A guardian that dies more often than this within `deathWindowMs` is not started again. */
const maxDeaths = 5;
const deathWindowMs = 10_000;

/** What a guardian is made for. */
export interface GuardianOptions {
  readonly runId: string;
  /** Between SIGTERM and SIGKILL when mpctl has died; rounded up to tenths of a second. */
  readonly graceMs: number;
  /** It could not be started or kept alive; nothing else ends the workers of a killed mpctl then. */
  readonly onLost: (message: string) => void;
}

/**
 * The process that outlives a killed mpctl and ends its workers: one `/bin/sh` for the whole run,
 * in a session of its own, asleep on a pipe whose other end dies with mpctl. Nothing waits for it to
 * be up: what it is told meanwhile stays in the pipe.
 */
export class Guardian {
  readonly #options: GuardianOptions;
  readonly #groups = new Set<number>();
  #child: ChildProcess | null = null;
  #dismissed = false;
  #deaths: number[] = [];

  /** Starts it. */
  constructor(options: GuardianOptions) {
    this.#options = options;
    this.#start();
  }

  /** Of the shell; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** To be called as soon as a worker has started. */
  watch(group: number): void {
    this.#groups.add(group);
    this.#tell(`+ ${group}\n`);
  }

  /** To be called when no process of the group is left; its number may then be used again. */
  unwatch(group: number): void {
    if (this.#groups.delete(group)) this.#tell(`- ${group}\n`);
  }

  /** Sends it away; only when nothing of the run is left. */
  dismiss(): void {
    this.#dismissed = true;
    this.#tell('bye\n');
    this.#child?.stdin?.end();
  }

  #start(): void {
    const { runId, graceMs } = this.#options;
    const grace = String(Math.ceil(graceMs / 100));
    let child: ChildProcess;
    try {
      child = spawn('/bin/sh', ['-c', guardianScript, 'mpctl-guardian', runId, grace], {
        cwd: '/',
        // Without the run's mark, or the search for marked processes would find the guardian.
        env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
    } catch (error) {
      this.#options.onLost(`the guardian could not be started: ${String(error)}`);
      return;
    }
    this.#child = child;
    child.on('error', (error) => this.#ended(error.message));
    child.on('exit', (code, signal) => this.#ended(`it ended with ${signal ?? `exit code ${code}`}`));
    // Writing to a guardian that has just died; its exit follows and brings a new one.
    child.stdin?.on('error', () => {});
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
    if (this.#groups.size > 0) this.#tell([...this.#groups].map((group) => `+ ${group}\n`).join(''));
  }

  #tell(text: string): void {
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
