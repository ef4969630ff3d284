import type { Demand } from '../../sync/operation.ts';
import type { Location } from '../location.ts';
import type { ModelSystem } from '../model-system.ts';
import { linesOfGraphs } from '../things-in-order.ts';
import { both, either } from './promela-guards.ts';
import type { PromelaNames } from './promela-names.ts';

/** A location where somebody waits in a line. */
interface Place {
  readonly actor: number;
  readonly at: number;
  readonly line: number;
  readonly demands: readonly Demand[];
  readonly location: Location;
  readonly isHopeless: boolean;
}

/** Those who wait in the order of their arrival, in Promela: each has a place in its line, from 1. */
export class PromelaLines {
  readonly #system: ModelSystem;
  readonly #names: PromelaNames;
  readonly #places: readonly Place[];

  constructor(system: ModelSystem, names: PromelaNames) {
    this.#system = system;
    this.#names = names;
    const lines = linesOfGraphs(system.graphs);
    this.#places = system.graphs.flatMap(({ locations }, actor) =>
      locations.flatMap((location, at) =>
        location.choices.flatMap(({ act }) => (act.do === 'served' ? [{ actor, at, line: lines.get(act.demands[0]?.name ?? '') ?? 0, demands: act.demands, location, isHopeless: act.isHopeless }] : [])),
      ),
    );
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Whether it is the turn of anybody. */
  anyServed(): string {
    return either(this.#places.map((place) => this.#fits(place)));
  }

  /** Whether it is the turn of somebody who waits at a location, before all others. */
  isServed(actor: number, at: number): string {
    const own = this.#places.filter((place) => place.actor === actor && place.at === at);
    const others = this.#places.filter((place) => place.actor !== actor).map((other) => {
      const turns = `${this.#turn(other.actor)} ${other.actor < actor ? '<=' : '<'} ${this.#turn(actor)}`;
      return `!${both([turns, this.#fits(other)])}`;
    });
    return both([...own.map((place) => this.#fits(place)), ...others]);
  }

  /** Whether somebody comes to have it at once. */
  canAcquire(location: Location, demands: readonly Demand[]): string {
    const fair = demands.filter(({ name }) => this.#isFair(name)).map(({ name }) => `!${this.#isAskedFor(name, null)}`);
    return both([this.#isFree(location, demands), ...fair]);
  }

  /** What changes with a move from one location to another. */
  moveUp(actor: number, from: number, to: number): readonly string[] {
    const left = this.#lineAt(actor, from);
    const entered = this.#lineAt(actor, to);
    const leaves =
      left === null
        ? []
        : [
            ...this.#othersIn(left, actor).map(({ other, at }) => `if :: ${both([this.#names.isAtOne(other, at), `${this.#turn(other)} > ${this.#turn(actor)}`])} -> ${this.#turn(other)} = ${this.#turn(other)} - 1 :: else -> skip fi`),
            `${this.#turn(actor)} = 0`,
          ];
    if (entered === null) return leaves;
    const before = this.#othersIn(entered, actor).map(({ other, at }) => `(${this.#names.isAtOne(other, at)} -> 1 : 0)`);
    return [...leaves, `${this.#turn(actor)} = ${['1', ...before].join(' + ')}`];
  }

  clear(): readonly string[] {
    return [...new Set(this.#places.map(({ actor }) => actor))].map((actor) => `${this.#turn(actor)} = 0`);
  }

  #turn(actor: number): string {
    return `turn[${actor}]`;
  }

  #lineAt(actor: number, at: number): number | null {
    return this.#places.find((place) => place.actor === actor && place.at === at)?.line ?? null;
  }

  #othersIn(line: number, actor: number): readonly { readonly other: number; readonly at: readonly number[] }[] {
    const others = this.#places.filter((place) => place.line === line && place.actor !== actor);
    return [...new Set(others.map((place) => place.actor))].map((other) => ({ other, at: others.flatMap((place) => (place.actor === other ? [place.at] : [])) }));
  }

  #fits({ actor, at, location, demands, isHopeless }: Place): string {
    if (isHopeless) return 'false';
    const fair = demands.filter(({ name }) => this.#isFair(name)).map(({ name }) => `!${this.#isAskedFor(name, actor)}`);
    return both([`${this.#names.at(actor)} == ${at}`, this.#isFree(location, demands), ...fair]);
  }

  /** Whether somebody waits for it in a line, or does so before somebody else. */
  #isAskedFor(name: string, before: number | null): string {
    const asking = this.#places.filter(({ actor, demands }) => actor !== before && demands.some((demand) => demand.name === name));
    return either(asking.map(({ actor, at }) => both([`${this.#names.at(actor)} == ${at}`, ...(before === null ? [] : [`${this.#turn(actor)} < ${this.#turn(before)}`])])));
  }

  #isFree({ held }: Location, demands: readonly Demand[]): string {
    const needed = demands.filter(({ name }) => {
      const resource = this.#system.resources.get(name);
      return !(resource?.kind === 'permits' && resource.reentrant && held.has(name));
    });
    return both(needed.map(({ name, permits }) => `${this.#names.of(name)} >= ${permits}`));
  }

  #isFair(name: string): boolean {
    const resource = this.#system.resources.get(name);
    return resource?.kind === 'permits' && resource.fair;
  }
}
