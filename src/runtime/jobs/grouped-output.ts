/*
 * The one place from which the output of jobs reaches the outside: from the files of each job, whole, when
 * it has ended, and in the order of the items where that is wanted.
 */
import { closeSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { writeAll } from './write-all.ts';

/** Where the output of a job is. */
export interface JobFiles {
  readonly stdout: string;
  readonly stderr: string;
}

/** What a job has to say. */
export type JobOutput =
  /** Files, which are removed. Null for a job that was never started. `onWritten` when everything before and all of it was written. */
  | { readonly type: 'files'; readonly files: JobFiles | null; readonly onWritten: () => void }
  /** A binary string for standard output. */
  | { readonly type: 'text'; readonly text: string };

/** Who is told how the writing goes. */
export interface OutputListener {
  /** Around the output of a job. */
  readonly onBegin: () => void;
  readonly onEnd: () => void;
  /** Something could not be written; nothing more is. */
  readonly onFailure: (error: unknown, descriptor: number) => void;
}

const standardOutput = 1;
const standardError = 2;
const pieceBytes = 65_536;

/** Output of jobs on its way out. */
export class GroupedOutput {
  readonly #keepsOrder: boolean;
  readonly #listener: OutputListener;
  /** To be written, in this order. */
  readonly #ready: JobOutput[] = [];
  /** Behind a job that has not ended; null for one that has none. */
  readonly #held = new Map<number, JobOutput | null>();
  #next = 1;
  /** From the first of several outputs to the last. */
  #isWriting = false;
  #isWritingOne = false;
  #hasFailed = false;
  #onIdle: (() => void) | null = null;

  constructor(keepsOrder: boolean, listener: OutputListener) {
    this.#keepsOrder = keepsOrder;
    this.#listener = listener;
  }

  /** Jobs whose output could be written at once. */
  get backlog(): number {
    return this.#ready.length + Number(this.#isWritingOne);
  }

  /** The job of this number has ended for good; null for one that is left out. */
  add(seq: number, output: JobOutput | null): void {
    if (this.#keepsOrder) this.#held.set(seq, output);
    else if (output !== null) this.#ready.push(output);
    for (let next = this.#held.get(this.#next); next !== undefined; next = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#next += 1;
      if (next !== null) this.#ready.push(next);
    }
    this.#write();
  }

  /** Waits no longer for jobs that never come. */
  releaseHeld(): void {
    for (const [, output] of [...this.#held].toSorted(([left], [right]) => left - right)) if (output !== null) this.#ready.push(output);
    this.#held.clear();
    this.#write();
  }

  /** Gives up what waits for others. */
  dropHeld(): void {
    this.#held.clear();
  }

  /** Waits for the reader no longer. */
  giveUp(): void {
    this.#hasFailed = true;
    this.#onIdle?.();
  }

  /** Resolves when everything that could be written was. */
  async idle(): Promise<void> {
    if (!this.#isWriting || this.#hasFailed) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #write(): void {
    if (!this.#isWriting && this.#ready.length > 0) void this.#writeReady();
  }

  async #writeReady(): Promise<void> {
    this.#isWriting = true;
    for (let output = this.#ready.shift(); output !== undefined; output = this.#ready.shift()) {
      if (this.#hasFailed) {
        removeFiles(output);
        continue;
      }
      this.#isWritingOne = true;
      this.#listener.onBegin();
      await this.#writeOne(output);
      removeFiles(output);
      if (!this.#hasFailed && output.type === 'files') output.onWritten();
      this.#isWritingOne = false;
      this.#listener.onEnd();
    }
    this.#isWriting = false;
    this.#onIdle?.();
  }

  async #writeOne(output: JobOutput): Promise<void> {
    if (output.type === 'text') {
      const text = output.text + this.#takeTexts();
      await this.#try(standardOutput, async () => writeAll(standardOutput, Buffer.from(text, 'latin1')));
      return;
    }
    const { files } = output;
    if (files === null) return;
    await this.#try(standardOutput, async () => copyFile(files.stdout, standardOutput));
    await this.#try(standardError, async () => copyFile(files.stderr, standardError));
  }

  /** Short texts that follow each other are written together. */
  #takeTexts(): string {
    let texts = '';
    for (let [next] = this.#ready; next?.type === 'text' && texts.length < pieceBytes; [next] = this.#ready) {
      texts += next.text;
      this.#ready.shift();
    }
    return texts;
  }

  async #try(descriptor: number, action: () => Promise<void>): Promise<void> {
    if (this.#hasFailed) return;
    try {
      await action();
    } catch (error) {
      this.#hasFailed = true;
      this.#listener.onFailure(error, descriptor);
    }
  }
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

function removeFiles(output: JobOutput): void {
  if (output.type === 'text' || output.files === null) return;
  rmSync(output.files.stdout, { force: true });
  rmSync(output.files.stderr, { force: true });
}
