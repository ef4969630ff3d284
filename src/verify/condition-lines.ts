import type { ActorGraph } from './find-locations.ts';
import type { Location } from './location.ts';
import { isOnlyRobbed } from './robbed-at.ts';
import type { Successor } from './transition-system.ts';

/** Where somebody stands who has to do with a condition, or with its lock. */
export interface ConditionPlace {
  /** He waits to be notified, takes the lock again behind that, or asks for it as anybody else. */
  readonly does: 'sleeps' | 'retakes' | 'asks';
  /** The condition, or the lock. */
  readonly name: string;
  /** He asks for it as it is now, and never waits. */
  readonly isTried: boolean;
  /** He asks for nothing else with it. */
  readonly isAlone: boolean;
}

/** Where a state says it. */
interface Fields {
  actorField(actor: number): number;
  aheadField(actor: number): number | null;
}

interface Member {
  readonly actor: number;
  readonly field: number;
  /** Of whoever sleeps or retakes, his place among those who do, from 1; of whoever asks, how many come before him who retake. */
  readonly ahead: number;
  readonly places: readonly (ConditionPlace | null)[];
  readonly robbed: ActorGraph['robbed'];
}

/**
 * The order at conditions. Whoever waits is notified in the order in which he came; and whoever was notified, or has waited in vain,
 * stands in the line for the lock from then on, before all who come to ask for it later. Who has come before may have asked before.
 */
export class ConditionLines {
  readonly #members: readonly Member[];
  readonly #ofActor: ReadonlyMap<number, Member>;

  constructor(graphs: readonly ActorGraph[], layout: Fields) {
    const places = conditionPlaces(graphs);
    this.#members = graphs.flatMap(({ robbed }, actor): readonly Member[] => {
      const ahead = layout.aheadField(actor);
      return ahead === null ? [] : [{ actor, field: layout.actorField(actor), ahead, places: places[actor] ?? [], robbed }];
    });
    this.#ofActor = new Map(this.#members.map((member) => [member.actor, member]));
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  placeOf(actor: number, location: number): ConditionPlace | null {
    return this.#ofActor.get(actor)?.places[location] ?? null;
  }

  /** Those who wait at a condition, in the order in which they came. */
  sleepersAt(condition: string, state: Int32Array): readonly number[] {
    return this.#allAt('sleeps', condition, state).toSorted((one, other) => aheadIn(one, state) - aheadIn(other, state)).map(({ actor }) => actor);
  }

  /** Those who take the lock that somebody asks for before him; none where he may take it as soon as it is free. */
  before(actor: number, state: Int32Array): readonly number[] {
    const member = this.#ofActor.get(actor);
    const place = member?.places[state[member.field] ?? 0];
    if (member === undefined || place === null || place === undefined || place.does === 'sleeps') return [];
    const last = aheadIn(member, state) - Number(place.does === 'retakes');
    return this.#allAt('retakes', place.name, state).flatMap((other) => (place.isTried || aheadIn(other, state) <= last ? [other.actor] : []));
  }

  /** Whoever has come is the last, and whoever has gone is before nobody any more. `isFree`: of a lock, in the state before. */
  moveUp(state: Int32Array, next: Pick<Successor, 'get' | 'set'>, isFree: (lock: string) => boolean): void {
    const moved = this.#members.filter((member) => next.get(member.field) !== state[member.field] && !isOnlyRobbed(member, state[member.field] ?? 0, next.get(member.field)));
    if (moved.length === 0) return;
    const goneOf = (member: Member): ConditionPlace | null => member.places[state[member.field] ?? 0] ?? null;
    const stays = this.#members.filter((member) => !moved.includes(member));
    for (const member of stays) {
      const place = goneOf(member);
      if (place === null) continue;
      const own = aheadIn(member, state);
      const left = moved.filter((one) => isBefore(goneOf(one), aheadIn(one, state), place, own));
      if (left.length > 0) next.set(member.ahead, own - left.length);
    }
    // Those who go on together do so in the order in which they have waited.
    const arrived = moved.toSorted((one, other) => aheadIn(one, state) - aheadIn(other, state) || one.actor - other.actor);
    const there = [...stays];
    for (const does of ['sleeps', 'retakes', 'asks'] as const) {
      for (const member of arrived) {
        const place = member.places[next.get(member.field)] ?? null;
        if (place?.does !== does) continue;
        const before = there.filter((one) => isSame(one.places[next.get(one.field)], does === 'asks' ? 'retakes' : does, place.name)).length;
        next.set(member.ahead, before + Number(does !== 'asks'));
        there.push(member);
      }
    }
    this.#putBehind(stays, arrived, next, isFree);
    for (const member of arrived) if ((member.places[next.get(member.field)] ?? null) === null) next.set(member.ahead, 0);
  }

  /** Whoever asks for a free lock has it at once: so those who have yet to, come behind those who stand in its line from now on. */
  #putBehind(stays: readonly Member[], arrived: readonly Member[], next: Pick<Successor, 'get' | 'set'>, isFree: (lock: string) => boolean): void {
    const retaken = new Set(arrived.flatMap(({ field, places }) => (places[next.get(field)]?.does === 'retakes' ? [places[next.get(field)]?.name ?? ''] : [])));
    for (const lock of retaken) {
      if (!isFree(lock)) continue;
      const count = [...stays, ...arrived].filter(({ field, places }) => isSame(places[next.get(field)], 'retakes', lock)).length;
      for (const { field, places, ahead } of stays) {
        const place = places[next.get(field)] ?? null;
        if (place !== null && place.isAlone && isSame(place, 'asks', lock)) next.set(ahead, count);
      }
    }
  }

  #allAt(does: ConditionPlace['does'], name: string, state: Int32Array): readonly Member[] {
    return this.#members.filter(({ field, places }) => isSame(places[state[field] ?? 0], does, name));
  }
}

function aheadIn({ ahead }: Member, state: Int32Array): number {
  return state[ahead] ?? 0;
}

function isSame(place: ConditionPlace | null | undefined, does: ConditionPlace['does'], name: string): boolean {
  return place?.does === does && place.name === name;
}

/** Whether one who was there, at his place in the line, was before another one. */
function isBefore(gone: ConditionPlace | null, its: number, place: ConditionPlace, own: number): boolean {
  const does = place.does === 'asks' ? 'retakes' : place.does;
  return isSame(gone, does, place.name) && (place.does === 'asks' ? its <= own : its < own);
}

/** Of each actor and location, what it has to do there with a condition; nothing where nobody waits at one. */
export function conditionPlaces(graphs: readonly ActorGraph[]): readonly (readonly (ConditionPlace | null)[])[] {
  const acts = graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.map(({ act }) => act)));
  const conditions = new Set(acts.flatMap((act) => (act.do === 'wait_notified' ? [act.condition] : [])));
  // Where all stand in a line, they do so there.
  const inLine = new Set(acts.flatMap((act) => (act.do === 'served' ? act.demands.map(({ name }) => name) : [])));
  const locks = new Set(acts.flatMap((act) => (act.do === 'acquire' && act.isRetake === true ? act.demands.map(({ name }) => name) : [])).filter((name) => !inLine.has(name)));
  return graphs.map(({ locations }) => locations.map((location) => placeAt(location, conditions, locks)));
}

/** Conditions of which somebody may find that nobody can still notify them. */
export function endingConditions(graphs: readonly ActorGraph[]): readonly string[] {
  return [...new Set(graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'find_unnotifiable' && act.isAtOnce === true ? [act.condition] : [])))))];
}

function placeAt({ choices, held }: Location, conditions: ReadonlySet<string>, locks: ReadonlySet<string>): ConditionPlace | null {
  for (const { act } of choices) {
    if (act.do === 'woken' && conditions.has(act.by)) return { does: 'sleeps', name: act.by, isTried: false, isAlone: true };
    if (act.do !== 'acquire') continue;
    const lock = act.demands.find(({ name }) => locks.has(name) && !held.has(name));
    if (lock !== undefined) return { does: act.isRetake === true ? 'retakes' : 'asks', name: lock.name, isTried: act.isTried === true, isAlone: act.demands.length === 1 };
  }
  return null;
}
