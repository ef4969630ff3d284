import { groupIsAlive } from './group-looks.ts';
import { listProcesses, readProcFile, signalGroup, signalProcess } from './process-table.ts';
import { signalOfStatus } from './signal-text.ts';
import type { SlotPipe } from './slot-pipe.ts';
import type { SlotEnd, SlotShell } from './slot-shell.ts';
import { SlotSource } from './slot-source.ts';
import type { SpawnListener, WorkerExit } from './spawn-listener.ts';
import { lineBound, type OutputTarget, type SpawnRequest } from './spawn-request.ts';
import type { ProgramPipes } from './program-pipes.ts';
import type { WorkerHandle } from './worker-handle.ts';
import { type OutputStream, WorkerOutput } from './worker-output.ts';

/** Signals to the whole group: the shell outlives them, or is to stop and go on as well. */
const groupSignals: ReadonlySet<string> = new Set(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGKILL', 'SIGSTOP', 'SIGCONT', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU']);
/**
 * Of these the shell says nothing, as a user has pressed a key or a reader has gone. The code alone is that of a
 * script as well one of whose commands has ended so, with `pipefail` for example: where mpctl has sent no signal it counts as a code.
 */
const untoldSignals: ReadonlySet<string> = new Set(['SIGINT', 'SIGPIPE']);
/** How often it is looked whether the shell has started the command that is to be signalled, in ms, and how often at most. */
const lookAgainMs = 2;
const mostLooks = 500;

/** Who hears of a command in the shell of a slot: as of any other, but that it has started when `run` returns, and that nothing can fail but its shell. */
export interface SlotListener extends Omit<SpawnListener, 'started' | 'failed'> {
  /** In the place of `exited` and `drained` where it has ended for good and has written nothing that was not heard. */
  endedSilently?(exit: WorkerExit, captured: string | null): void;
  /** `exited` was heard, and whatever of its output was read until then, unless it waits for somebody; all of it where `drained` was heard, too. */
  endTold?(): void;
}

/** A command in the shell of a slot. */
interface SlotTaskOptions {
  readonly request: Pick<SpawnRequest, 'stdout' | 'stderr' | 'log' | 'maxLineBytes' | 'gateOf'>;
  /** Where what is read here is written to. */
  readonly pipes: { readonly stdout: SlotPipe; readonly stderr: SlotPipe };
  /** Whether the shell says at the end of standard error which signal has ended the command. */
  readonly hasWords: boolean;
  readonly listener: SlotListener;
  /** Tells its end, which has several parts. */
  readonly together: (act: () => void) => void;
  /** Where output goes that is too long to be kept as a value. */
  readonly keptFile: () => string;
  /** The shell has gone without running it. */
  readonly onNotStarted: () => void;
  /** It has ended: nothing of it lives, or the shell is not to be used again. */
  readonly onEnded: (isClean: boolean) => void;
}

/** A stream that is read here. */
interface ReadStream extends OutputStream {
  readonly source: SlotSource;
}

/** One command that the shell of a slot runs, from its order to the end of its output. */
export class SlotTask implements WorkerHandle {
  readonly #options: SlotTaskOptions;
  readonly #shell: SlotShell;
  /** `over` once nothing more is to be told. */
  #state: 'running' | 'exited' | 'over' = 'running';
  /** The last one that was sent; null while none was. */
  #signalled: NodeJS.Signals | null = null;
  #isClean = true;
  #isOld = false;
  #isPaused = false;
  #output: WorkerOutput | null = null;
  readonly #streams: ReadStream[] = [];

  /** The shell runs it now; `lines` say what. */
  constructor(shell: SlotShell, lines: string, options: SlotTaskOptions) {
    this.#shell = shell;
    this.#options = options;
    const { request, pipes } = options;
    this.#addStream('stdout', request.stdout, pipes.stdout);
    this.#addStream('stderr', request.stderr, pipes.stderr);
    shell.run(lines, (end) => options.together(() => this.#ended(end)));
    if (this.#streams.some(({ source }) => source.expectsMuch)) this.#watch();
  }

  get pid(): number {
    return this.#shell.pid;
  }

  /** Whether it is likely that it writes nothing, as the command before has not. */
  get expectsSilence(): boolean {
    return this.#streams.every(({ source }) => source.expectsSilence);
  }

  /** Has its output watched when it has run for a while; whether it has to be looked at again. */
  look(): boolean {
    if (this.#state !== 'running' || this.#streams.length === 0) return false;
    if (!this.#isOld) {
      // Most have ended at the next look, and what they have written is read then.
      this.#isOld = true;
      return true;
    }
    return !this.#watch();
  }

  signalGroup(signal: NodeJS.Signals): boolean {
    if (signal === 'SIGKILL') this.#readToTheEnd();
    if (!this.groupIsAlive()) return false;
    this.#signalled = signal;
    if (this.#state !== 'running' || signal === 'SIGKILL') return signalGroup(this.pid, signal);
    this.#signalWhenStarted(this.pid, signal, mostLooks);
    return true;
  }

  groupIsAlive(): boolean {
    if (this.#state === 'running') return true;
    return !this.#isClean && groupIsAlive(this.pid);
  }

  /** Its standard input is empty. */
  writeLine(): boolean {
    return true;
  }

  onDrain(): void {}

  endInput(): void {}

  pauseOutput(): void {
    this.#isPaused = true;
    this.#output?.pause();
  }

  resumeOutput(): void {
    this.#isPaused = false;
    this.#output?.resume();
  }

  /** Its standard input is empty. */
  pipes(): ProgramPipes {
    return { input: null, outputs: this.#streams.map(({ source }) => source.pipe()).filter((pipe) => pipe !== null) };
  }

  release(): void {
    this.#output?.destroy();
    for (const { source } of this.#streams) source.destroy();
    this.#state = 'over';
  }

  #addStream(name: 'stdout' | 'stderr', target: OutputTarget, pipe: SlotPipe): void {
    if (target.type !== 'lines' && target.type !== 'capture' && target.type !== 'bytes') return;
    const capture = target.type === 'capture' && name === 'stdout';
    const lines = target.type === 'lines' || (target.type === 'capture' && (!capture || target.lines === true));
    const onBytes = target.type === 'bytes' ? (chunk: Buffer): void => this.#options.listener.bytes?.(chunk, name) : null;
    this.#streams.push({ name, source: new SlotSource(pipe, name === 'stderr' && this.#options.hasWords), capture, lines, onBytes, maxLineBytes: lineBound(target) });
  }

  #listen(): WorkerOutput {
    if (this.#output !== null) return this.#output;
    const { request, listener, keptFile } = this.#options;
    const output = new WorkerOutput({
      streams: this.#streams,
      log: request.log,
      maxLineBytes: request.maxLineBytes,
      gate: request.gateOf?.(),
      keptFile: keptFile(),
      groupIsAlive: () => this.groupIsAlive(),
      onLine: (stream, text) => listener.line(stream, text),
      onDrained: (captured, truncated, stdoutBytes, file) => this.#drained(captured, truncated, stdoutBytes, file),
    });
    if (this.#isPaused) output.pause();
    this.#output = output;
    return output;
  }

  /** Whether each stream is watched now. */
  #watch(): boolean {
    this.#listen();
    return this.#streams.map(({ source }) => source.watch()).every(Boolean);
  }

  #readToTheEnd(): void {
    if (this.#state !== 'over' && this.#streams.length > 0) this.#listen().readToTheEnd();
  }

  /** Before the command is there, only the shell would hear the signal, and outlive it. */
  #signalWhenStarted(pid: number, signal: NodeJS.Signals, looks: number): void {
    if (this.#state !== 'running') return;
    if (looks > 0 && !isStarted(pid)) {
      setTimeout(() => this.#signalWhenStarted(pid, signal, looks - 1), lookAgainMs);
      return;
    }
    if (groupSignals.has(signal)) {
      signalGroup(pid, signal);
      return;
    }
    for (const { pid: member, group } of listProcesses()) if (group === pid && member !== pid) signalProcess(member, signal);
  }

  #ended(end: SlotEnd): void {
    if (this.#state !== 'running') return;
    if (end.couldNotStart && this.#options.listener.notStarted !== undefined) {
      this.#notStarted();
      return;
    }
    this.#state = 'exited';
    const isLost = end.status === null;
    // What the shell leaves behind is nobody's any more.
    if (isLost) signalGroup(this.pid, 'SIGKILL');
    // Nobody is left who could write what the next command would be told to have written, nor anybody else who is known.
    let isAtEnd = true;
    for (const { source } of this.#streams) isAtEnd = source.commandEnded() && isAtEnd;
    this.#isClean = !isLost && this.#signalled === null && isAtEnd && !this.#shell.hasLeftover();
    const exit = this.#exitOf(end);
    this.#options.onEnded(this.#isClean);
    this.#tellEnd(exit, isAtEnd);
  }

  #tellEnd(exit: WorkerExit, isAtEnd: boolean): void {
    const { listener } = this.#options;
    let isSilent = this.#output === null && isAtEnd;
    for (const { source } of this.#streams) isSilent = isSilent && source.isEmpty;
    const captured = this.#streams.some(({ capture }) => capture) ? '' : null;
    if (isSilent && this.#isClean && listener.endedSilently !== undefined) {
      this.#close();
      listener.endedSilently(exit, captured);
      return;
    }
    // Its gate is there before its end opens that.
    const output = isSilent ? null : this.#listen();
    listener.exited(exit);
    for (const { source } of this.#streams) source.endTold();
    if (!isAtEnd) for (const { source } of this.#streams) source.watch();
    if (output === null) this.#drained(captured, false, 0);
    else output.leaderExited();
    listener.endTold?.();
  }

  /** What is in its pipes are the words of the shell. */
  #notStarted(): void {
    const { onNotStarted, listener } = this.#options;
    this.#state = 'over';
    this.#output?.destroy();
    for (const { source } of this.#streams) source.destroy();
    onNotStarted();
    if (this.#signalled === null) {
      listener.notStarted?.();
      return;
    }
    listener.exited({ code: null, signal: this.#signalled });
    listener.drained(null, false, 0);
    listener.endTold?.();
  }

  #exitOf({ status, saidSignal }: SlotEnd): WorkerExit {
    if (status === null) return { code: null, signal: 'SIGKILL', ...(this.#signalled === null ? { isLost: true } : {}) };
    const signal = signalOfStatus(status);
    if (signal !== null && (saidSignal || (this.#signalled !== null && untoldSignals.has(signal)) || this.#takeWords(signal))) return { code: null, signal };
    return { code: status, signal: null };
  }

  /** The shell's own words are taken from the end of what the command has written. */
  #takeWords(signal: NodeJS.Signals): boolean {
    return this.#streams.find(({ name }) => name === 'stderr')?.source.takeWords(signal) === true;
  }

  #drained(captured: string | null, truncated: boolean, stdoutBytes: number, file?: string): void {
    if (this.#state === 'over') return;
    this.#close();
    this.#options.listener.drained(captured, truncated, stdoutBytes, file);
  }

  #close(): void {
    this.#state = 'over';
    for (const { source } of this.#streams) source.destroy();
  }
}

/**
 * Whether the child of a shell has replaced itself by the command, or is a subshell that runs a script: before, it may
 * still catch signals as the shell does.
 */
function isStarted(shell: number): boolean {
  const children = readProcFile(shell, `task/${shell}/children`);
  if (children === null) return true;
  const child = Number.parseInt(children, 10);
  const command = readProcFile(child, 'cmdline') ?? '';
  return command !== '' && (command !== readProcFile(shell, 'cmdline') || caughtBy(child) !== caughtBy(shell));
}

/** The mask of the signals that a process catches, as proc(5) has it. */
function caughtBy(pid: number): string | undefined {
  return /^SigCgt:\s*(?<mask>\w+)/mu.exec(readProcFile(pid, 'status') ?? '')?.groups?.['mask'];
}
