const newline = 0x0a;

/** What became complete with one chunk. */
export interface SplitResult {
  /** The bytes behind `lines`, unchanged, newlines included, in pieces that do not divide a line unless it is too long. */
  readonly raw: readonly Buffer[];
  /** The lines without their newlines, decoded as UTF-8; invalid bytes are U+FFFD. */
  readonly lines: readonly string[];
}

const nothing: SplitResult = { raw: [], lines: [] };

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

  /**
   * Takes the next bytes and gives what they completed; of more lines than `most` the last ones, and all bytes.
   * To make a string of every line takes many times as long as to pass its bytes on.
   */
  push(chunk: Buffer, most = Number.POSITIVE_INFINITY): SplitResult {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0 && this.#pendingBytes + chunk.length <= this.#maxLineBytes) {
      this.#hold(Buffer.from(chunk));
      return nothing;
    }
    const first = this.#pendingBytes === 0 || end === 0 ? 0 : chunk.indexOf(newline) + 1;
    if (first > 0 && this.#pendingBytes + first <= this.#maxLineBytes) return this.#pushRest(chunk, first, most);
    const joined = this.#pendingBytes === 0 ? chunk : Buffer.concat([...this.#pending, chunk]);
    const lines: string[] = [];
    const stop = end === 0 ? 0 : this.#pendingBytes + end;
    const done = this.#cut(joined, startOfLast(joined, stop, most), stop, lines);
    this.#pending = [];
    this.#pendingBytes = 0;
    // A copy, since the chunk is the caller's.
    if (done < joined.length) this.#hold(Buffer.from(joined.subarray(done)));
    return { raw: done === 0 ? [] : [joined.subarray(0, done)], lines };
  }

  /** The chunk ends the pending line at `first`: only that line is copied, and not all of the chunk with it. */
  #pushRest(chunk: Buffer, first: number, most: number): SplitResult {
    const line = Buffer.concat([...this.#pending, chunk.subarray(0, first)]);
    this.#pending = [];
    this.#pendingBytes = 0;
    const rest = first === chunk.length ? nothing : this.push(chunk.subarray(first), most);
    const lines = rest.lines.length < most ? [line.toString('utf8', 0, line.length - 1), ...rest.lines] : rest.lines;
    return { raw: [line, ...rest.raw], lines };
  }

  /** Gives the last line when it has no newline. */
  end(): SplitResult {
    if (this.#pendingBytes === 0) return nothing;
    const raw = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    return { raw: [raw], lines: [raw.toString('utf8')] };
  }

  #hold(bytes: Buffer): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  /** Appends the lines from `from` on that end before `end` and the pieces of an overlong rest; gives what is used up. */
  #cut(bytes: Buffer, from: number, end: number, lines: string[]): number {
    const limit = this.#maxLineBytes;
    let start = from;
    if (end > start && end - start <= limit) {
      // No line in here can be too long: one decoding and one split do for all of them.
      for (const line of bytes.toString('utf8', start, end - 1).split('\n')) lines.push(line);
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

/** Where the last of the lines begin that end before `end`. */
function startOfLast(bytes: Buffer, end: number, most: number): number {
  if (most === Number.POSITIVE_INFINITY) return 0;
  let left = most;
  for (let at = end - 2; at >= 0; at -= 1) {
    if (bytes[at] !== newline) continue;
    left -= 1;
    if (left === 0) return at + 1;
  }
  return 0;
}

/** The last place at or before `at` where a UTF-8 character begins; `at` itself in bytes that are none. */
function characterStart(bytes: Buffer, at: number): number {
  for (let back = 0; back < 4; back += 1) {
    const byte = bytes[at - back];
    if (byte !== undefined && (byte & 0xc0) !== 0x80) return at - back;
  }
  return at;
}
