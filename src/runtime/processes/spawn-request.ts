import type { LogWriter } from '../run-folder/log-writer.ts';
import type { FifoPool } from './fifo-pool.ts';
import type { OutputGate } from './output-gate.ts';

/** Where a worker's standard input comes from. */
export type StdinSource =
  /** End of file at once. */
  | { readonly type: 'null' }
  /** mpctl's own. */
  | { readonly type: 'inherit' }
  /** This text, then end of file. */
  | { readonly type: 'text'; readonly text: string }
  /** Absolute path. */
  | { readonly type: 'file'; readonly file: string }
  /** Written with `WorkerHandle.writeLine` and closed with `endInput`. */
  | { readonly type: 'lines' }
  /** Open until `started`, `failed` or `exited` is heard; the caller closes it. */
  | { readonly type: 'fd'; readonly fd: number };

/** Where a worker's standard output or standard error goes. */
export type OutputTarget =
  /** To the listener line by line, and to the log; a line longer than `maxLineBytes`, here or of the request, in pieces. */
  | { readonly type: 'lines'; readonly maxLineBytes?: number }
  /**
   * Gathered for `drained`, whole; with `lines: true` also to the listener and to the log as it comes.
   * Standard output only: of standard error it is the same as `lines`.
   */
  | { readonly type: 'capture'; readonly lines?: boolean }
  /** To the listener as the bytes come. Standard output only, but for a command in a slot. */
  | { readonly type: 'bytes' }
  /** mpctl's own. */
  | { readonly type: 'inherit' }
  | { readonly type: 'null' }
  /** Absolute path; emptied first unless `append`. Several writers of one file never overwrite each other. */
  | { readonly type: 'file'; readonly file: string; readonly append?: boolean }
  /** Open until `started`, `failed` or `exited` is heard; the caller closes it. */
  | { readonly type: 'fd'; readonly fd: number };

/** The bound of the lines of a stream, where it has one of its own. */
export function lineBound(target: OutputTarget): number | undefined {
  return target.type === 'lines' ? target.maxLineBytes : undefined;
}

/** Everything needed to start one command. */
export interface SpawnRequest {
  /** Name of the instance, for messages. */
  readonly instance: string;
  /** The file, looked up in the `PATH` of `env` when it has no slash, and its arguments; never empty. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** The complete environment; nothing of mpctl's own is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: StdinSource;
  readonly stdout: OutputTarget;
  readonly stderr: OutputTarget;
  /** Where `lines` streams are also written, byte for byte. It belongs to the caller and is not closed. */
  readonly log: LogWriter | null;
  /** A longer line is handed over in pieces, unless its stream says otherwise. */
  readonly maxLineBytes: number;
  /** Gives who says when a `lines` stream has to wait, once a stream is read; left out where none ever has. */
  readonly gateOf?: () => OutputGate;
  /**
   * Runs the command on a pseudo-terminal of its own: standard output and standard error arrive
   * merged as stdout, which must be `lines` or `capture`; `stderr` is ignored.
   */
  readonly tty: boolean;
  /** Where captured streams and written inputs take their pipes from. */
  readonly fifos: FifoPool;
}
