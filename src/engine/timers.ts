/** A timer that can be disarmed; equal times fire in the order they were armed. */
export interface Timer<Purpose> {
  atMs: number;
  order: number;
  readonly purpose: Purpose;
  armed: boolean;
}

/**
 * Deadlines in virtual time: a binary heap, so that ten thousand timers cost what they should. Disarmed
 * timers stay in the heap until they surface.
 */
export class Timers<Purpose> {
  readonly #heap: Timer<Purpose>[] = [];
  #order = 0;

  /** Arms a timer for an absolute time in ms. */
  arm(atMs: number, purpose: Purpose): Timer<Purpose> {
    const timer = { atMs, order: 0, purpose, armed: true };
    this.putOff(timer, atMs);
    return timer;
  }

  /** Arms one for later that was taken. */
  putOff(timer: Timer<Purpose>, atMs: number): void {
    timer.atMs = atMs;
    timer.order = this.#order++;
    timer.armed = true;
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
  }

  /** When the next armed timer is due; null when there is none. */
  nextMs(): number | null {
    this.#dropDisarmed();
    return this.#heap[0]?.atMs ?? null;
  }

  /** Those that are armed, soonest first. */
  armed(): readonly Timer<Purpose>[] {
    return this.#heap.filter(({ armed }) => armed).toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);
  }

  /** Takes the next timer that is due, or null. */
  takeDue(nowMs: number): Timer<Purpose> | null {
    this.#dropDisarmed();
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return null;
    this.#removeFirst();
    first.armed = false;
    return first;
  }

  #dropDisarmed(): void {
    while (this.#heap[0]?.armed === false) this.#removeFirst();
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #before(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return false;
    return first.atMs < second.atMs || (first.atMs === second.atMs && first.order < second.order);
  }

  #swap(a: number, b: number): void {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let smallest = index;
      if (this.#before(left, smallest)) smallest = left;
      if (this.#before(right, smallest)) smallest = right;
      if (smallest === index) return;
      this.#swap(index, smallest);
      index = smallest;
    }
  }
}
