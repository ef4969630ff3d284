import { type ConditionPlace, conditionPlaces, endingConditions } from '../condition-lines.ts';
import type { ModelSystem } from '../model-system.ts';
import type { PromelaNames } from './promela-names.ts';

/** Where somebody may stand. */
interface Standing {
  readonly actor: number;
  readonly at: readonly number[];
}

/** The order of those who wait at conditions, and of those who take their locks again, in Promela. */
export class PromelaConditions {
  readonly #names: PromelaNames;
  readonly #places: readonly (readonly (ConditionPlace | null)[])[];
  readonly #ending: readonly string[];
  /** What is known of these from the first on. */
  readonly #known: readonly number[];

  constructor({ graphs, layout, initial }: ModelSystem, names: PromelaNames) {
    this.#names = names;
    this.#places = conditionPlaces(graphs);
    this.#ending = endingConditions(graphs);
    this.#known = this.#ending.map((condition) => initial[layout.vainField(condition) ?? 0] ?? 0);
  }

  declarations(): readonly string[] {
    return [...(this.isEmpty ? [] : [`byte ahead[${this.#places.length}];`]), ...this.#known.map((known, index) => `bit vain_${index} = ${known};`)];
  }

  /** Whether somebody has found that nobody can still notify it; null where that is of no account. */
  vain(condition: string): string | null {
    const index = this.#ending.indexOf(condition);
    return index === -1 ? null : `vain_${index}`;
  }

  get isEmpty(): boolean {
    return this.#places.every((places) => places.every((place) => place === null));
  }

  /** Whether nobody takes the lock before somebody who asks for it. */
  mayTake(actor: number, at: number): readonly string[] {
    const place = this.#places[actor]?.[at] ?? null;
    if (place === null || place.does === 'sleeps') return [];
    if (place.does === 'retakes') return [`${ahead(actor)} == 1`];
    return [place.isTried ? `${this.#count('retakes', place.name, actor)} == 0` : `${ahead(actor)} == 0`];
  }

  /** What changes with a move from one location to another, before it. */
  moveUp(actor: number, from: number, to: number): readonly string[] {
    if (from === to) return [];
    const left = this.#places[actor]?.[from] ?? null;
    const entered = this.#places[actor]?.[to] ?? null;
    return [...(left === null ? [] : this.#leave(actor, left)), ...(entered === null ? [] : this.#enter(actor, entered))];
  }

  clear(): readonly string[] {
    const places = this.#places.flatMap((some, actor) => (some.some((place) => place !== null) ? [`${ahead(actor)} = 0`] : []));
    return [...places, ...this.#ending.map((_, index) => `vain_${index} = 0`)];
  }

  /** Whether somebody is at this place, the first or a later one, among those who wait at a condition. */
  isPlaced(actor: number, place: number): string {
    return `${ahead(actor)} == ${place}`;
  }

  #leave(actor: number, { does, name }: ConditionPlace): readonly string[] {
    const fewer = (others: readonly Standing[], than: '>' | '>='): readonly string[] =>
      others.map((other) => `if :: ${this.#names.isAtOne(other.actor, other.at)} && ${ahead(other.actor)} ${than} ${ahead(actor)} -> ${ahead(other.actor)} = ${ahead(other.actor)} - 1 :: else -> skip fi`);
    const behind = does === 'asks' ? [] : fewer(this.#others(actor, (place) => place.does === does && place.name === name), '>');
    const asking = does === 'retakes' ? fewer(this.#others(actor, (place) => place.does === 'asks' && place.name === name), '>=') : [];
    return [...behind, ...asking, `${ahead(actor)} = 0`];
  }

  #enter(actor: number, { does, name }: ConditionPlace): readonly string[] {
    const before = this.#count(does === 'asks' ? 'retakes' : does, name, actor);
    const enters = `${ahead(actor)} = ${does === 'asks' ? before : `1 + ${before}`}`;
    if (does !== 'retakes') return [enters];
    const behind = this.#others(actor, (place) => place.does === 'asks' && place.isAlone && place.name === name).map(
      (other) => `if :: ${this.#names.of(name)} > 0 && ${this.#names.isAtOne(other.actor, other.at)} -> ${ahead(other.actor)} = ${ahead(actor)} :: else -> skip fi`,
    );
    return [enters, ...behind];
  }

  #count(does: ConditionPlace['does'], name: string, but: number): string {
    const others = this.#others(but, (place) => place.does === does && place.name === name).map(({ actor, at }) => `(${this.#names.isAtOne(actor, at)} -> 1 : 0)`);
    return `(${['0', ...others].join(' + ')})`;
  }

  #others(but: number, isMeant: (place: ConditionPlace) => boolean): readonly Standing[] {
    return this.#places.flatMap((places, actor) => {
      const at = places.flatMap((place, location) => (place !== null && isMeant(place) ? [location] : []));
      return actor === but || at.length === 0 ? [] : [{ actor, at }];
    });
  }
}

function ahead(actor: number): string {
  return `ahead[${actor}]`;
}
