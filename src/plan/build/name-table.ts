import type { Place } from '../../base/place.ts';

/** The kinds of things that have a name. */
export type NamedKind =
  | 'lock'
  | 'semaphore'
  | 'event'
  | 'condition'
  | 'barrier'
  | 'queue'
  | 'pipe'
  | 'value'
  | 'process'
  | 'daemon'
  | 'finally'
  | 'pool';

/** What a name stands for. */
export interface NamedThing {
  readonly name: string;
  readonly kind: NamedKind;
  readonly place: Place;
  /** Of a process all its instances, of an instance itself; empty for everything else. */
  readonly instances: readonly string[];
  /** Whether it is known how many instances a process has; true for everything else. */
  readonly isCounted: boolean;
}

/** Everything that has a name, instances included. */
export class NameTable {
  readonly #things = new Map<string, NamedThing>();
  readonly #byFolded = new Map<string, NamedThing>();

  /** Takes a name unless it clashes; gives what it clashes with. */
  add(thing: NamedThing): NamedThing | null {
    const folded = foldName(thing.name);
    const known = this.#byFolded.get(folded);
    if (known !== undefined) return known;
    this.#byFolded.set(folded, thing);
    this.#things.set(thing.name, thing);
    return null;
  }

  /** What has this name or one that the environment would write alike. */
  clashWith(name: string): NamedThing | undefined {
    return this.#byFolded.get(foldName(name));
  }

  /** What has exactly this name. */
  get(name: string): NamedThing | undefined {
    return this.#things.get(name);
  }

  /** Whether an instance may have this name: that of a process of which it is not known how many it has. */
  mayBe(name: string): boolean {
    for (let end = name.lastIndexOf('-'); end > 0; end = name.lastIndexOf('-', end - 1))
      if (this.#things.get(name.slice(0, end))?.isCounted === false) return true;
    return false;
  }

  /** All names of these kinds. */
  *namesOf(kinds: ReadonlySet<NamedKind>): Generator<string> {
    for (const thing of this.#things.values()) if (kinds.has(thing.kind)) yield thing.name;
  }

  /** All names. */
  names(): Iterable<string> {
    return this.#things.keys();
  }
}

/** Names that the environment would write alike are alike. */
function foldName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
