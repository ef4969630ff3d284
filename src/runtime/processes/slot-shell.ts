import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { withoutStackTrace } from '../without-stack-trace.ts';
import { encodeText } from '../escaped-bytes.ts';
import { slotScript } from './slot-script.ts';

/** What the shell says of a command that has ended; `status` is null where the shell itself was ended. */
export interface SlotEnd {
  readonly status: number | null;
  /** It has said in words that a signal was the cause. */
  readonly saidSignal: boolean;
}

/** What a shell is started with. */
interface SlotShellOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A named pipe; null where none can be had, and then nobody knows what commands leave behind. */
  readonly marker: string | null;
  /** It has ended, and everything that it had to say was heard. */
  readonly onGone: (shell: SlotShell) => void;
}

const answer = /^= \d+ (?<status>\d+)$/u;
const readBuffer = Buffer.allocUnsafe(4096);

/** The long-lived shell of a slot, in a session and process group of its own, and at most one command that it runs. */
export class SlotShell {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #marker: number | null;
  #unread = '';
  #saidSignal = false;
  #onEnd: ((end: SlotEnd) => void) | null = null;

  private constructor(child: ChildProcess, pid: number, { marker, onGone }: SlotShellOptions, markerFd: number | null) {
    this.#child = child;
    this.pid = pid;
    this.#marker = marker === null ? null : markerFd;
    // Its end follows.
    child.on('error', () => {});
    child.stdin?.on('error', () => {});
    child.stdout?.setEncoding('latin1').on('data', (text: string) => this.#read(text));
    child.once('close', () => {
      this.#tell({ status: null, saidSignal: false });
      if (this.#marker !== null) closeSync(this.#marker);
      onGone(this);
    });
  }

  /** Null where the system refuses it: whoever starts the command in another way hears why. */
  static start(options: SlotShellOptions): SlotShell | null {
    const { cwd, env, marker } = options;
    let fd: number | null = null;
    try {
      // A reader that is always there lets every writer in.
      fd = marker === null ? null : openSync(marker, constants.O_RDONLY | constants.O_NONBLOCK);
      const child = spawn('/bin/sh', ['-c', slotScript, 'mpctl-slot', marker ?? '/dev/null', env['PWD'] === undefined ? '' : `PWD=${env['PWD']}`], {
        cwd,
        env,
        detached: true,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      if (child.pid !== undefined) return new SlotShell(child, child.pid, options, fd);
      child.on('error', () => {});
    } catch {
      // As where there is no shell.
    }
    if (fd !== null) closeSync(fd);
    return null;
  }

  /** Has it run what `lines` say, of which the last one names the command. */
  run(lines: string, onEnd: (end: SlotEnd) => void): void {
    this.#saidSignal = false;
    this.#onEnd = onEnd;
    this.#child.stdin?.write(encodeText(lines));
  }

  /** It ends when what it runs has ended. */
  retire(): void {
    this.#child.stdin?.end();
  }

  /** Whether somebody of the last command lives on, as far as he has not closed the marker. */
  hasLeftover(): boolean {
    if (this.#marker === null) return false;
    try {
      for (;;) if (withoutStackTrace(() => readSync(this.#marker ?? -1, readBuffer)) === 0) return false;
    } catch {
      return true;
    }
  }

  #read(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines) {
      const said = answer.exec(line)?.groups;
      if (said === undefined) {
        this.#saidSignal = true;
      } else {
        this.#tell({ status: Number(said['status']), saidSignal: this.#saidSignal });
      }
    }
  }

  #tell(end: SlotEnd): void {
    const onEnd = this.#onEnd;
    this.#onEnd = null;
    onEnd?.(end);
  }
}
