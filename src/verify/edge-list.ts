const firstCapacity = 4096;

/** The edges of a state graph. */
export class EdgeList {
  #sources: Int32Array = new Int32Array(firstCapacity);
  #targets: Int32Array = new Int32Array(firstCapacity);
  #size = 0;
  /** The sources of the edges in the order of their targets, and where those of each target begin; null when an edge has come since. */
  #backwards: { readonly sources: Int32Array; readonly begins: Int32Array } | null = null;

  get size(): number {
    return this.#size;
  }

  /** The same edges, to which others are added. */
  copy(): EdgeList {
    const copy = new EdgeList();
    copy.#sources = this.#sources.slice();
    copy.#targets = this.#targets.slice();
    copy.#size = this.#size;
    return copy;
  }

  add(source: number, target: number): void {
    if (this.#size === this.#targets.length) {
      this.#sources = grown(this.#sources);
      this.#targets = grown(this.#targets);
    }
    this.#sources[this.#size] = source;
    this.#targets[this.#size] = target;
    this.#size += 1;
    this.#backwards = null;
  }

  /**
   * Marks in `marks`, one entry a state, every state from which one of `from` can be reached over states without a mark: by default all
   * that are marked. It looks at each edge once.
   */
  markBackwards(marks: Uint8Array, from: readonly number[] | null = null): void {
    this.#backwards ??= this.#turnedRound(marks.length);
    const { sources, begins } = this.#backwards;
    const open: number[] = from === null ? [] : [...from];
    if (from === null) for (let state = 0; state < marks.length; state += 1) if (marks[state] !== 0) open.push(state);
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      const end = begins[state + 1] ?? 0;
      for (let place = begins[state] ?? 0; place < end; place += 1) {
        const source = sources[place] ?? 0;
        if (marks[source] !== 0) continue;
        marks[source] = 1;
        open.push(source);
      }
    }
  }

  #turnedRound(states: number): { readonly sources: Int32Array; readonly begins: Int32Array } {
    const begins = new Int32Array(states + 1);
    for (let edge = 0; edge < this.#size; edge += 1) {
      const target = this.#targets[edge] ?? 0;
      begins[target + 1] = (begins[target + 1] ?? 0) + 1;
    }
    for (let state = 0; state < states; state += 1) begins[state + 1] = (begins[state + 1] ?? 0) + (begins[state] ?? 0);
    const sources = new Int32Array(this.#size);
    const filled = begins.slice(0, states);
    for (let edge = 0; edge < this.#size; edge += 1) {
      const target = this.#targets[edge] ?? 0;
      const place = filled[target] ?? 0;
      sources[place] = this.#sources[edge] ?? 0;
      filled[target] = place + 1;
    }
    return { sources, begins };
  }
}

function grown(numbers: Int32Array): Int32Array {
  const more = new Int32Array(2 * numbers.length);
  more.set(numbers);
  return more;
}
