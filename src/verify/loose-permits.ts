import type { Demand } from '../sync/operation.ts';
import type { ActorGraph } from './find-locations.ts';
import { lacksOf, mostMore } from './lacking-permits.ts';
import type { Choice, Location } from './location.ts';
import { longestWay } from './longest-way.ts';
import type { Resource } from './model.ts';
import type { Successor } from './transition-system.ts';

/** Whose turn it is to lose one is told of so many permits, since each is a bit of a number. */
const mostInOrder = 30;

/** Somebody who may hold permits of such a semaphore. */
export interface LooseHolder {
  readonly actor: number;
  /** Where it is. */
  readonly field: number;
  /** Of each of its locations, how many it holds there, and where it is with one less. */
  readonly held: Int32Array;
  readonly robbed: readonly number[];
  /** Which of all permits that are held are his, the one that has been held longest first, as bits; null where that is of no account, or not known. */
  readonly agesField: number | null;
}

/** A semaphore of which somebody gives back what he does not hold (language page, "Holds"), and what a state says of it. */
export interface LoosePermits {
  readonly name: string;
  readonly permits: number;
  readonly holders: readonly LooseHolder[];
  /** How many more there have come to be; null where that is refused. `isAll`: there are never more than are told apart. */
  readonly more: { readonly field: number; readonly most: number; readonly isAll: boolean } | null;
  /** Of several whom one may be taken off it is not known who has held one longest. */
  readonly isRough: boolean;
}

/**
 * Finds all such semaphores of a model.
 *
 * @param newField makes a field for so many values
 * @param again whom others may start, and so again
 */
export function findLoose(resources: readonly Resource[], graphs: readonly ActorGraph[], again: ReadonlySet<string>, newField: (size: number) => number, firstActorField: number): readonly LoosePermits[] {
  return resources.flatMap((resource): readonly LoosePermits[] => {
    if (resource.kind !== 'permits' || resource.loose === undefined) return [];
    const { name, permits, loose } = resource;
    const all = loose === 'bounded' ? 0 : graphs.reduce((sum, graph) => sum + mostReleased(graph, name, again), 0);
    const most = Math.min(all, mostMore);
    const holding = [...graphs.entries()].filter(([, { locations }]) => locations.some(({ held }) => held.has(name)));
    const takers = graphs.flatMap(({ locations }, actor) => (locations.some(({ choices }) => choices.some(({ act }) => lacksOf(act).some((lack) => lack.name === name))) ? [actor] : []));
    const isOrdered = takers.some((taker) => holding.filter(([actor]) => actor !== taker).length > 1);
    const isRough = isOrdered && permits + most > mostInOrder;
    return [
      {
        name,
        permits,
        holders: holding.map(([actor, { locations, robbed }]) => ({
          actor,
          field: firstActorField + actor,
          held: Int32Array.from(locations, ({ held }) => held.get(name) ?? 0),
          robbed: locations.map((_, at) => robbed.get(name)?.[at] ?? at),
          agesField: isOrdered && !isRough ? newField(2 ** (permits + most)) : null,
        })),
        more: loose === 'bounded' ? null : { field: newField(most + 1), most, isAll: all <= mostMore },
        isRough,
      },
    ];
  });
}

/** The most that an actor ever gives back. */
function mostReleased(graph: ActorGraph, name: string, again: ReadonlySet<string>): number {
  return longestWay(graph, ({ act }) => (act.do === 'release' ? permitsOf(act.demands, name) : 0), again.has(graph.name));
}

function permitsOf(demands: readonly Demand[], name: string): number {
  return demands.find((demand) => demand.name === name)?.permits ?? 0;
}

/** How many others hold than one of the actors. */
export function heldByOthers({ holders }: LoosePermits, actor: number, state: Int32Array): number {
  let sum = 0;
  for (const holder of holders) if (holder.actor !== actor) sum += holder.held[state[holder.field] ?? 0] ?? 0;
  return sum;
}

/** Off whom so many may be taken that an actor gives back without having them: as many as others hold; one list for each way. */
export function victimsOf(loose: LoosePermits, actor: number, lacking: number, state: Int32Array): readonly (readonly LooseHolder[])[] {
  const others = loose.holders.filter((holder) => holder.actor !== actor && (holder.held[state[holder.field] ?? 0] ?? 0) > 0);
  const count = Math.min(lacking, heldByOthers(loose, actor, state));
  if (loose.isRough) return choicesOf(others.map((holder) => ({ holder, held: holder.held[state[holder.field] ?? 0] ?? 0 })), count);
  const inOrder = others.flatMap((holder) => agesOf(holder, state).map((age) => ({ holder, age }))).toSorted((left, right) => left.age - right.age);
  return [inOrder.slice(0, count).map(({ holder }) => holder)];
}

/** When it has come to hold each of what it holds; all alike where nobody else holds any. */
function agesOf({ agesField, held, field }: LooseHolder, state: Int32Array): readonly number[] {
  if (agesField === null) return Array.from({ length: held[state[field] ?? 0] ?? 0 }, () => 0);
  const ages = state[agesField] ?? 0;
  return Array.from({ length: mostInOrder }, (_, age) => age).filter((age) => (ages & (1 << age)) !== 0);
}

function choicesOf(holders: readonly { readonly holder: LooseHolder; readonly held: number }[], count: number): readonly (readonly LooseHolder[])[] {
  const [first, ...others] = holders;
  if (first === undefined) return count === 0 ? [[]] : [];
  return Array.from({ length: Math.min(first.held, count) + 1 }, (_, taken) => taken).flatMap((taken) => choicesOf(others, count - taken).map((rest) => [...Array.from({ length: taken }, () => first.holder), ...rest]));
}

/** One is taken off somebody. */
export function takeOff({ field, robbed }: LooseHolder, next: Pick<Successor, 'get' | 'set'>): void {
  const at = next.get(field);
  next.set(field, robbed[at] ?? at);
}

/** Whoever has given back gives back what he has held longest, and whoever has taken some has them as the last. */
export function moveUpAges(all: readonly LoosePermits[], next: Pick<Successor, 'get' | 'set'>): void {
  for (const { holders } of all) {
    const hasChanged = holders.some(({ agesField, held, field }) => agesField !== null && bitsIn(next.get(agesField)) !== (held[next.get(field)] ?? 0));
    if (hasChanged) moveUp(holders, next);
  }
}

function moveUp(holders: readonly LooseHolder[], next: Pick<Successor, 'get' | 'set'>): void {
  const left = holders.map(({ agesField, held, field }) => {
    const now = held[next.get(field)] ?? 0;
    let ages = agesField === null ? 0 : next.get(agesField);
    for (let had = bitsIn(ages); had > now; had -= 1) ages &= ages - 1;
    return { ages, new: now - bitsIn(ages), moved: 0, agesField };
  });
  let place = 0;
  for (let age = 0; age < mostInOrder; age += 1) {
    const one = left.find(({ ages }) => (ages & (1 << age)) !== 0);
    if (one === undefined) continue;
    one.moved |= 1 << place;
    place += 1;
  }
  for (const one of left) {
    for (let count = 0; count < one.new; count += 1, place += 1) one.moved |= 1 << place;
    if (one.agesField !== null) next.set(one.agesField, one.moved);
  }
}

function bitsIn(ages: number): number {
  let count = 0;
  for (let left = ages; left !== 0; left &= left - 1) count += 1;
  return count;
}

/**
 * Such semaphores that a choice has to do with: it takes some, or waits in vain for some, or gives some back, or finds that it may not; or it leads to where some is
 * dropped by a step of its own, which is not needed once others have taken that off, so that it is one step less in the other order.
 */
export function looseTouched({ locations }: ActorGraph, from: number, choice: Choice, isLoose: (name: string) => boolean): readonly string[] {
  const { act, target } = choice;
  const before = locations[from];
  const after = locations[target];
  const asked = act.do === 'acquire' || act.do === 'line_up' || act.do === 'served' || act.do === 'release' ? act.demands : lacksOf(act);
  const missed = act.do === 'time_out' ? (act.misses ?? []) : [];
  return [...new Set([...asked.map(({ name }) => name), ...missed, ...changedBetween(before, after), ...heldBeforeDrop(locations, target, isLoose)])].filter(isLoose);
}

function changedBetween(before: Location | undefined, after: Location | undefined): readonly string[] {
  return [...new Set([...(before?.held.keys() ?? []), ...(after?.held.keys() ?? [])])].filter((name) => before?.held.get(name) !== after?.held.get(name));
}

/** All of such semaphores that an actor holds where it does nothing but drop some of that; nothing, where it does anything else. */
export function heldBeforeDrop(locations: readonly Location[], at: number, isLoose: (name: string) => boolean): readonly string[] {
  const here = locations[at];
  const [drop] = here?.choices ?? [];
  if (here === undefined || drop?.act.do !== 'nothing' || here.choices.length > 1) return [];
  return changedBetween(here, locations[drop.target]).some(isLoose) ? [...here.held.keys()].filter(isLoose) : [];
}
