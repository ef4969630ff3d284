/*
 * The one place from which the output of jobs reaches the outside: that of each job, whole, when it has ended,
 * and in the order of the items where that is wanted.
 */
import { ShortLivedMap } from '../../base/short-lived-map.ts';
import type { JobStreams } from './job-streams.ts';
import { writeAll } from './write-all.ts';

/** What a job has written, which is removed then. `onWritten` when everything before and all of it was written. */
interface StreamsOutput {
  readonly type: 'streams';
  readonly streams: JobStreams;
  readonly onWritten: () => void;
}

/** What a job has to say. */
export type JobOutput =
  | StreamsOutput
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

/** The output of a job that has none. */
const none = { type: 'none' } as const;

/** Output of jobs on its way out. */
export class GroupedOutput {
  readonly #keepsOrder: boolean;
  readonly #listener: OutputListener;
  /** To be written, in this order. */
  readonly #ready: JobOutput[] = [];
  /** Behind a job that has not ended; `none` for one that has none. */
  readonly #held = new ShortLivedMap<number, JobOutput | typeof none>();
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
    if (this.#keepsOrder) this.#held.set(seq, output ?? none);
    else if (output !== null) this.#ready.push(output);
    for (let next = this.#held.get(this.#next); next !== undefined; next = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#next += 1;
      if (next.type !== 'none') this.#ready.push(next);
    }
    this.#write();
  }

  /** Waits no longer for jobs that never come. */
  releaseHeld(): void {
    for (const [, output] of [...this.#held].toSorted(([left], [right]) => left - right)) if (output.type !== 'none') this.#ready.push(output);
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
    if (this.#isWriting) return;
    while (this.#forgetSilent());
    if (this.#ready.length > 0) void this.#writeReady();
  }

  /** Most jobs write nothing, and nobody has to wait for that. */
  #forgetSilent(): boolean {
    const [first] = this.#ready;
    if (first?.type !== 'streams' || this.#hasFailed || shortOutput(first)?.length !== 0) return false;
    this.#ready.shift();
    removeStreams(first);
    first.onWritten();
    return true;
  }

  async #writeReady(): Promise<void> {
    this.#isWriting = true;
    for (let output = this.#ready.shift(); output !== undefined; output = this.#ready.shift()) {
      if (this.#hasFailed) {
        removeStreams(output);
        continue;
      }
      this.#isWritingOne = true;
      this.#listener.onBegin();
      if (output.type === 'text') await this.#writeTexts(output.text);
      else await this.#writeStreams(output);
      this.#isWritingOne = false;
      this.#listener.onEnd();
    }
    this.#isWriting = false;
    this.#onIdle?.();
  }

  /** Short texts that follow each other are written together. */
  async #writeTexts(first: string): Promise<void> {
    let text = first;
    for (let [next] = this.#ready; next?.type === 'text' && text.length < pieceBytes; [next] = this.#ready) {
      text += next.text;
      this.#ready.shift();
    }
    await this.#try(standardOutput, async () => writeAll(standardOutput, Buffer.from(text, 'latin1')));
  }

  async #writeStreams(first: StreamsOutput): Promise<void> {
    const together = this.#takeShort(first);
    if (together === null) {
      await this.#try(standardOutput, async () => first.streams.stdout.writeTo(standardOutput));
      await this.#try(standardError, async () => first.streams.stderr.writeTo(standardError));
    } else if (together.chunks.length > 0) {
      await this.#try(standardOutput, async () => writeAll(standardOutput, Buffer.concat(together.chunks)));
    }
    for (const output of together?.outputs ?? [first]) {
      removeStreams(output);
      if (!this.#hasFailed) output.onWritten();
    }
  }

  /** Those that have written little, and to standard output alone, are written together with the ones that follow; null where that cannot be. */
  #takeShort(first: StreamsOutput): { readonly outputs: readonly StreamsOutput[]; readonly chunks: readonly Buffer[] } | null {
    const held = shortOutput(first);
    if (held === null) return null;
    const outputs = [first];
    const chunks = [...held];
    let bytes = first.streams.stdout.size();
    for (let [next] = this.#ready; next?.type === 'streams' && bytes < pieceBytes; [next] = this.#ready) {
      const more = shortOutput(next);
      if (more === null) break;
      chunks.push(...more);
      outputs.push(next);
      bytes += next.streams.stdout.size();
      this.#ready.shift();
    }
    return { outputs, chunks };
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

/** What it has written to standard output, where that is in memory and all that it has written. */
function shortOutput({ streams }: StreamsOutput): readonly Buffer[] | null {
  return streams.stderr.held()?.length === 0 ? streams.stdout.held() : null;
}

function removeStreams(output: JobOutput): void {
  if (output.type === 'text') return;
  output.streams.stdout.remove();
  output.streams.stderr.remove();
}
