import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { monotonicMs } from '../monotonic-ms.ts';
import { guardianScript } from './guardian-script.ts';

/** A guardian that dies more often than this within `deathWindowMs` is not started again. */
const maxDeaths = 5;
const deathWindowMs = 10_000;
/** Linux takes at most 128 KiB for one argument. */
const mostKnownBytes = 120 * 1024;
/** Ends are told together, at most so often: the shell reads a byte at a time. */
const tellEndsEveryMs = 20;

/** What a guardian is made for. */
export interface GuardianOptions {
  readonly runId: string;
  /** Between SIGTERM and SIGKILL when mpctl has died; rounded up to tenths of a second. */
  readonly graceMs: number;
  /** The file in which it notes that mpctl was killed. */
  readonly record: string;
  /** The run's own, from which it keeps away: mpctl is to enter it only after the start. Null where it has none. */
  readonly cgroup: string | null;
  /** It could not be started or kept alive; nothing else ends the workers of a killed mpctl then. */
  readonly onLost: (message: string) => void;
  /** Where it puts the tokens of make back that a killed mpctl had; null where mpctl takes none. */
  readonly tokenFd: number | null;
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
  /** What it removes when mpctl was killed. */
  readonly #leavings = new Set<string>();
  /** Tokens of make in the hand of mpctl, as bytes. */
  readonly #tokens: number[] = [];
  /** Groups whose end has to be told. */
  readonly #untoldEnds = new Set<number>();
  #tellTimer: NodeJS.Timeout | null = null;
  /** What several starts of one turn have to say goes out together. */
  #unsent = '';
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
    if (!this.#untoldEnds.delete(group)) this.#write(`+ ${group}\n`);
  }

  /** To be called when no process of the group is left; its number may then be used again. */
  unwatch(group: number): void {
    if (!this.#groups.delete(group)) return;
    this.#untoldEnds.add(group);
    this.#tellTimer ??= setTimeout(() => this.#tellEnds(), tellEndsEveryMs).unref();
  }

  /** The groups that it would end. */
  watched(): readonly number[] {
    return [...this.#groups];
  }

  /** Has a file or a folder removed when mpctl was killed, after the end of everything else. */
  removeWhenKilled(path: string): void {
    // A path of two lines would be two.
    if (path.includes('\n')) return;
    this.#leavings.add(path);
    this.#write(`rm ${path}\n`);
  }

  /** A token of make was read. */
  holdToken(token: number): void {
    this.#tokens.push(token);
    this.#write(`take ${octal(token)}\n`);
  }

  /** It is about to be put back. */
  dropToken(token: number): void {
    const position = this.#tokens.indexOf(token);
    if (position >= 0) this.#tokens.splice(position, 1);
    this.#write(`drop ${octal(token)}\n`);
    this.#send();
  }

  /** Has it know at once what it was told in this turn. */
  tell(): void {
    this.#send();
  }

  /** Sends it away; only when nothing of the run is left. It removes the cgroup first, when mpctl has ended. */
  dismiss(): void {
    this.#dismissed = true;
    if (this.#tellTimer !== null) clearTimeout(this.#tellTimer);
    this.#write('bye\n');
    this.#send();
    if (this.#options.cgroup === null) this.#child?.stdin?.end();
  }

  #start(fifos?: PipesToMake): void {
    const { runId, graceMs, record, cgroup, tokenFd } = this.#options;
    const place = this.#deaths.length === 0 ? 'outside' : 'inside';
    const grace = String(Math.ceil(graceMs / 100));
    // Given to it at its birth, as mpctl may be killed before it has written a word.
    const known = this.#known();
    const isShort = Buffer.byteLength(known) <= mostKnownBytes;
    let child: ChildProcess;
    try {
      child = spawn('/bin/sh', ['-c', guardianScript, 'mpctl-guardian', runId, grace, record, cgroup ?? '', place, isShort ? known : '', ...(fifos?.paths ?? [])], {
        cwd: '/',
        // Without the run's mark, or the search for marked processes would find the guardian.
        env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
        detached: true,
        stdio: ['pipe', fifos === undefined ? 'ignore' : 'pipe', 'ignore', ...(tokenFd === null ? [] : [tokenFd])],
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
    this.#untoldEnds.clear();
    this.#unsent = '';
    if (!isShort) this.#write(`${known}\n`);
  }

  /** Everything that another one was told, without the last newline. */
  #known(): string {
    return [...[...this.#groups].map((group) => `+ ${group}`), ...[...this.#leavings].map((path) => `rm ${path}`), ...this.#tokens.map((token) => `take ${octal(token)}`)].join('\n');
  }

  #tellEnds(): void {
    this.#tellTimer = null;
    if (this.#untoldEnds.size > 0) this.#write([...this.#untoldEnds].map((group) => `- ${group}\n`).join(''));
    this.#untoldEnds.clear();
  }

  #write(text: string): void {
    if (this.#unsent === '') process.nextTick(() => this.#send());
    this.#unsent += text;
  }

  #send(): void {
    const text = this.#unsent;
    this.#unsent = '';
    if (text !== '' && this.#child?.stdin?.writable === true) this.#child.stdin.write(text);
  }

  #ended(reason: string): void {
    this.#child = null;
    if (this.#dismissed) return;
    const now = monotonicMs();
    this.#deaths = this.#deaths.filter((at) => now - at < deathWindowMs);
    this.#deaths.push(now);
    if (this.#deaths.length > maxDeaths) this.#options.onLost(`the guardian cannot be kept alive: ${reason}`);
    else this.#start();
  }
}

/** As `printf` takes it. */
function octal(token: number): string {
  return token.toString(8).padStart(3, '0');
}

/** The shell says `made` or closes its output without a word. */
function awaitPipes(child: ChildProcess, { ended }: PipesToMake): void {
  let over = false;
  const end = (made: boolean): void => {
    if (over) return;
    over = true;
    ended(made);
  };
  // Where the shell could not be started, because files or processes are short, it has no output at all.
  child.once('error', () => end(false));
  child.once('exit', () => end(false));
  child.stdout?.once('data', () => end(true));
  child.stdout?.on('error', () => {});
  child.stdout?.once('close', () => end(false));
}
