import { runningMs } from '../running-ms.ts';
import type { LogWriter } from '../run-folder/log-writer.ts';
import type { ByteSource } from './byte-source.ts';
import { KeptOutput } from './kept-output.ts';
import { LineSplitter } from './line-splitter.ts';
import type { SplitResult } from './line-splitter.ts';
import type { OutputGate } from './output-gate.ts';

/** After the leader's end, so long without a byte means that nothing more comes. */
const quietMs = 100;
/** So long may a process outside the group, which holds a stream open, still be listened to. */
const strangerMs = 2000;
/** A `capture` stream keeps this much, 64 MiB; more is dropped, or all of it kept in a file. */
export const maxCaptureBytes = 64 * 1024 * 1024;

/** One stream that is read. */
export interface OutputStream {
  readonly name: 'stdout' | 'stderr';
  readonly source: ByteSource;
  /** Keep the bytes for `captured`. */
  readonly capture: boolean;
  /** Hand lines over and write them to the log. */
  readonly lines: boolean;
  /** A longer line is handed over in pieces; the bound of all streams where it is not said. */
  readonly maxLineBytes?: number | undefined;
  /** Hears the bytes themselves; to keep them it has to copy them. */
  readonly onBytes?: ((chunk: Buffer) => void) | null;
  /** Hears its end, unless that of the worker comes first. */
  readonly onEnd?: (() => void) | null;
}

/** What the output of a worker needs to know and tells. */
export interface WorkerOutputOptions {
  readonly streams: readonly OutputStream[];
  readonly log: LogWriter | null;
  readonly maxLineBytes: number;
  readonly gate?: OutputGate | undefined;
  /** Where a `capture` stream is kept that is too long; without it the rest is dropped. */
  readonly keptFile?: string;
  readonly groupIsAlive: () => boolean;
  readonly onLine: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Once, after `leaderExited`: everything was delivered and the streams are closed. */
  readonly onDrained: (captured: string | null, truncated: boolean, stdoutBytes: number, file?: string) => void;
}

/**
 * Reads the streams of one worker to their end. A descendant that holds one open does not keep it
 * from ending: after the leader's exit, 100 ms without a byte are the end, and two seconds after the
 * last process of the group in any case.
 */
export class WorkerOutput {
  readonly #options: WorkerOutputOptions;
  readonly #splitters = new Map<OutputStream, LineSplitter>();
  readonly #captured: Buffer[] = [];
  #capturedBytes = 0;
  #truncated = false;
  #kept: KeptOutput | null = null;
  #stdoutBytes = 0;
  #exited = false;
  #finished = false;
  #paused = false;
  /** Left unread since nobody takes their lines. */
  readonly #held = new Set<OutputStream>();
  #mayPause = true;
  #lastChunkAt = 0;
  #groupGoneSince: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: WorkerOutputOptions) {
    this.#options = options;
    for (const stream of options.streams) {
      this.#splitters.set(stream, new LineSplitter(stream.maxLineBytes ?? options.maxLineBytes));
      stream.source.listen(
        (chunk) => this.#take(stream, chunk),
        () => this.#end(stream),
      );
    }
  }

  /** Begins the countdown to the end of the output. */
  leaderExited(): void {
    this.#exited = true;
    // Most commands end with all their output written and nobody left who could write more.
    if (!this.#paused) this.#readRest();
    if (this.#finished) return;
    if (this.#splitters.size === 0) {
      this.#finish();
      return;
    }
    this.#lastChunkAt = runningMs();
    this.#timer = setTimeout(() => this.#checkQuiet(), quietMs);
  }

  pause(): void {
    if (!this.#mayPause) return;
    this.#paused = true;
    for (const { source } of this.#splitters.keys()) source.pause();
  }

  /** For good: what is being killed is read to its end, whether or not somebody would still resume it. */
  readToTheEnd(): void {
    this.#mayPause = false;
    if (this.#paused) this.resume();
    for (const stream of this.#held) this.#letGo(stream);
  }

  resume(): void {
    this.#paused = false;
    // What waits in the pipe has not been read yet: the silence so far means nothing.
    this.#lastChunkAt = runningMs();
    for (const stream of this.#splitters.keys()) if (!this.#held.has(stream)) stream.source.resume();
  }

  /** Closes the streams and tells nothing more. */
  destroy(): void {
    this.#finished = true;
    this.#kept?.drop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const { source } of this.#splitters.keys()) source.destroy();
  }

  #take(stream: OutputStream, chunk: Buffer): void {
    if (this.#finished) return;
    this.#lastChunkAt = runningMs();
    if (stream.name === 'stdout') this.#stdoutBytes += chunk.length;
    if (stream.capture) this.#keep(chunk);
    stream.onBytes?.(chunk);
    const splitter = this.#splitters.get(stream);
    if (!stream.lines || splitter === undefined) return;
    this.#deliver(stream, splitter.push(chunk, this.#options.gate?.mostLines(stream.name)));
    this.#holdBack(stream, chunk.length);
  }

  #holdBack(stream: OutputStream, bytes: number): void {
    if (!this.#mayPause || this.#held.has(stream)) return;
    if (this.#options.gate?.holds(stream.name, bytes, () => this.#letGo(stream)) !== true) return;
    this.#held.add(stream);
    stream.source.pause();
  }

  #letGo(stream: OutputStream): void {
    if (!this.#held.delete(stream) || this.#finished || !this.#splitters.has(stream)) return;
    // As after any pause.
    this.#lastChunkAt = runningMs();
    if (!this.#paused) stream.source.resume();
  }

  #keep(chunk: Buffer): void {
    const room = maxCaptureBytes - this.#capturedBytes;
    const kept = chunk.length <= room ? chunk : chunk.subarray(0, room);
    if (kept.length < chunk.length) {
      const { keptFile } = this.#options;
      if (!this.#truncated && keptFile !== undefined) this.#kept = new KeptOutput(keptFile, this.#captured);
      this.#kept?.write(chunk);
      this.#truncated = true;
    }
    if (kept.length > 0) this.#captured.push(Buffer.from(kept));
    this.#capturedBytes += kept.length;
  }

  #deliver(stream: OutputStream, { raw, lines }: SplitResult): void {
    this.#options.log?.writeAll(raw, stream);
    for (const line of lines) this.#options.onLine(stream.name, line);
  }

  #end(stream: OutputStream): void {
    if (this.#finished) return;
    this.#flush(stream);
    this.#splitters.delete(stream);
    this.#held.delete(stream);
    stream.source.destroy();
    stream.onEnd?.();
    if (this.#exited && this.#splitters.size === 0) this.#finish();
  }

  #flush(stream: OutputStream): void {
    const splitter = this.#splitters.get(stream);
    if (splitter !== undefined) this.#deliver(stream, splitter.end());
  }

  #readRest(): void {
    for (const stream of [...this.#splitters.keys()]) {
      // Of what is held back while it is read something may still wait in the source.
      if (!this.#held.has(stream) && stream.source.readRest() && !this.#held.has(stream)) this.#end(stream);
    }
  }

  #checkQuiet(): void {
    const checkedAt = runningMs();
    if (this.#isWaiting()) {
      this.#checkAgainIn(quietMs);
    } else if (checkedAt - this.#lastChunkAt < quietMs) {
      if (this.#strangerTimeIsOver(checkedAt)) this.#finish();
      else this.#checkAgainIn(quietMs - (checkedAt - this.#lastChunkAt));
    } else {
      // Timers run before input in a turn of the event loop: after a busy turn there may be bytes
      // that nobody had the time to read. They are read before an immediate runs.
      setImmediate(() => {
        if (this.#finished) return;
        if (this.#isWaiting() || this.#lastChunkAt >= checkedAt) this.#checkAgainIn(quietMs);
        else this.#finish();
      });
    }
  }

  #isWaiting(): boolean {
    return this.#paused || this.#held.size > 0;
  }

  #checkAgainIn(delayMs: number): void {
    this.#timer = setTimeout(() => this.#checkQuiet(), Math.max(1, delayMs));
  }

  #strangerTimeIsOver(nowMs: number): boolean {
    if (this.#options.groupIsAlive()) {
      this.#groupGoneSince = null;
      return false;
    }
    this.#groupGoneSince ??= nowMs;
    return nowMs - this.#groupGoneSince >= strangerMs;
  }

  #finish(): void {
    this.#mayPause = false;
    for (const stream of this.#splitters.keys()) {
      stream.source.readRest();
      this.#flush(stream);
    }
    const file = this.#kept?.end() ?? null;
    this.destroy();
    const captures = file === null && this.#options.streams.some(({ capture }) => capture);
    const captured = captures ? Buffer.concat(this.#captured).toString('utf8') : null;
    this.#options.onDrained(captured, this.#truncated, this.#stdoutBytes, ...(file === null ? [] : [file]));
  }
}
