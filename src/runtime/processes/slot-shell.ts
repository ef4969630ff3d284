import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { type FifoEnds, openFifo } from './fifo.ts';
import type { Beginnings } from './slot-command.ts';
import { readSlotAnswers } from './slot-answers.ts';
import { SlotInput } from './slot-input.ts';
import type { SlotPipe } from './slot-pipe.ts';
import { slotScript } from './slot-script.ts';
import { slotShellPath } from './subshell-script.ts';

/** What the shell says of a command that has ended; `status` is null where the shell itself was ended. */
export interface SlotEnd {
  readonly status: number | null;
  /** It has said in words that a signal was the cause. */
  readonly saidSignal: boolean;
  /** The shell has ended by itself, as it does where it cannot make a process, or is in the wrong folder by now: there was no command. */
  readonly couldNotStart: boolean;
}

/** What a shell is started with. */
interface SlotShellOptions {
  readonly cwd: string;
  /** A command is only run while its own folder has this path; `.` where that makes no difference. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Open in every command, so that it is known whom it has left behind. */
  readonly marker: SlotPipe;
  readonly beginnings: Beginnings;
  /** What it and its commands have open from descriptor 3 on, but 9. */
  readonly descriptors: readonly ('ignore' | number)[];
  /** A named pipe for what it reads: a shell reads a byte at a time, and from a socket each costs twice as much. It loses its name. */
  readonly input: string;
  /** A named pipe for what it answers. */
  readonly answers: string;
  /** It has ended, and everything that it had to say was heard. */
  readonly onGone: (shell: SlotShell) => void;
}

/** A shell that was started, with the ends of its pipes that are kept here. */
interface StartedShell {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly input: SlotInput;
  readonly answersFd: number;
}

const answer = /^= \d+$/;
const answerBegin = '= '.length;

/** The long-lived shell of a slot, in a session and process group of its own, and at most one command that it runs. */
export class SlotShell {
  readonly pid: number;
  readonly #input: SlotInput;
  readonly #marker: SlotPipe;
  #saidSignal = false;
  #onEnd: ((end: SlotEnd) => void) | null = null;

  private constructor({ child, pid, input, answersFd }: StartedShell, { marker, onGone }: SlotShellOptions) {
    this.#input = input;
    this.pid = pid;
    this.#marker = marker;
    // Its end follows.
    child.on('error', () => {});
    let code: number | null = null;
    let open = 2;
    const close = (): void => {
      open -= 1;
      if (open > 0) return;
      this.#tell({ status: null, saidSignal: false, couldNotStart: code !== null && code !== 0 });
      this.#input.end();
      onGone(this);
    };
    child.once('exit', (exitCode) => {
      code = exitCode;
      close();
    });
    readSlotAnswers(answersFd, (line) => this.#read(line), close);
  }

  /** Null where the system refuses it: whoever starts the command in another way hears why. */
  static start(options: SlotShellOptions): SlotShell | null {
    const { cwd, folder, env, marker, beginnings, descriptors, input, answers } = options;
    const opened: FifoEnds[] = [];
    try {
      const [inputEnds, answerEnds] = [openInto(opened, input, 'write'), openInto(opened, answers, 'read')];
      const [mpctl_slot_1, mpctl_slot_2, mpctl_slot_3] = beginnings;
      const child = spawn(slotShellPath, ['-c', slotScript, slotShellPath, marker.path, env['PWD'] === undefined ? '' : `PWD=${env['PWD']}`, folder], {
        cwd,
        // One has most of a key, and everybody on the machine can read arguments.
        env: { ...env, mpctl_slot_1, mpctl_slot_2, mpctl_slot_3 },
        detached: true,
        stdio: [inputEnds.readFd, answerEnds.writeFd, 'ignore', ...descriptors],
      });
      if (child.pid !== undefined) {
        closeSync(inputEnds.readFd);
        closeSync(answerEnds.writeFd);
        return new SlotShell({ child, pid: child.pid, input: new SlotInput(inputEnds.writeFd), answersFd: answerEnds.readFd }, options);
      }
      child.on('error', () => {});
    } catch {
      // As where there is no shell.
    }
    for (const { readFd, writeFd } of opened) for (const open of [readFd, writeFd]) closeSync(open);
    return null;
  }

  /** Has it run what `lines` say, of which the last one says that the command is complete. */
  run(lines: string, onEnd: (end: SlotEnd) => void): void {
    this.#saidSignal = false;
    this.#onEnd = onEnd;
    this.#marker.commandComes();
    this.#input.write(lines);
  }

  /** It ends when what it runs has ended. */
  retire(): void {
    this.#input.end();
  }

  /** Whether somebody of the last command lives on, as far as he has not closed the marker. */
  hasLeftover(): boolean {
    for (;;) {
      const read = this.#marker.read();
      if (read === null || read === 'end') return read === null;
    }
  }

  #read(line: string): void {
    if (answer.test(line)) this.#tell({ status: Number(line.slice(answerBegin)), saidSignal: this.#saidSignal, couldNotStart: false });
    else this.#saidSignal = true;
  }

  #tell(end: SlotEnd): void {
    const onEnd = this.#onEnd;
    this.#onEnd = null;
    onEnd?.(end);
  }
}

function openInto(opened: FifoEnds[], path: string, own: 'read' | 'write'): FifoEnds {
  const ends = openFifo(path, own);
  opened.push(ends);
  return ends;
}
