/** Tokens without a pipe, which nobody but mpctl takes: a stand-in for a `TokenPipe` where none can be made. */
export class CountedTokens {
  #count = 0;
  #onToken: (() => void) | null = null;

  ask(onToken: () => void): void {
    this.#onToken = onToken;
    this.#give();
  }

  unask(): boolean {
    const wasAsked = this.#onToken !== null;
    this.#onToken = null;
    return wasAsked;
  }

  put(tokens: readonly number[]): void {
    this.#count += tokens.length;
    this.#give();
  }

  drain(): void {
    this.#count = 0;
  }

  close(): void {
    this.#onToken = null;
  }

  #give(): void {
    const onToken = this.#onToken;
    if (onToken === null || this.#count === 0) return;
    this.#onToken = null;
    this.#count -= 1;
    onToken();
  }
}
