/** One place in a `LinkedList`; it stays valid until it is removed. */
export interface ListNode<T> {
  value: T;
  previous: ListNode<T> | null;
  next: ListNode<T> | null;
}

/**
 * A doubly linked list: adding at either end, and removing anywhere, take constant time. Waiting
 * requests leave from the middle when they time out, so that an array would make a crowd quadratic.
 */
export class LinkedList<T> implements Iterable<T> {
  #head: ListNode<T> | null = null;
  #tail: ListNode<T> | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The first place; null when the list is empty. */
  get head(): ListNode<T> | null {
    return this.#head;
  }

  /** Adds at the end. */
  append(value: T): ListNode<T> {
    return this.#insertAfter(this.#tail, value);
  }

  /** Adds at the beginning. */
  prepend(value: T): ListNode<T> {
    return this.#insertAfter(null, value);
  }

  /** Adds behind the last value that is not `after` the new one; costs the distance from the end. */
  insertSorted(value: T, after: (other: T, value: T) => boolean): ListNode<T> {
    let node = this.#tail;
    while (node !== null && after(node.value, value)) node = node.previous;
    return this.#insertAfter(node, value);
  }

  /** Takes out a place of this list; each place at most once. */
  remove(node: ListNode<T>): void {
    if (node.previous === null) this.#head = node.next;
    else node.previous.next = node.next;
    if (node.next === null) this.#tail = node.previous;
    else node.next.previous = node.previous;
    node.previous = null;
    node.next = null;
    this.#size -= 1;
  }

  /** Takes out the first value; undefined when the list is empty. */
  shift(): T | undefined {
    const node = this.#head;
    if (node === null) return undefined;
    this.remove(node);
    return node.value;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let node = this.#head; node !== null; node = node.next) yield node.value;
  }

  #insertAfter(previous: ListNode<T> | null, value: T): ListNode<T> {
    const next = previous === null ? this.#head : previous.next;
    const node: ListNode<T> = { value, previous, next };
    if (previous === null) this.#head = node;
    else previous.next = node;
    if (next === null) this.#tail = node;
    else next.previous = node;
    this.#size += 1;
    return node;
  }
}
