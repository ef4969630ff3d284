import { renameSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../run-folder/make-folders.ts';
import { FileSource } from './file-source.ts';
import { groupIsAlive, listProcesses, readProcFile, signalGroup, signalProcess } from './process-table.ts';
import { signalOfStatus, signalWords } from './signal-text.ts';
import type { SlotEnd, SlotShell } from './slot-shell.ts';
import type { SpawnListener, WorkerExit } from './spawn-listener.ts';
import type { OutputTarget, SpawnRequest } from './spawn-request.ts';
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
/** How often the output of those is read who were left behind, in ms: some looks before silence counts as the end. */
const followMs = 20;

/** A command in the shell of a slot. */
interface SlotTaskOptions {
  readonly request: Pick<SpawnRequest, 'stdout' | 'stderr' | 'log' | 'maxLineBytes'>;
  /** The files that are read here, where a stream goes to one. */
  readonly files: { readonly stdout: string; readonly stderr: string };
  readonly listener: SpawnListener;
  /** Where output stays that is too long to be kept as a value. */
  readonly keptFile: string;
  /** It has ended: nothing of it lives, or the shell is not to be used again. */
  readonly onEnded: (isClean: boolean) => void;
}

/** One command that the shell of a slot runs, from its order to the end of its output. */
export class SlotTask implements WorkerHandle {
  readonly #options: SlotTaskOptions;
  readonly #shell: SlotShell;
  /** `over` once nothing more is to be told. */
  #state: 'running' | 'exited' | 'over' = 'running';
  #signalled = false;
  #isClean = true;
  #output: WorkerOutput | null = null;
  #followTimer: NodeJS.Timeout | null = null;
  readonly #sources: { readonly stream: OutputStream; readonly source: FileSource; readonly path: string }[] = [];

  /** The shell runs it now; `lines` say what, and end with its number. */
  constructor(shell: SlotShell, lines: string, options: SlotTaskOptions) {
    this.#shell = shell;
    this.#options = options;
    const { request, files } = options;
    this.#addSource('stdout', request.stdout, files.stdout);
    this.#addSource('stderr', request.stderr, files.stderr);
    shell.run(lines, (end) => this.#ended(end));
    process.nextTick(() => {
      if (this.#state === 'running') this.#options.listener.started(shell.pid);
    });
  }

  get pid(): number {
    return this.#shell.pid;
  }

  /** Delivers what it has written so far, but for the words with which the shell may say what ends it. */
  look(): void {
    if (this.#state !== 'running' || this.#sources.length === 0) return;
    this.#listen();
    for (const { source } of this.#sources) source.look((tail) => signalWords(tail)?.bytes ?? 0);
  }

  signalGroup(signal: NodeJS.Signals): boolean {
    if (!this.groupIsAlive()) return false;
    this.#signalled = true;
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

  /** Its output goes to files, which never make it wait. */
  pauseOutput(): void {}

  resumeOutput(): void {}

  release(): void {
    this.#endFollowing();
    this.#output?.destroy();
    for (const { source } of this.#sources) source.destroy();
    this.#state = 'over';
  }

  #addSource(name: 'stdout' | 'stderr', target: OutputTarget, path: string): void {
    if (target.type !== 'lines' && target.type !== 'capture') return;
    const isCaptured = target.type === 'capture' && name === 'stdout';
    const source = new FileSource(path);
    this.#sources.push({ source, path, stream: { name, source, capture: isCaptured, lines: !isCaptured || target.lines === true } });
  }

  #listen(): WorkerOutput {
    const { log, maxLineBytes } = this.#options.request;
    this.#output ??= new WorkerOutput({
      streams: this.#sources.map(({ stream }) => stream),
      log,
      maxLineBytes,
      groupIsAlive: () => this.groupIsAlive(),
      onLine: (stream, text) => this.#options.listener.line(stream, text),
      onDrained: (captured, truncated, stdoutBytes) => this.#drained(captured, truncated, stdoutBytes),
    });
    return this.#output;
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
    this.#state = 'exited';
    const isLost = end.status === null;
    // What the shell leaves behind is nobody's any more.
    if (isLost) signalGroup(this.pid, 'SIGKILL');
    this.#isClean = !isLost && !this.#signalled && !this.#shell.hasLeftover();
    const exit = this.#exitOf(end);
    // The next command of the slot gets files of its own, and these are read on.
    if (!this.#isClean) {
      for (const { source, path } of this.#sources) {
        source.open();
        removeFile(path);
      }
    }
    this.#options.onEnded(this.#isClean);
    const { listener } = this.#options;
    listener.exited(exit);
    // Looked at once nobody has the marker open: whoever was left behind may have written after the end.
    if (this.#output === null && this.#isClean && this.#sources.every(({ path }) => isEmpty(path))) {
      this.#drained(this.#sources.some(({ stream }) => stream.capture) ? '' : null, false, 0);
      return;
    }
    if (this.#sources.length === 0) this.#drained(null, false, 0);
    else this.#readOn(this.#listen());
  }

  /** The rest, which may be more than can be read in one turn of the event loop. */
  #readOn(output: WorkerOutput): void {
    if (this.#state === 'over') return;
    // Each is read as far as it goes in this turn.
    const isRead = this.#sources.map(({ source }) => source.look(() => 0)).every(Boolean);
    if (!isRead) {
      setImmediate(() => this.#readOn(output));
      return;
    }
    for (const { source } of this.#sources) source.isComplete = this.#isClean;
    output.leaderExited();
    if (this.#state === 'exited') this.#followTimer = setInterval(() => this.#follow(), followMs);
  }

  /** Whoever was left behind may still write. */
  #follow(): void {
    for (const { source } of this.#sources) source.look(() => 0);
  }

  #exitOf({ status, saidSignal }: SlotEnd): WorkerExit {
    if (status === null) return { code: null, signal: 'SIGKILL', ...(this.#signalled ? {} : { isLost: true }) };
    const signal = signalOfStatus(status);
    if (signal !== null && (saidSignal || (this.#signalled && untoldSignals.has(signal)) || this.#takeWords(signal))) return { code: null, signal };
    return { code: status, signal: null };
  }

  /** The shell's own words are taken from the end of what the command has written. */
  #takeWords(signal: NodeJS.Signals): boolean {
    const written = this.#sources.find(({ stream }) => stream.name === 'stderr');
    const size = written?.source.size() ?? 0;
    const words = written === undefined ? null : signalWords(written.source.tail(size));
    if (written === undefined || words?.signal !== signal) return false;
    truncateSync(written.path, size - words.bytes);
    return true;
  }

  #endFollowing(): void {
    if (this.#followTimer !== null) clearInterval(this.#followTimer);
    this.#followTimer = null;
  }

  #drained(captured: string | null, truncated: boolean, stdoutBytes: number): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#endFollowing();
    // The next command of the slot finds no file: whoever was left behind and has closed the marker still writes to this one.
    let kept: string | undefined;
    for (const { path, stream } of this.#sources) {
      if (!this.#isClean) continue;
      if (truncated && stream.capture && keepFile(path, this.#options.keptFile)) kept = this.#options.keptFile;
      else removeFile(path);
    }
    this.#options.listener.drained(kept === undefined ? captured : null, truncated, stdoutBytes, kept);
  }
}

/** False where it cannot be kept. */
function keepFile(path: string, kept: string): boolean {
  try {
    makeFolders(dirname(kept));
    renameSync(path, kept);
    return true;
  } catch {
    return false;
  }
}

function isEmpty(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made, or somebody has removed it.
  }
}

/** Whether the child of a shell has replaced itself by the command: before, it may still catch signals as the shell does. */
function isStarted(shell: number): boolean {
  const children = readProcFile(shell, `task/${shell}/children`);
  if (children === null) return true;
  const command = readProcFile(Number.parseInt(children, 10), 'cmdline') ?? '';
  return command !== '' && command !== readProcFile(shell, 'cmdline');
}
