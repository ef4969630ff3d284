import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type FifoEnds, openFifo } from './fifo.ts';
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
  /** Another one, for what it reads: a shell reads a byte at a time, and from a socket each costs twice as much. It loses its name. Null for a socket. */
  readonly input: string | null;
  /** It has ended, and everything that it had to say was heard. */
  readonly onGone: (shell: SlotShell) => void;
}

const answer = /^= \d+ (?<status>\d+)$/u;
const readBuffer = Buffer.allocUnsafe(4096);

/** The long-lived shell of a slot, in a session and process group of its own, and at most one command that it runs. */
export class SlotShell {
  readonly pid: number;
  readonly #input: Writable | null;
  readonly #marker: number | null;
  #unread = '';
  #saidSignal = false;
  #onEnd: ((end: SlotEnd) => void) | null = null;

  private constructor(child: ChildProcess, pid: number, input: Writable | null, { marker, onGone }: SlotShellOptions, markerFd: number | null) {
    this.#input = input;
    this.pid = pid;
    this.#marker = marker === null ? null : markerFd;
    // Its end follows.
    child.on('error', () => {});
    input?.on('error', () => {});
    child.stdout?.setEncoding('latin1').on('data', (text: string) => this.#read(text));
    child.once('close', () => {
      this.#tell({ status: null, saidSignal: false });
      if (this.#marker !== null) closeSync(this.#marker);
      onGone(this);
    });
  }

  /** Null where the system refuses it: whoever starts the command in another way hears why. */
  static start(options: SlotShellOptions): SlotShell | null {
    const { cwd, env, marker, input } = options;
    let fd: number | null = null;
    let ends: FifoEnds | null = null;
    try {
      // A reader that is always there lets every writer in.
      fd = marker === null ? null : openSync(marker, constants.O_RDONLY | constants.O_NONBLOCK);
      ends = input === null ? null : openFifo(input, 'write');
      const child = spawn('/bin/sh', ['-c', slotScript, 'mpctl-slot', marker ?? '/dev/null', env['PWD'] === undefined ? '' : `PWD=${env['PWD']}`], {
        cwd,
        env,
        detached: true,
        stdio: [ends?.readFd ?? 'pipe', 'pipe', 'ignore'],
      });
      if (child.pid !== undefined) {
        if (ends !== null) closeSync(ends.readFd);
        const writer = ends === null ? child.stdin : new Socket({ fd: ends.writeFd, readable: false, writable: true });
        return new SlotShell(child, child.pid, writer, options, fd);
      }
      child.on('error', () => {});
    } catch {
      // As where there is no shell.
    }
    for (const open of [fd, ends?.readFd, ends?.writeFd]) if (typeof open === 'number') closeSync(open);
    return null;
  }

  /** Has it run what `lines` say, of which the last one names the command. */
  run(lines: string, onEnd: (end: SlotEnd) => void): void {
    this.#saidSignal = false;
    this.#onEnd = onEnd;
    this.#input?.write(encodeText(lines));
  }

  /** It ends when what it runs has ended. */
  retire(): void {
    this.#input?.end();
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
