import type { ProgramPipes } from './program-pipes.ts';

/** The controls of one worker. All of them do nothing once the worker is gone. */
export interface WorkerHandle {
  /** null until the command has started, which may be later than `spawnWorker` returns. */
  readonly pid: number | null;
  /**
   * Signals every process of the group; false when there is none any more. Before the start it
   * cancels the start. After SIGKILL the output is read to its end, paused or not.
   */
  signalGroup(signal: NodeJS.Signals): boolean;
  /** Whether a process of the group lives; zombies do not count. */
  groupIsAlive(): boolean;
  /** Queues a line for `stdin: lines`; false when `onDrain` should be awaited before the next one. */
  writeLine(text: string): boolean;
  /** Calls back each time the queued lines have been taken. */
  onDrain(callback: () => void): void;
  /** End of file for `stdin: lines`, after everything queued. */
  endInput(): void;
  /** Reads no more output; the worker blocks once the pipe is full. A few lines may still come. */
  pauseOutput(): void;
  resumeOutput(): void;
  /** As they are now; for a look at what the program waits for. */
  pipes(): ProgramPipes;
  /** Forgets the worker: streams are closed, nothing more is heard. Processes are left alone. */
  release(): void;
}
