/** What stands in the table of a map for a value, and lets go of it. */
interface Cell<V> {
  value: V | null;
}

/**
 * A map for entries of which thousands come and go, in the order in which they have come. Whenever the table of a `Map` is full of
 * deleted entries V8 makes a new one, to which the old one points for the sake of its iterators, and it
 * keeps its own entries. A table that was there early is not collected before the whole heap is, and with it
 * all that came after it: every value that ever was in the map. From a cell a deleted value is gone at once.
 */
export class ShortLivedMap<K, V extends object> {
  readonly #cells = new Map<K, Cell<V>>();

  get size(): number {
    return this.#cells.size;
  }

  get(key: K): V | undefined {
    return this.#cells.get(key)?.value ?? undefined;
  }

  has(key: K): boolean {
    return this.#cells.has(key);
  }

  set(key: K, value: V): void {
    const cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, { value });
    else cell.value = value;
  }

  /** Whether there was one. */
  delete(key: K): boolean {
    const cell = this.#cells.get(key);
    if (cell === undefined) return false;
    cell.value = null;
    return this.#cells.delete(key);
  }

  clear(): void {
    for (const cell of this.#cells.values()) cell.value = null;
    this.#cells.clear();
  }

  keys(): IterableIterator<K> {
    return this.#cells.keys();
  }

  /** As those of a `Map`, also where entries come and go meanwhile. */
  *values(): IterableIterator<V> {
    for (const { value } of this.#cells.values()) if (value !== null) yield value;
  }

  /** As of `values`. */
  *[Symbol.iterator](): IterableIterator<readonly [key: K, value: V]> {
    for (const [key, { value }] of this.#cells) if (value !== null) yield [key, value];
  }
}
