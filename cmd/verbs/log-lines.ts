const newline = 0x0a;

/** A line that does not end is shown in pieces of this size. */
const longestBytes = 64 * 1024;

/** Puts the name of a log before each of its lines; without a name its bytes are left as they are. */
export class LogLines {
  readonly #prefix: Buffer | null;
  #rest: Buffer = Buffer.alloc(0);

  constructor(name: string | null) {
    this.#prefix = name === null ? null : Buffer.from(`[${name}] `);
  }

  /** What can be shown by now: whole lines. */
  push(bytes: Buffer): Buffer {
    if (this.#prefix === null) return bytes;
    const all = Buffer.concat([this.#rest, bytes]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = all.indexOf(newline); end !== -1; end = all.indexOf(newline, start)) {
      lines.push(this.#prefix, all.subarray(start, end + 1));
      start = end + 1;
    }
    this.#rest = all.subarray(start);
    if (this.#rest.length >= longestBytes) lines.push(this.end());
    return Buffer.concat(lines);
  }

  /** The last line, where no newline has ended it. */
  end(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return this.#prefix === null || rest.length === 0 ? rest : Buffer.concat([this.#prefix, rest, Buffer.from('\n')]);
  }
}
