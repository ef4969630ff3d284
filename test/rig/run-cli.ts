import { closeSync, openSync } from 'node:fs';
import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { boundUser, copyForAnybody } from './bound-user.ts';
import { bundledCli } from './bundle-cli.ts';
import { currentCli } from './current-cli.ts';

/** How a call of the command line ended. */
export interface CliResult {
  readonly stdout: string;
  readonly stderr: string;
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a call of the command line has written. */
export type CliOutput = Readonly<Record<'stdout' | 'stderr', string>>;

/** Where and with what the command line is called. */
export interface CliOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Besides PATH and a HOME in `cwd`, which is all that it gets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Standard input; empty without it. */
  readonly input?: string | Uint8Array;
  /** Absolute path of the program; made from the sources without it. */
  readonly program?: string;
  /** Run by a user whom permissions bind, as they do not bind root, who may be the one that runs the tests. */
  readonly isBound?: boolean;
  /** The command that becomes the program, such as `taskset --cpu-list 0`. */
  readonly prefix?: readonly string[];
  /** Absolute path of the file that standard output goes to instead of the result. */
  readonly stdoutFile?: string | null;
}

/** A call of the command line as a process of its own. It is killed when the test ends before it. */
export class CliRun {
  readonly #child: ChildProcess;
  readonly #output = { stdout: '', stderr: '' };
  readonly #waiting = new Set<() => void>();
  /** Resolves when the process has ended and its output is read. */
  readonly result: Promise<CliResult>;

  constructor(bundle: string, argv: readonly string[], options: CliOptions) {
    const file = options.stdoutFile ?? null;
    const descriptor = file === null ? null : openSync(file, 'w');
    const [command, ...rest] = [...(options.prefix ?? []), process.execPath, bundle, ...argv];
    this.#child = spawn(command ?? '', rest, {
      cwd: options.cwd,
      stdio: ['pipe', descriptor ?? 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: options.cwd, ...options.environment },
      ...(options.isBound === true ? boundUser : {}),
    });
    if (descriptor !== null) closeSync(descriptor);
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.#output[name] += text;
        for (const wake of this.#waiting) wake();
      });
    }
    // A program that does not read its input may end before all of it is written.
    this.#child.stdin?.on('error', () => {});
    this.#child.stdin?.end(options.input ?? '');
    this.result = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (exitCode, signal) => {
        resolve({ ...this.#output, exitCode, signal });
        for (const wake of this.#waiting) wake();
      });
    });
    onTestFinished(() => {
      this.#child.kill('SIGKILL');
    });
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the command line was not started');
    return pid;
  }

  /** What has been written so far. */
  get output(): CliOutput {
    return this.#output;
  }

  /** Leaves off reading standard output, or goes on with it. */
  readOutput(isRead: boolean): void {
    if (isRead) this.#child.stdout?.resume();
    else this.#child.stdout?.pause();
  }

  /** Goes away as a reader: the next write of the command line meets a broken pipe. */
  closeOutput(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  /** Sends a signal to the command line alone, as `kill` does. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves once the pattern has appeared; rejects with the output when the process ends without it. */
  async waitForOutput(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    await this.waitUntil((output) => pattern.test(output[stream]), String(pattern));
  }

  /** Resolves once the output is as wanted; rejects with it when the process ends before. */
  async waitUntil(isThere: (output: CliOutput) => boolean, wanted: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const found = isThere(this.#output);
        const ended = this.#child.exitCode !== null || this.#child.signalCode !== null;
        if (!found && !ended) return;
        this.#waiting.delete(look);
        if (found) resolve();
        else void this.result.then((result) => (isThere(result) ? resolve() : reject(new Error(`no ${wanted} in ${JSON.stringify(result)}`))));
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** Starts the command line as a real process and does not wait for it. */
export async function startCli(argv: readonly string[], options: CliOptions): Promise<CliRun> {
  if (options.isBound === true) return new CliRun(copyForAnybody(options.program ?? (await bundledCli())), argv, options);
  return new CliRun(options.program ?? (await currentCli()), argv, options);
}

/** Runs the command line as a real process to its end. */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<CliResult> {
  const run = await startCli(argv, options);
  return run.result;
}
