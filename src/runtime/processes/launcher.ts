import { ShortLivedMap } from '../../base/short-lived-map.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { FifoSource } from './fifo-source.ts';
import type { LaunchedProcess, LaunchOutcome } from './launched-process.ts';
import { launcherScript } from './launcher-script.ts';
import { signalGroup } from './process-table.ts';
import type { WorkerExit } from './spawn-listener.ts';
import type { OutputTarget, SpawnRequest } from './spawn-request.ts';
import { StreamSetup } from './stream-setup.ts';

/** A run that has started so many commands will start many more: from then on a launcher pays. */
const manyStarts = 16;

interface Pending {
  readonly request: SpawnRequest;
  readonly streams: StreamSetup;
  readonly fifos: readonly string[];
  readonly done: (outcome: LaunchOutcome) => void;
}

/**
 * Starts plain commands in place of mpctl, in a run of many: a fork costs what the process that forks
 * has of memory, and mpctl has many times what a small interpreter has. While mpctl reads and decides,
 * the launcher starts the next command on another core. Where there is no perl, or it is lost, mpctl
 * starts everything itself.
 */
export class Launcher {
  readonly #onLost: (message: string) => void;
  readonly #startsBefore: number;
  #state: 'idle' | 'up' | 'unusable' = 'idle';
  #child: ChildProcess | null = null;
  #starts = 0;
  #nextNumber = 1;
  #unread = '';
  #unsent = '';
  readonly #pending = new ShortLivedMap<number, Pending>();
  /** What is to be told of the end of each that runs. */
  readonly #running = new ShortLivedMap<number, (exit: WorkerExit) => void>();

  /** `onLost` hears that commands were ended with it; `startsBefore` commands are left to the caller first. */
  constructor(onLost: (message: string) => void, startsBefore = manyStarts) {
    this.#onLost = onLost;
    this.#startsBefore = startsBefore;
  }

  /** Of the interpreter; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /**
   * Starts the command, and says later how that went; false where the caller has to start it. `fifos` are as
   * many names as the request has streams that are read here.
   */
  launch(request: SpawnRequest, fifos: readonly string[] | null, done: (outcome: LaunchOutcome) => void): boolean {
    this.#starts += 1;
    if (this.#starts <= this.#startsBefore || this.#state === 'unusable' || fifos === null || !isPlain(request)) return false;
    if (this.#state === 'idle') this.#start();
    if (this.#child === null) return false;
    const environment = Object.entries(request.env).map(([name, value]) => `${name}=${value}`);
    const said = [String(request.argv.length), ...request.argv, ...environment];
    const text = said.join('\0');
    // Node refuses a NUL within one of them, with words.
    if (countOf('\0', text) >= said.length) return false;
    const streams = new StreamSetup(fifos);
    let paths: readonly string[];
    try {
      paths = [pathOf(streams, 'stdout', request.stdout), pathOf(streams, 'stderr', request.stderr)];
    } catch {
      // Whoever starts it himself finds the same, and has the words for it.
      streams.closeTheirs();
      streams.closeOurs();
      return false;
    }
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    this.#pending.set(number, { request, streams, fifos, done });
    const fields = [request.cwd, ...paths, text].join('\0');
    this.#send(`${String(number)} ${String(Buffer.byteLength(fields))}\n${fields}`);
    return true;
  }

  /** Sends it away; only when nothing that it has started is left. */
  close(): void {
    this.#state = 'unusable';
    this.#child?.stdin?.end();
  }

  #start(): void {
    try {
      const child = spawn('perl', ['-e', launcherScript], {
        cwd: '/',
        // Without the run's mark, or the guardian would end it with the workers.
        env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
        detached: true,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      this.#child = child;
      this.#state = 'up';
      child.on('error', () => this.#lost());
      child.on('exit', () => this.#lost());
      // Its exit follows.
      child.stdin.on('error', () => {});
      child.stdout.setEncoding('latin1').on('data', (text: string) => this.#read(text));
    } catch {
      this.#state = 'unusable';
    }
  }

  #send(text: string): void {
    if (this.#unsent === '') {
      process.nextTick(() => {
        this.#child?.stdin?.write(this.#unsent);
        this.#unsent = '';
      });
    }
    this.#unsent += text;
  }

  #read(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines) {
      const [kind, first, second] = line.split(' ');
      if (kind === 'S') this.#started(Number(first), Number(second));
      else if (kind === 'F') this.#refused(Number(first), Number(second));
      // After what its start has put off to the end of this turn.
      else process.nextTick(() => this.#ended(Number(first), exitOf(Number(second))));
    }
  }

  #started(number: number, pid: number): void {
    const pending = this.#pending.get(number);
    if (pending === undefined) return;
    this.#pending.delete(number);
    const { request, streams, done } = pending;
    streams.closeTheirs();
    const sourceOf = (name: 'stdout' | 'stderr'): FifoSource | null => {
      const ours = streams.ourOutputs[name];
      // At end of file no writer is left.
      return ours === null ? null : new FifoSource(ours.fd, (ended) => request.fifos.giveBack(ours.path, !ended));
    };
    const launched: LaunchedProcess = {
      pid,
      stdout: sourceOf('stdout'),
      stderr: sourceOf('stderr'),
      input: null,
      onExit: (callback) => {
        this.#running.set(pid, callback);
      },
    };
    done({ type: 'launched', launched });
  }

  #refused(number: number, errno: number): void {
    const pending = this.#pending.get(number);
    if (pending === undefined) return;
    this.#pending.delete(number);
    giveUp(pending);
    pending.done({ type: 'error', error: systemError(errno) });
  }

  #ended(pid: number, exit: WorkerExit): void {
    const told = this.#running.get(pid);
    this.#running.delete(pid);
    told?.(exit);
  }

  /**
   * Nobody hears any more how its children end. Those that run are ended, so that nothing is taken for
   * done that is not; those that it had not started yet are started by mpctl.
   */
  #lost(): void {
    this.#state = 'unusable';
    this.#child = null;
    for (const [number, pending] of [...this.#pending]) {
      this.#pending.delete(number);
      giveUp(pending);
      pending.done({ type: 'error', error: systemError(constants.errno.EAGAIN) });
    }
    const { size } = this.#running;
    if (size > 0) this.#onLost(`the launcher was ended, and with it the ${String(size)} ${size === 1 ? 'command' : 'commands'} that it had started`);
    for (const pid of [...this.#running.keys()]) {
      signalGroup(pid, 'SIGKILL');
      this.#ended(pid, { code: null, signal: 'SIGKILL', isLost: true });
    }
  }
}

/** An empty input, and outputs that are read here or thrown away. */
function isPlain({ stdin, stdout, stderr, tty }: SpawnRequest): boolean {
  return !tty && stdin.type === 'null' && isReadHere(stdout) && isReadHere(stderr);
}

function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}

/** Or read by nobody. */
function isReadHere({ type }: OutputTarget): boolean {
  return type === 'lines' || type === 'capture' || type === 'null';
}

/** @throws the error of the system call that failed. */
function pathOf(streams: StreamSetup, name: 'stdout' | 'stderr', target: OutputTarget): string {
  streams.output(name, target);
  const ours = streams.ourOutputs[name];
  if (ours !== null) return ours.path;
  if (target.type === 'null') return '/dev/null';
  throw new Error(`there is no named pipe for ${name}`);
}

function giveUp({ request, streams, fifos }: Pending): void {
  streams.closeTheirs();
  streams.closeOurs();
  for (const path of fifos) request.fifos.giveBack(path, false);
}

/** As wait(2) has it: the signal in the lowest seven bits, the exit code above the lowest eight. */
function exitOf(status: number): WorkerExit {
  const number = status & 0x7f;
  if (number === 0) return { code: (status >> 8) & 0xff, signal: null };
  return { code: null, signal: signalNames.get(number) ?? 'SIGKILL' };
}

const signalNames = new Map<number, NodeJS.Signals>();
for (const name of signalsOfThisSystem()) signalNames.set(constants.signals[name], name);

function signalsOfThisSystem(): readonly NodeJS.Signals[] {
  // Of two names for one number the first is the one that Node uses.
  return Object.keys(constants.signals).filter(isSignal).toReversed();
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}

function systemError(errno: number): Error {
  const [code = `E${String(errno)}`] = Object.entries(constants.errno).find(([, number]) => number === errno) ?? [];
  return Object.assign(new Error(code), { code });
}
