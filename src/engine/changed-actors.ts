/** Of whom it may have changed what they can still do, since it was last looked. */
export class ChangedActors {
  readonly #names = new Set<string>();
  /** The same since the views last told of waits. */
  readonly sinceTold = new Set<string>();
  #all = true;

  /** Everybody may have changed, as at the beginning. */
  get all(): boolean {
    return this.#all;
  }

  /** Names of instances and pools, where not everybody has. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  get isEmpty(): boolean {
    return !this.#all && this.#names.size === 0;
  }

  /** This instance or pool may have. */
  add(name: string): void {
    this.#names.add(name);
    this.sinceTold.add(name);
  }

  addAll(): void {
    this.#all = true;
  }

  clear(): void {
    if (this.#names.size > 0) this.#names.clear();
    this.#all = false;
  }
}
