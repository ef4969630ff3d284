/*
 * The file of the fates of a pool: lines such as `succeeded 12 1b2c3d4e 5f607182`, the fate of the tasks
 * from number 12 on with a digest of each item. It is only ever added to. Whatever the end of mpctl or of
 * the machine leaves of a line says nothing false: a digest has eight digits or is none, and a number with
 * none behind it, or a line without its end, is no fate.
 */
import type { EarlierTasks, SettledFate } from '../../engine/earlier-tasks.ts';

const line = /^(?<fate>succeeded|failed|signalled|timed_out|lost) (?<first>\d{1,9})(?<digests>(?: [0-9a-f]{8})+)$/u;
const digestWidth = 9;

/** Room that is left at least before a fate is added: a word, a number and a digest. */
const widestFate = 64;
const [newline, space] = [0x0a, 0x20];
const digits = Buffer.from('0123456789abcdef');

/** Makes the lines of fates: those that follow each other in number share one. Bytes at once: a string for each digest costs thirty times as much. */
export class FatesText {
  #bytes = Buffer.alloc(4096);
  #length = 0;
  #fate: SettledFate | null = null;
  #next = 0;

  /** Adds the fate of one task. */
  add(number: number, fate: SettledFate, digest: number): void {
    if (this.#length + widestFate > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    if (fate !== this.#fate || number !== this.#next) {
      if (this.#length > 0) this.#addByte(newline);
      this.#length += this.#bytes.write(`${fate} ${number}`, this.#length, 'latin1');
    }
    this.#addByte(space);
    for (let shift = 28; shift >= 0; shift -= 4) this.#addByte(digits[(digest >>> shift) & 15] ?? 0);
    this.#fate = fate;
    this.#next = number + 1;
  }

  /** The lines since the last call; they are gone with the next fate that is added. */
  take(): Uint8Array {
    if (this.#length > 0) this.#addByte(newline);
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#fate = null;
    return bytes;
  }

  #addByte(byte: number): void {
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }
}

/** Notes the fates of a file; later ones take the place of earlier ones. */
export function readFates(text: string, tasks: EarlierTasks): void {
  for (let start = 0; ; ) {
    const end = text.indexOf('\n', start);
    // What follows the last newline was not written to its end.
    if (end === -1) return;
    readLine(text.slice(start, end), tasks);
    start = end + 1;
  }
}

function readLine(written: string, tasks: EarlierTasks): void {
  const { fate, first, digests } = line.exec(written)?.groups ?? {};
  if (!isFate(fate) || first === undefined || digests === undefined) return;
  const firstNumber = Number(first);
  for (let at = 0; at < digests.length; at += digestWidth) {
    tasks.note(firstNumber + at / digestWidth, fate, Number.parseInt(digests.slice(at + 1, at + digestWidth), 16));
  }
}

const fates: ReadonlySet<string | undefined> = new Set<SettledFate>(['succeeded', 'failed', 'signalled', 'timed_out', 'lost']);

function isFate(word: string | undefined): word is SettledFate {
  return fates.has(word);
}
