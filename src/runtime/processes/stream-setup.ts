import { closeSync, openSync } from 'node:fs';
import { unreachable } from '../../base/invariant.ts';
import { openFifo } from './fifo.ts';
import type { FifoEnds } from './fifo.ts';
import { openText } from './open-text.ts';
import { isTransient } from './spawn-failure.ts';
import type { OutputTarget, StdinSource } from './spawn-request.ts';

/** As `child_process.spawn` takes it. */
export type StdioEntry = 'ignore' | 'inherit' | 'pipe' | number;

/** An open end of a named pipe that is read here. */
export interface ReadEnd {
  readonly fd: number;
  readonly path: string;
}

/** Opens what the three standard streams of a worker need, and knows whose each end is. */
export class StreamSetup {
  /** The file named by the user that could not be opened, when that is why `input` or `output` threw. */
  refusedFile: { readonly stream: 'stdin' | 'stdout' | 'stderr'; readonly path: string } | null = null;
  /** Our end of the named pipe that feeds the worker. */
  ourInput: number | null = null;
  /** Our ends of the named pipes that it writes, with the names under which they can serve again. */
  readonly ourOutputs: { stdout: ReadEnd | null; stderr: ReadEnd | null } = { stdout: null, stderr: null };
  readonly #fifos: string[] | null;
  readonly #theirs: number[] = [];

  /** `fifos` are the names of pipes to use up; null to use the pipes of Node. */
  constructor(fifos: readonly string[] | null) {
    this.#fifos = fifos === null ? null : [...fifos];
  }

  /** @throws the error of the system call that failed. */
  input(source: StdinSource): StdioEntry {
    switch (source.type) {
      case 'null':
        return 'ignore';
      case 'inherit':
        return 'inherit';
      case 'fd':
        return source.fd;
      case 'file':
        return this.#openFile('stdin', source.file, 'r');
      case 'text': {
        const fd = openText(source.text);
        this.#theirs.push(fd);
        return fd;
      }
      case 'lines': {
        const ends = this.#openNextFifo('write');
        if (ends === null) return 'pipe';
        this.ourInput = ends.writeFd;
        this.#theirs.push(ends.readFd);
        return ends.readFd;
      }
      default:
        return unreachable(source);
    }
  }

  /** @throws the error of the system call that failed. */
  output(stream: 'stdout' | 'stderr', target: OutputTarget): StdioEntry {
    switch (target.type) {
      case 'null':
        return 'ignore';
      case 'inherit':
        return 'inherit';
      case 'fd':
        return target.fd;
      case 'file': {
        if (target.append !== true) closeSync(this.#openFile(stream, target.file, 'w', false));
        return this.#openFile(stream, target.file, 'a');
      }
      case 'lines':
      case 'bytes':
      case 'capture': {
        const ends = this.#openNextFifo('read');
        if (ends === null) return 'pipe';
        this.ourOutputs[stream] = { fd: ends.readFd, path: ends.path };
        this.#theirs.push(ends.writeFd);
        return ends.writeFd;
      }
      default:
        return unreachable(target);
    }
  }

  /** Closes the ends that the worker has its own copies of. */
  closeTheirs(): void {
    for (const fd of this.#theirs) closeSync(fd);
  }

  /** Closes our ends, when there is no worker. */
  closeOurs(): void {
    const { stdout, stderr } = this.ourOutputs;
    for (const fd of [this.ourInput, stdout?.fd ?? null, stderr?.fd ?? null]) if (fd !== null) closeSync(fd);
  }

  /** null when the pipe is not there any more, because somebody has removed the run folder. */
  #openNextFifo(nonBlocking: 'read' | 'write'): (FifoEnds & { readonly path: string }) | null {
    const path = this.#fifos?.shift();
    if (path === undefined) return null;
    try {
      return { ...openFifo(path, nonBlocking), path };
    } catch (error) {
      if (isTransient(error)) throw error;
      return null;
    }
  }

  #openFile(stream: 'stdin' | 'stdout' | 'stderr', file: string, flags: string, forWorker = true): number {
    try {
      const fd = openSync(file, flags, 0o666);
      if (forWorker) this.#theirs.push(fd);
      return fd;
    } catch (error) {
      this.refusedFile = { stream, path: file };
      throw error;
    }
  }
}
