/* What a job writes, from then on until it is written out. */
import { closeSync, openSync, readSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import type { JobMemory } from './job-memory.ts';
import { OutputNotKept } from './output-not-kept.ts';
import { writeAll } from './write-all.ts';

/** Appending, or a command that opens its own output anew would write over what is there. */
const outputFlags = 'a';
const outputMode = 0o600;
const pieceBytes = 65_536;
/** As a file system hands out room. */
const aPage = Buffer.alloc(4096);
/** Of one stream no more than this is held in memory: who writes more is quicker with a file of its own. */
export const mostOfStreamBytes = 1024 * 1024;
/** What Node needs for a chunk, about. */
const chunkBytes = 256;

/** The output of a job. */
export interface JobStreams {
  readonly stdout: JobStream;
  readonly stderr: JobStream;
}

/**
 * Why not all that a job has written is there; null where it is. Of a file that it writes by itself only the job is told,
 * which may have had no room to say so either, or may not look: so there has to be room behind it.
 */
export function lostOutput({ stdout, stderr }: JobStreams): OutputNotKept | null {
  return stdout.failure() ?? stderr.failure();
}

/** One stream of a job: in memory, or in a file where it is long, or where the job writes to a file by itself. */
export class JobStream {
  readonly #path: string;
  readonly #memory: JobMemory;
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  #takenBytes = 0;
  #isInFile = false;
  /** The job writes to the file. */
  #isOwn = false;
  /** Open while mpctl writes to the file. */
  #fd: number | null = null;
  /** Why not all of it is there. */
  #failure: OutputNotKept | null = null;

  constructor(path: string, memory: JobMemory) {
    this.#path = path;
    this.#memory = memory;
  }

  /** A file for the job itself, to append to. */
  ownFile(): string {
    this.#isInFile = true;
    this.#isOwn = true;
    return this.#path;
  }

  /** A descriptor of that, which the caller closes. */
  openFile(): number {
    const fd = this.#open();
    this.#isOwn = true;
    return fd;
  }

  #open(): number {
    const fd = openSync(this.#path, outputFlags, outputMode);
    this.#isInFile = true;
    return fd;
  }

  /** Once the job has ended: why not all of it is there. */
  failure(): OutputNotKept | null {
    if (this.#isOwn && this.#failure === null) this.#lookForRoom();
    return this.#failure;
  }

  #lookForRoom(): void {
    const besides = `${this.#path}.room`;
    try {
      writeFileSync(besides, aPage, { mode: outputMode });
    } catch (error) {
      this.#failure = new OutputNotKept(error);
    }
    rmSync(besides, { force: true });
  }

  /** What the job has written; it belongs to the stream now. */
  add(chunk: Buffer): void {
    if (this.#failure !== null) return;
    const bytes = chunk.length + chunkBytes;
    if (!this.#isInFile && this.#takenBytes + bytes <= mostOfStreamBytes && this.#memory.take(bytes)) {
      this.#chunks.push(Buffer.from(chunk));
      this.#heldBytes += chunk.length;
      this.#takenBytes += bytes;
      return;
    }
    try {
      this.#fd ??= this.#open();
      for (const held of this.#chunks) writeWhole(this.#fd, held);
      this.#forgetHeld();
      writeWhole(this.#fd, chunk);
    } catch (error) {
      this.#failure = new OutputNotKept(error);
    }
  }

  /** The job writes nothing more. */
  end(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  /** How much it is. */
  size(): number {
    return this.#isInFile ? (statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) : this.#heldBytes;
  }

  /** All of it where it is in memory. */
  held(): readonly Buffer[] | null {
    return this.#isInFile || this.#failure !== null ? null : this.#chunks;
  }

  /** @throws the error of the system call, also of one by which something was lost before. */
  async writeTo(descriptor: number): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#isInFile) await copyFile(this.#path, descriptor);
    else await writeAll(descriptor, Buffer.concat(this.#chunks));
  }

  /** Nobody wants it any more. */
  remove(): void {
    this.#forgetHeld();
    this.end();
    if (this.#isInFile) rmSync(this.#path, { force: true });
  }

  #forgetHeld(): void {
    this.#memory.giveBack(this.#takenBytes);
    this.#chunks = [];
    this.#heldBytes = 0;
    this.#takenBytes = 0;
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
}

async function copyFile(file: string, descriptor: number): Promise<void> {
  if (statSync(file).size === 0) return;
  const source = openSync(file, 'r');
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(pieceBytes);
      const count = readSync(source, piece);
      if (count === 0) return;
      await writeAll(descriptor, piece.subarray(0, count));
      // The end of a file that is shorter than a piece needs no other look.
      if (count < pieceBytes) return;
    }
  } finally {
    closeSync(source);
  }
}
