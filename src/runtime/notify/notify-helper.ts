import { systemErrorCode } from '../system-error-code.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { notifyHelpers } from './helper-script.ts';

/** A helper that dies more often than this is not started again. */
const mostDeaths = 5;

/** What happens at the sockets, by their numbers. */
export interface HelperListener {
  /** It was started, for the first time or anew: it has no sockets yet. */
  readonly up: () => void;
  readonly opened: (socket: number) => void;
  readonly failed: (socket: number, why: string) => void;
  readonly message: (socket: number, text: string) => void;
  /** There will be no sockets any more. */
  readonly lost: (why: string) => void;
}

/** What the guardian is to end with the run. */
export interface HelperGuard {
  readonly watch: (group: number) => void;
  readonly unwatch: (group: number) => void;
}

/** The process that has the sockets. */
export class NotifyHelper {
  readonly #listener: HelperListener;
  readonly #guard: HelperGuard;
  readonly #path: string;
  #program = 0;
  #child: ChildProcess | null = null;
  #isUp = false;
  #deaths = 0;
  #unread = '';

  constructor(listener: HelperListener, guard: HelperGuard, path: string) {
    this.#listener = listener;
    this.#guard = guard;
    this.#path = path;
  }

  /** Of the process; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): void {
    const helper = notifyHelpers[this.#program];
    if (helper === undefined) {
      this.#listener.lost('neither `perl` nor `python3` is there to have a socket for it');
      return;
    }
    const [program, ...words] = helper;
    this.#isUp = false;
    this.#unread = '';
    const child = spawn(program, words, {
      cwd: '/',
      // Without the run's mark: the guardian is told of it, and the last sweep takes it for no worker.
      env: { PATH: this.#path, LC_ALL: 'C' },
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child = child;
    const { pid } = child;
    if (pid !== undefined) this.#guard.watch(pid);
    let isOver = false;
    const over = (why: unknown): void => {
      if (isOver) return;
      isOver = true;
      if (pid !== undefined) this.#guard.unwatch(pid);
      if (this.#child === child) this.#ended(systemErrorCode(why));
    };
    child.on('error', over);
    child.on('exit', over);
    // Its exit follows.
    const { stdin, stdout }: Partial<Pick<typeof child, 'stdin' | 'stdout'>> = child;
    // There are none where there are no descriptors left for them.
    stdin?.on('error', () => {});
    stdout?.setEncoding('latin1').on('data', (text: string) => this.#read(text));
  }

  open(socket: number, path: string): void {
    if (this.#isUp) this.#child?.stdin?.write(`+ ${socket} ${path}\n`);
  }

  close(socket: number): void {
    if (this.#isUp) this.#child?.stdin?.write(`- ${socket}\n`);
  }

  /** Sends it away. */
  end(): void {
    const child = this.#child;
    this.#child = null;
    child?.stdin?.end();
  }

  /** @param code of the error that kept it from being started; null where it was */
  #ended(code: string | null): void {
    this.#child = null;
    // What the system refuses for a while is no reason for another program.
    const isMissing = code === null || code === 'ENOENT' || code === 'EACCES';
    if (!this.#isUp && isMissing) this.#program += 1;
    else this.#deaths += 1;
    if (this.#deaths > mostDeaths) this.#listener.lost('whatever has a socket for it is ended again and again');
    else this.start();
  }

  #read(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines) {
      const [what, number, ...rest] = line.split(' ');
      const socket = Number(number);
      if (what === 'up') {
        this.#isUp = true;
        this.#listener.up();
      } else if (what === '+') this.#listener.opened(socket);
      else if (what === '!') this.#listener.failed(socket, rest.join(' '));
      else if (what === 'm') this.#listener.message(socket, Buffer.from(rest.join(''), 'hex').toString('latin1'));
    }
  }
}
