const firstCapacity = 4096;

/** The edges of a state graph, grouped by where they begin: states are expanded in the order of their numbers. */
export class EdgeList {
  #targets = new Int32Array(firstCapacity);
  /** Where the edges of each expanded state begin. */
  readonly #begins: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** States that were expanded. */
  get sources(): number {
    return this.#begins.length;
  }

  /** From now on edges are those of the next state. */
  beginSource(): void {
    this.#begins.push(this.#size);
  }

  /** Adds an edge of the state that was begun last. */
  add(target: number): void {
    if (this.#size === this.#targets.length) {
      const targets = new Int32Array(2 * this.#size);
      targets.set(this.#targets);
      this.#targets = targets;
    }
    this.#targets[this.#size] = target;
    this.#size += 1;
  }

  /**
   * Marks in `marks`, one entry a state, every state from which a marked one can be reached: backwards
   * over the edges, each of which is looked at once.
   */
  markBackwards(marks: Uint8Array): void {
    const states = marks.length;
    const begins = new Int32Array(states + 1);
    for (let edge = 0; edge < this.#size; edge += 1) {
      const target = this.#targets[edge] ?? 0;
      begins[target + 1] = (begins[target + 1] ?? 0) + 1;
    }
    for (let state = 0; state < states; state += 1) begins[state + 1] = (begins[state + 1] ?? 0) + (begins[state] ?? 0);
    const sources = new Int32Array(this.#size);
    const filled = begins.slice(0, states);
    for (const [source, begin] of this.#begins.entries()) {
      const end = this.#begins[source + 1] ?? this.#size;
      for (let edge = begin; edge < end; edge += 1) {
        const target = this.#targets[edge] ?? 0;
        const place = filled[target] ?? 0;
        sources[place] = source;
        filled[target] = place + 1;
      }
    }
    const open: number[] = [];
    for (let state = 0; state < states; state += 1) if (marks[state] !== 0) open.push(state);
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
}
