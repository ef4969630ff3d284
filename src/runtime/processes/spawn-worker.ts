import type { ByteSink } from './byte-sink.ts';
import { groupIsAlive } from './group-looks.ts';
import { countFifos, launchCommand } from './launch-command.ts';
import { launchTerminal, loadTerminals } from './launch-terminal.ts';
import type { Launcher } from './launcher.ts';
import type { LaunchedProcess, LaunchOutcome } from './launched-process.ts';
import { opensItself } from './opens-itself.ts';
import { signalGroup, signalProcess } from './process-table.ts';
import type { ProgramPipes } from './program-pipes.ts';
import { explainSpawnError, isTransient } from './spawn-failure.ts';
import type { SpawnFailure } from './spawn-failure.ts';
import type { SpawnListener, WorkerExit } from './spawn-listener.ts';
import { lineBound, type SpawnRequest } from './spawn-request.ts';
import { unloadableProgram } from './unloadable-program.ts';
import type { WorkerHandle } from './worker-handle.ts';
import { WorkerOutput } from './worker-output.ts';
import type { OutputStream } from './worker-output.ts';

/** When the system is short of something, attempt n + 1 comes 50 ms · 2ⁿ⁻¹ after attempt n. */
const firstRetryMs = 50;
const maxRetries = 5;

/**
 * Starts a command as the leader of a session and process group of its own, and tells its life to
 * the listener. Whatever goes wrong at the start is one typed failure, and never an exception. A
 * `launcher` starts it where it can.
 *
 * This is `node:child_process` and not execa: with the streams as they are here, execa starts 0.7
 * times as many processes a second, takes 45 ms to load, and ends mpctl with an uncaught exception
 * when no file descriptor is left.
 */
export function spawnWorker(request: SpawnRequest, listener: SpawnListener, launcher: Launcher | null = null): WorkerHandle {
  const worker = new Worker(request, listener, launcher);
  worker.start();
  return worker;
}

class Worker implements WorkerHandle {
  readonly #request: SpawnRequest;
  readonly #listener: SpawnListener;
  readonly #launcher: Launcher | null;
  #launched: LaunchedProcess | null = null;
  #output: WorkerOutput | null = null;
  #retries = 0;
  #retryTimer: NodeJS.Timeout | null = null;
  /** `starting` until the command runs; `over` once nothing more is to be told. */
  #state: 'starting' | 'running' | 'exited' | 'over' = 'starting';
  /** The group was seen empty after the leader's end; its number may belong to strangers by now. */
  #groupIsGone = false;
  #outputPaused = false;
  /** What was written, and whether the input was ended, before the command ran. */
  #earlyInput: { texts: string[]; ended: boolean } = { texts: [], ended: false };
  #drainCallbacks: (() => void)[] = [];

  constructor(request: SpawnRequest, listener: SpawnListener, launcher: Launcher | null) {
    this.#request = request;
    this.#listener = listener;
    this.#launcher = launcher;
    if (request.stdin.type === 'text') this.#earlyInput = { texts: [request.stdin.text], ended: true };
  }

  get pid(): number | null {
    return this.#launched?.pid ?? null;
  }

  start(): void {
    const unloadable = unloadableProgram(this.#request);
    if (unloadable !== null) {
      this.#fail(unloadable);
      return;
    }
    const done = (outcome: LaunchOutcome): void => this.#attemptEnded(outcome);
    if (this.#request.tty) {
      void this.#startOnTerminal();
      return;
    }
    const request = opensItself(this.#request);
    const count = countFifos(request);
    if (count === 0) {
      launchCommand(request, null, done);
      return;
    }
    request.fifos.take(count, (fifos) => {
      if (this.#state !== 'starting' || this.#launcher?.launch(request, fifos, done) === true) return;
      launchCommand(request, fifos, done);
    });
  }

  signalGroup(signal: NodeJS.Signals): boolean {
    if (this.#state === 'starting') {
      this.#cancelStart(signal);
      return true;
    }
    if (signal === 'SIGKILL') this.#output?.readToTheEnd();
    const pid = this.pid;
    if (pid === null || !this.groupIsAlive()) return false;
    // A process on a pseudo-terminal leads no group yet for a moment after its start.
    return signalGroup(pid, signal) || (this.#state === 'running' && signalProcess(pid, signal));
  }

  groupIsAlive(): boolean {
    const pid = this.pid;
    if (pid === null || this.#groupIsGone) return false;
    if (this.#state === 'running') return true;
    this.#groupIsGone = !groupIsAlive(pid);
    return !this.#groupIsGone;
  }

  writeLine(text: string): boolean {
    const input = this.#launched?.input;
    if (input !== undefined && input !== null) return input.write(`${text}\n`);
    if (this.#state !== 'starting') return true;
    this.#earlyInput.texts.push(`${text}\n`);
    return false;
  }

  onDrain(callback: () => void): void {
    this.#drainCallbacks.push(callback);
  }

  endInput(): void {
    this.#earlyInput.ended = true;
    this.#launched?.input?.end();
  }

  pauseOutput(): void {
    this.#outputPaused = true;
    this.#output?.pause();
  }

  resumeOutput(): void {
    this.#outputPaused = false;
    this.#output?.resume();
  }

  pipes(): ProgramPipes {
    const { input, stdout, stderr } = this.#launched ?? { input: null, stdout: null, stderr: null };
    const outputs = [stdout, stderr].map((source) => source?.pipe() ?? null).filter((pipe) => pipe !== null);
    return { input: input?.pipe() ?? null, outputs };
  }

  release(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#output?.destroy();
    this.#launched?.input?.destroy();
    this.#state = 'over';
  }

  async #startOnTerminal(): Promise<void> {
    const terminals = await loadTerminals();
    if (this.#state !== 'starting') return;
    if (terminals.ok) this.#attemptEnded(launchTerminal(terminals.value, this.#request));
    else this.#fail(terminals.error);
  }

  #attemptEnded(outcome: LaunchOutcome): void {
    switch (outcome.type) {
      case 'launched':
        if (this.#state === 'starting') this.#running(outcome.launched);
        else endUnheard(outcome.launched);
        return;
      case 'failure':
        this.#fail(outcome.failure);
        return;
      case 'error':
        if (this.#state !== 'starting') return;
        if (!isTransient(outcome.error) || this.#retries === maxRetries) {
          this.#fail(explainSpawnError(outcome.error, this.#request));
          return;
        }
        this.#retryTimer = setTimeout(() => this.start(), firstRetryMs * 2 ** this.#retries);
        this.#retries += 1;
    }
  }

  #fail(failure: SpawnFailure): void {
    // Later, because the caller does not have the handle yet when the failure was immediate.
    setImmediate(() => {
      if (this.#state !== 'starting') return;
      this.#state = 'over';
      this.#listener.failed(failure);
    });
  }

  #cancelStart(signal: NodeJS.Signals): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#state = 'exited';
    setImmediate(() => {
      if (this.#state === 'over') return;
      this.#listener.exited({ code: null, signal });
      this.#drained(null, false, 0);
    });
  }

  #running(launched: LaunchedProcess): void {
    this.#launched = launched;
    this.#state = 'running';
    this.#output = this.#listenToOutput(launched);
    if (launched.input !== null) this.#connectInput(launched.input);
    launched.onExit((exit) => this.#leaderExited(exit));
    // Before anything that the system can report, and after the caller has the handle.
    process.nextTick(() => {
      if (this.#state === 'running') this.#listener.started(launched.pid);
    });
  }

  #listenToOutput(launched: LaunchedProcess): WorkerOutput {
    const { stdout: target, stderr, log, maxLineBytes, gateOf, tty } = this.#request;
    const streams: OutputStream[] = [];
    if (launched.stdout !== null) {
      const capture = target.type === 'capture';
      const lines = target.type === 'lines' || (target.type === 'capture' && target.lines === true);
      const onBytes = target.type === 'bytes' ? (chunk: Buffer): void => this.#listener.bytes?.(chunk, 'stdout') : null;
      const onEnd = target.type === 'bytes' ? (): void => this.#listener.bytesEnded?.() : null;
      streams.push({ name: 'stdout', source: launched.stdout, capture, lines, onBytes, onEnd, maxLineBytes: lineBound(target) });
    }
    if (launched.stderr !== null) {
      streams.push({ name: 'stderr', source: launched.stderr, capture: false, lines: true, maxLineBytes: lineBound(stderr) });
    }
    const output = new WorkerOutput({
      streams,
      log,
      maxLineBytes,
      gate: gateOf?.(),
      groupIsAlive: () => this.groupIsAlive(),
      // A terminal turns every newline into CR LF.
      onLine: (stream, text) => this.#listener.line(stream, tty && text.endsWith('\r') ? text.slice(0, -1) : text),
      onDrained: (captured, truncated, stdoutBytes) => this.#drained(captured, truncated, stdoutBytes),
    });
    if (this.#outputPaused) output.pause();
    return output;
  }

  #connectInput(input: ByteSink): void {
    input.listen(
      () => {
        for (const callback of this.#drainCallbacks) callback();
      },
      () => {
        if (this.#state !== 'over') this.#listener.inputClosed?.();
      },
    );
    let mayContinue = true;
    for (const text of this.#earlyInput.texts) mayContinue = input.write(text);
    const hadEarlyLines = this.#earlyInput.texts.length > 0;
    this.#earlyInput.texts = [];
    if (this.#earlyInput.ended) input.end();
    else if (hadEarlyLines && mayContinue) {
      // Each early line was answered with "wait", so somebody waits for this.
      process.nextTick(() => {
        for (const callback of this.#drainCallbacks) callback();
      });
    }
  }

  #leaderExited(exit: WorkerExit): void {
    if (this.#state !== 'running') return;
    this.#state = 'exited';
    // As early as possible after the leader was reaped: from now on its number is only safe to
    // signal while another member keeps the group in being.
    this.groupIsAlive();
    this.#launched?.input?.destroy();
    this.#listener.exited(exit);
    this.#output?.leaderExited();
  }

  #drained(captured: string | null, truncated: boolean, stdoutBytes: number): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#listener.drained(captured, truncated, stdoutBytes);
  }
}

/** Its start was called off while it was under way. */
function endUnheard(launched: LaunchedProcess): void {
  launched.onExit(() => {});
  signalGroup(launched.pid, 'SIGKILL');
  launched.stdout?.destroy();
  launched.stderr?.destroy();
  launched.input?.destroy();
}
