/**
 * Names for holders of one process. Each acquisition has one of its own, since two asynchronous tasks
 * of a program exclude each other as two threads do; a name is used again once it holds nothing.
 */
export class HolderNames {
  readonly #prefix: string;
  readonly #free: string[] = [];
  #made = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  take(): string {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    this.#made += 1;
    return `${this.#prefix}.${String(this.#made)}`;
  }

  giveBack(name: string): void {
    this.#free.push(name);
  }
}
