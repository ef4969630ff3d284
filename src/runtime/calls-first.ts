/** So many turns of the event loop a connection takes at most to be seen closed, once whoever had it has ended. */
const closingTurns = 8;

/**
 * Tells the end of a process after what it asked before: that is in its sockets, and is read in the next turns of
 * the event loop; in one of them each is seen to be closed, unless somebody else has it open.
 */
export class CallsFirst {
  readonly #hasStream: () => boolean;
  #isLate = false;

  /** `hasStream`: whether it, or somebody else of its name, has a connection. */
  constructor(hasStream: () => boolean) {
    this.#hasStream = hasStream;
  }

  /** In the order in which it is called. */
  tell(act: () => void, turns = closingTurns): void {
    const isOpen = this.#hasStream();
    this.#isLate ||= isOpen;
    if (this.#isLate && turns > 0 && (isOpen || turns === closingTurns)) setImmediate(() => this.tell(act, turns - 1));
    else act();
  }
}
