import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import { ProcessLook } from './process-look.ts';

const keeper = path.join(import.meta.dirname, 'keeper.py');

/** How a process ended, as wait(2) has it: one of both is null. */
export interface WaitStatus {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A process to start in a namespace. A stream that is neither named nor on the terminal is closed. */
export interface StartOrder {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute paths. */
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  /** The pid that it gets, which nobody may have any more. */
  readonly wanted?: number;
  /** It leads a session on a terminal of its own; what that shows goes to the file `screen`. */
  readonly terminal?: { readonly columns: number; readonly rows: number; readonly screen: string };
}

/** What the keeper says. */
interface KeeperWord {
  readonly answers?: number;
  readonly pid?: number;
  readonly sent?: boolean;
  readonly error?: string;
  readonly ended?: number;
  readonly status?: number;
}

/** A PID namespace with its keeper as process 1. All pids are those inside. */
export class Namespace {
  /** Its file system, which has mounts of its own. */
  readonly root: string;
  /** Its process table. */
  readonly processes: ProcessLook;
  readonly #control: Duplex;
  readonly #answers = new Map<number, (word: KeeperWord) => void>();
  readonly #ends = new Map<number, WaitStatus>();
  #orders = 0;

  /** `keeperPid` is that of process 1, outside. */
  constructor(control: Duplex, keeperPid: number) {
    this.#control = control;
    this.root = `/proc/${String(keeperPid)}/root`;
    this.processes = new ProcessLook(path.join(this.root, 'proc'));
    createInterface({ input: control }).on('line', (line) => this.#hear(JSON.parse(line) as KeeperWord));
  }

  #hear({ answers, ended, status, ...word }: KeeperWord): void {
    // Not when the caller goes on: its end may be told with the next line.
    if (word.pid !== undefined) this.#ends.delete(word.pid);
    if (answers !== undefined) this.#answers.get(answers)?.(word);
    if (ended !== undefined && status !== undefined) this.#ends.set(ended, waitStatus(status));
  }

  /** Starts a process and gives its pid. */
  async start(order: StartOrder): Promise<number> {
    const { pid } = await this.#ask({ do: 'start', ...order });
    if (pid === undefined) throw new Error('the keeper gave no pid');
    return pid;
  }

  /** How a started process ended; null while it runs. */
  endOf(pid: number): WaitStatus | null {
    return this.#ends.get(pid) ?? null;
  }

  /** Sends signals at once one after the other; false where there is no such process. */
  async signal(pid: number, signals: NodeJS.Signals | readonly NodeJS.Signals[], times = 1): Promise<boolean> {
    const numbers = [signals].flat().map((name) => constants.signals[name]);
    const { sent } = await this.#ask({ do: 'signal', pid, signals: numbers, times });
    return sent ?? false;
  }

  /** Types on the terminal of a started process. */
  async type(pid: number, text: string): Promise<void> {
    await this.#ask({ do: 'type', pid, text });
  }

  /** Changes the size of its terminal. */
  async resize(pid: number, columns: number, rows: number): Promise<void> {
    await this.#ask({ do: 'resize', pid, columns, rows });
  }

  /** Closes its terminal, as whoever closes the window does. */
  async hangUp(pid: number): Promise<void> {
    await this.#ask({ do: 'hang_up', pid });
  }

  async #ask(order: object): Promise<KeeperWord> {
    this.#orders += 1;
    const id = this.#orders;
    const answer = await new Promise<KeeperWord>((resolve) => {
      this.#answers.set(id, resolve);
      this.#control.write(`${JSON.stringify({ id, ...order })}\n`);
    });
    this.#answers.delete(id);
    if (answer.error !== undefined) throw new Error(`the keeper: ${answer.error}`);
    return answer;
  }
}

function waitStatus(status: number): WaitStatus {
  const number = status & 0x7f;
  if (number === 0) return { exitCode: status >> 8, signal: null };
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return { exitCode: null, signal: name ?? String(number) };
}

/** A namespace for the running test; all of it is killed when the test has ended. Without `reaps`, orphans stay zombies. */
export async function openNamespace({ reaps = true }: { readonly reaps?: boolean } = {}): Promise<Namespace> {
  const words = ['--pid', '--fork', '--mount-proc', '--kill-child', 'python3', '-IS', keeper, ...(reaps ? [] : ['no-reaper'])];
  const unshare = spawn('unshare', words, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  const ended = once(unshare, 'exit');
  onTestFinished(async () => {
    unshare.kill('SIGKILL');
    await ended;
  });
  const control = unshare.stdio[3];
  if (!(control instanceof Duplex)) throw new Error('no line to the keeper');
  // It says that it is up as soon as it has its own view of processes.
  await Promise.race([once(control, 'data'), ended]);
  const children = readFileSync(`/proc/${String(unshare.pid)}/task/${String(unshare.pid)}/children`, 'utf8');
  return new Namespace(control, Number(children.trim()));
}
