import type { WaitReason } from './run-event.ts';

/** The waits of one instance or pool as they were told last. */
export interface ToldWaits {
  /** As the state has them. */
  readonly plain: readonly WaitReason[];
  readonly named: readonly WaitReason[];
}

/** What was told of whom, and whose words are out of date when something changes. */
export class ToldWaitsOf {
  readonly #told = new Map<string, ToldWaits>();
  /** Who waits for a thing, by its name. */
  readonly #waiters = new Map<string, Set<string>>();
  /** In whose words somebody is named. */
  readonly #naming = new Map<string, Set<string>>();

  get(unit: string): ToldWaits | undefined {
    return this.#told.get(unit);
  }

  /** How many wait for something. */
  get size(): number {
    return this.#told.size;
  }

  waitersOf(thing: string): ReadonlySet<string> {
    return this.#waiters.get(thing) ?? nobody;
  }

  namersOf(who: string): ReadonlySet<string> {
    return this.#naming.get(who) ?? nobody;
  }

  set(unit: string, told: ToldWaits): void {
    this.#forget(unit);
    if (told.plain.length === 0) return;
    this.#told.set(unit, told);
    for (const { name } of told.plain) add(this.#waiters, name, unit);
    for (const { by } of told.named) for (const who of by) add(this.#naming, who, unit);
  }

  #forget(unit: string): void {
    const told = this.#told.get(unit);
    if (told === undefined) return;
    this.#told.delete(unit);
    for (const { name } of told.plain) this.#waiters.get(name)?.delete(unit);
    for (const { by } of told.named) for (const who of by) this.#naming.get(who)?.delete(unit);
  }
}

const nobody: ReadonlySet<string> = new Set();

function add(index: Map<string, Set<string>>, key: string, unit: string): void {
  const units = index.get(key);
  if (units === undefined) index.set(key, new Set([unit]));
  else units.add(unit);
}

/** Whether both say the same. */
export function saysTheSame(one: readonly WaitReason[], other: readonly WaitReason[]): boolean {
  return (
    one.length === other.length &&
    one.every((wait, place) => {
      const against = other[place];
      if (against === undefined) return false;
      const { kind, name, detail, by } = against;
      return wait.kind === kind && wait.name === name && wait.detail === detail && wait.by.length === by.length && wait.by.every((who, at) => who === by[at]);
    })
  );
}
