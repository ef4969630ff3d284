const newline = 0x0a;

/** What became complete with one chunk. */
export interface SplitResult {
  /** The bytes behind `lines`, unchanged, newlines included; null when nothing became complete. */
  readonly raw: Buffer | null;
  /** The lines without their newlines, decoded as UTF-8; invalid bytes are U+FFFD. */
  readonly lines: readonly string[];
}

const nothing: SplitResult = { raw: null, lines: [] };

/**
 * Cuts a stream of bytes into lines. An unfinished line is held back until its newline, the end, or
 * until it reaches `maxLineBytes`: then it is passed on in pieces of at most that size, so that a
 * stream without newlines needs no more memory than one line. Pieces end between UTF-8 characters.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(maxLineBytes: number) {
    // A character has up to four bytes; a smaller limit could never be kept without tearing one.
    this.#maxLineBytes = Math.max(4, maxLineBytes);
  }

  /** Takes the next bytes and gives what they completed. */
  push(chunk: Buffer): SplitResult {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0 && this.#pendingBytes + chunk.length <= this.#maxLineBytes) {
      this.#hold(chunk);
      return nothing;
    }
    const joined = this.#pendingBytes === 0 ? chunk : Buffer.concat([...this.#pending, chunk]);
    const lines: string[] = [];
    const done = this.#cut(joined, end === 0 ? 0 : this.#pendingBytes + end, lines);
    this.#pending = [];
    this.#pendingBytes = 0;
    // A copy, so that a few held bytes do not keep a whole read buffer in memory.
    if (done < joined.length) this.#hold(Buffer.from(joined.subarray(done)));
    return { raw: joined.subarray(0, done), lines };
  }

  /** Gives the last line when it has no newline. */
  end(): SplitResult {
    if (this.#pendingBytes === 0) return nothing;
    const raw = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    return { raw, lines: [raw.toString('utf8')] };
  }

  #hold(bytes: Buffer): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  /** Appends the lines that end before `end` and the pieces of an overlong rest; gives what is used up. */
  #cut(bytes: Buffer, end: number, lines: string[]): number {
    const limit = this.#maxLineBytes;
    let start = 0;
    if (end > 0 && end <= limit) {
      // No line in here can be too long: one decoding and one split do for all of them.
      for (const line of bytes.toString('utf8', 0, end - 1).split('\n')) lines.push(line);
      start = end;
    }
    while (start < end) {
      const stop = bytes.indexOf(newline, start);
      start = this.#cutOverlong(bytes, start, stop, lines);
      lines.push(bytes.toString('utf8', start, stop));
      start = stop + 1;
    }
    return this.#cutOverlong(bytes, start, bytes.length, lines);
  }

  #cutOverlong(bytes: Buffer, from: number, stop: number, lines: string[]): number {
    let start = from;
    while (stop - start > this.#maxLineBytes) {
      const cut = characterStart(bytes, start + this.#maxLineBytes);
      lines.push(bytes.toString('utf8', start, cut));
      start = cut;
    }
    return start;
  }
}

/** The last place at or before `at` where a UTF-8 character begins; `at` itself in bytes that are none. */
function characterStart(bytes: Buffer, at: number): number {
  for (let back = 0; back < 4; back += 1) {
    const byte = bytes[at - back];
    if (byte !== undefined && (byte & 0xc0) !== 0x80) return at - back;
  }
  return at;
}
