/** One sleep of a program as it was seen from outside. */
export interface Sleep {
  /** Equal in two looks where none of its processes has run between them. */
  readonly mark: string;
  /** The calls of its instance under way, on whatever connection. */
  readonly calls: string;
}

/**
 * The word of a client with an event loop that nothing but the answers to its calls wakes it. The system shows
 * most of that, and the client is asked for the rest only when it was seen twice in the same sleep: then nothing
 * of its own is on its way that could make its word untrue once it is given. It counts for the one sleep that
 * follows, in the same calls.
 */
export class LoopWord {
  /** Null where it has run for certain since it was seen. */
  #mark: string | null = null;
  #calls = '';
  #isAsked = false;
  #isGiven = false;

  /** Whether it counts. */
  get isGiven(): boolean {
    return this.#isGiven;
  }

  /** Its program was seen asleep; whether it is to be asked now. */
  isToBeAsked({ mark, calls }: Sleep): boolean {
    const isSame = mark === this.#mark && calls === this.#calls;
    const isFollowing = this.#mark === null && calls === this.#calls;
    if (!isSame && !isFollowing) this.#isGiven = false;
    this.#mark = mark;
    this.#calls = calls;
    if (!isSame || this.#isGiven || this.#isAsked) return false;
    this.#isAsked = true;
    return true;
  }

  /** What it has said, which counts where it was asked. */
  say(isTrue: boolean): void {
    this.#isGiven = isTrue && this.#isAsked;
    this.#isAsked = false;
    this.#mark = null;
  }
}
