/** What came of some bytes. */
export interface SplitFrames {
  /** Whole lines, without their newline. */
  readonly frames: readonly string[];
  /** A line is longer than a frame may be: nothing more can be read. */
  readonly isTooLarge: boolean;
}

/** Cuts the text of a connection into its lines, whatever pieces it comes in. */
export class FrameSplitter {
  readonly #maxCharacters: number;
  #rest: string[] = [];
  #restLength = 0;

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
  }

  push(text: string): SplitFrames {
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    const frames: string[] = [];
    for (const line of lines) {
      const frame = this.#rest.length === 0 ? line : this.#rest.join('') + line;
      this.#rest = [];
      this.#restLength = 0;
      if (frame.length > this.#maxCharacters) return { frames, isTooLarge: true };
      if (frame !== '' && frame !== '\r') frames.push(frame);
    }
    if (last !== '') this.#rest.push(last);
    this.#restLength += last.length;
    return { frames, isTooLarge: this.#restLength > this.#maxCharacters };
  }
}
