import type { SpawnFailure } from './spawn-failure.ts';

/** How a worker's leader ended; exactly one of the two is null. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whoever had started it was ended, and it with him: how far it had come nobody knows. */
  readonly isLost?: true;
}

/**
 * Hears the life of one worker, never before `spawnWorker` has returned. The order is `failed` alone,
 * or `started`, `exited`, `drained`, with `line` between `started` and `drained`. A worker that was
 * signalled before its command could be started is heard as `exited` by that signal and `drained`,
 * without `started`.
 */
export interface SpawnListener {
  /** `pid` leads a process group and a session of its own, both with its number. */
  started(pid: number): void;
  /** The command was never started; nothing else follows. */
  failed(failure: SpawnFailure): void;
  /** The shell that was to start it could not, whatever was said before: the listener has it started by somebody else. Nothing else follows. */
  notStarted?(): void;
  /**
   * A line without its newline; the last one may have had none. Invalid UTF-8 is shown as U+FFFD;
   * the log has the bytes as they were.
   */
  line(stream: 'stdout' | 'stderr', text: string): void;
  /** What a `bytes` stream gave, in the place of `line`; whoever keeps it copies it. */
  bytes?(chunk: Buffer, stream: 'stdout' | 'stderr'): void;
  /** Nobody has a `bytes` stream open any more, so that nothing else comes of it; the worker may live on. */
  bytesEnded?(): void;
  /** The leader has ended. It never waits for streams that descendants hold open. */
  exited(exit: WorkerExit): void;
  /**
   * All output was delivered and the streams are closed. `captured` is what a `capture` stream gave,
   * null without one; `truncated` says that it was longer than `maxCaptureBytes`. `stdoutBytes` were
   * read of standard output, 0 where it goes elsewhere. `file` has all of it, where it was too long and is in one.
   */
  drained(captured: string | null, truncated: boolean, stdoutBytes: number, file?: string): void;
  /** The worker reads its standard input no more; what was not read yet is lost. */
  inputClosed?(): void;
}
