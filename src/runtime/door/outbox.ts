/** What has something to say to its client. */
interface Sender {
  send(): void;
}

/**
 * When the streams of a door write: what one read brings about, for whomever, goes out together right
 * after the read; everything else at the end of the turn.
 */
export class Outbox {
  readonly #senders = new Set<Sender>();
  #isReading = false;
  #isArmed = false;

  /** Something is to be sent; each sender is called once for all that it has to say by then. */
  add(sender: Sender): void {
    this.#senders.add(sender);
    if (!this.#isReading) this.#arm();
  }

  /**
   * Handles what was read. To write to a client that has died closes its connection, and what it asked
   * before it died still counts: where more may have come than was read, the answers wait for it.
   */
  read(mayHaveMore: boolean, handle: () => void): void {
    this.#isReading = true;
    handle();
    this.#isReading = false;
    if (!mayHaveMore) this.#sendAll();
    else if (this.#senders.size > 0) this.#arm();
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => {
      this.#isArmed = false;
      this.#sendAll();
    });
  }

  #sendAll(): void {
    for (const sender of this.#senders) sender.send();
    this.#senders.clear();
  }
}
