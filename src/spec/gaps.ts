import type { Place } from '../base/place.ts';

/** Stands for a key that nobody knows: one that is none of the language, or that a broken merge would bring. */
export const anyKey = '?';

/** One place on the way to a gap. */
export interface GapNode {
  /** Something that was written here is missing, or more was written than could be read. */
  readonly isGap: boolean;
  /** By key, and by the index that an item has in the file. */
  readonly children: ReadonlyMap<string | number, GapNode>;
}

interface Node extends GapNode {
  isGap: boolean;
  readonly children: Map<string | number, Node>;
  /** Of a list: the indexes in the file of those items that could be read. */
  kept: readonly number[] | null;
}

/**
 * What of a spec could not be read. Whoever concludes from what a spec does not say asks here first,
 * whether it would have said it. Places are those of the spec as it was read, in which the items of a
 * list that were left out are not counted.
 */
export class Gaps {
  readonly #root: Node = emptyNode();
  #count = 0;

  /** How many times something was found missing. */
  get count(): number {
    return this.#count;
  }

  /** Something is missing at a place of the file. */
  add(place: Place): void {
    this.#make(place).isGap = true;
    this.#count += 1;
  }

  /** Of the list at a place of the file only these items could be read. */
  keepOnly(place: Place, kept: readonly number[]): void {
    this.#make(place).kept = kept;
  }

  /** Takes over what another file lacks. */
  addAll(others: Gaps): void {
    this.#count += others.#count;
    merge(this.#root, others.#root);
  }

  /** Where in the file a place of the spec is. */
  written(place: Place): Place {
    let node: Node | undefined = this.#root;
    return place.map((key) => {
      const index: string | number = typeof key === 'number' ? (node?.kept?.[key] ?? key) : key;
      node = node?.children.get(index);
      return index;
    });
  }

  /** What is missing at and below a place of the spec; undefined where nothing is. */
  at(place: Place): GapNode | undefined {
    let node: Node | undefined = this.#root;
    for (const key of place) {
      const index: string | number = typeof key === 'number' ? (node.kept?.[key] ?? key) : key;
      node = node.children.get(index);
      if (node === undefined) return undefined;
    }
    return isSound(node) ? undefined : node;
  }

  #make(place: Place): Node {
    let node = this.#root;
    for (const key of place) {
      let child = node.children.get(key);
      if (child === undefined) {
        child = emptyNode();
        node.children.set(key, child);
      }
      node = child;
    }
    return node;
  }
}

function emptyNode(): Node {
  return { isGap: false, children: new Map(), kept: null };
}

function isSound({ isGap, children }: GapNode): boolean {
  return !isGap && children.size === 0;
}

function merge(into: Node, from: Node): void {
  into.isGap ||= from.isGap;
  into.kept ??= from.kept;
  for (const [key, child] of from.children) {
    const known = into.children.get(key);
    if (known === undefined) into.children.set(key, child);
    else merge(known, child);
  }
}
