import type { Result } from '../src/base/result.ts';
import type { Outside } from '../src/runtime/outside.ts';
import type { Viewer } from '../src/runtime/viewer.ts';
import type { ReadFailure } from '../src/spec/loaded-spec.ts';

/** One of the two streams that mpctl writes to. */
export interface OutputStream extends Pick<Viewer, 'pendingBytes' | 'onCaughtUp'> {
  /** Whether a person looks at it on a terminal. */
  readonly isTTY: boolean;
  /** Cells of a line of the terminal; null where there is none. */
  readonly columns: number | null;
  /** Lines of the terminal; null where there is none. */
  readonly rows: number | null;
  write(text: string): void;
  /** Calls back once, when something is written that nobody can read any more (EPIPE). */
  onReaderGone(listener: () => void): void;
}

/** The world as the command line sees it; tests bring their own. */
export interface Host {
  /** This process is the command and nothing else; left out where a program calls it as a part of its own. */
  readonly isOwnProcess?: boolean;
  /** The mpctl that was called, where this one runs in a PID namespace in its place. */
  readonly outside?: Outside | null;
  /** Arguments behind the name of the program. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute; relative paths of the command line begin here. */
  readonly workingDir: string;
  /** False where that folder has been removed, and `workingDir` stands for nothing. */
  readonly hasWorkingDir: boolean;
  readonly platform: NodeJS.Platform;
  /** Of the processor, as Node names it: `x64`. */
  readonly architecture: string;
  readonly nodeVersion: string;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** All of standard input, or `too_large` when there is more; read at most once. */
  readStandardInput(maxBytes: number): Result<Uint8Array, ReadFailure>;
}
