import { present } from '../base/invariant.ts';
import type { ActorGraph } from './find-locations.ts';
import type { Choice, Location } from './location.ts';
import { lacksOf } from './lacking-permits.ts';
import type { Resource } from './model.ts';
import type { StateLayout } from './state-layout.ts';
import { linesOfGraphs } from './things-in-order.ts';
import type { Successor } from './transition-system.ts';

/** What somebody waits for in a line. */
interface Wait {
  readonly line: number;
  readonly demands: readonly { readonly limit: number; readonly permits: number; readonly isFair: boolean }[];
  /** All of what is named, also what is held already. */
  readonly limits: ReadonlySet<number>;
  readonly isHopeless: boolean;
}

/** Somebody who waits in a line at some of its locations. */
interface Member {
  readonly actor: number;
  readonly field: number;
  /** Its place in the line, from 1; 0 where it is in none. */
  readonly turnField: number;
  readonly waits: readonly (Wait | null)[];
}

/**
 * Those who wait for locks and semaphores in their order of arrival: whoever is the first of all whose whole demand fits is served at
 * once, before anything else happens. It fits at a fair semaphore only where nobody before asks for that, too.
 */
export class Lines {
  readonly #members: readonly Member[];
  readonly #limitNumbers: ReadonlyMap<string, number>;
  readonly #touched = new Map<Choice, readonly number[]>();

  constructor(graphs: readonly ActorGraph[], resources: ReadonlyMap<string, Resource>, layout: StateLayout, limitNumbers: ReadonlyMap<string, number>) {
    this.#limitNumbers = limitNumbers;
    const lines = linesOfGraphs(graphs);
    this.#members = graphs.flatMap(({ locations }, actor): readonly Member[] => {
      const turnField = layout.turnField(actor);
      if (turnField === null) return [];
      return [{ actor, field: layout.actorField(actor), turnField, waits: locations.map((location) => waitAt(location, resources, limitNumbers, lines)) }];
    });
    if (this.#members.length === 0) return;
    for (const { locations } of graphs) {
      for (const location of locations) {
        for (const choice of location.choices) {
          const touched = linesTouched(location, choice, locations[choice.target], lines);
          if (touched.length > 0) this.#touched.set(choice, touched);
        }
      }
    }
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  /** The lines that a choice has to do with: it comes to one, leaves one, or gives back what is waited for there. */
  touchedBy(choice: Choice): readonly number[] {
    return this.#touched.get(choice) ?? [];
  }

  /** Who is served now; -1 is nobody. */
  served(state: Int32Array, free: Int32Array): number {
    let earliest: Member | null = null;
    for (const member of this.#members) {
      const wait = waitIn(member, state);
      if (wait === null || (earliest !== null && turnIn(earliest, state) <= turnIn(member, state))) continue;
      if (this.#fits(wait, turnIn(member, state), state, free)) earliest = member;
    }
    return earliest?.actor ?? -1;
  }

  /** Whether somebody in a line asks for it. */
  isWaitedFor(limit: number, state: Int32Array): boolean {
    return this.#hasEarlier(limit, Number.POSITIVE_INFINITY, state);
  }

  /** Those before somebody in a line who ask for the same, where it is fair, the first of them first. */
  ahead(actor: number, name: string, state: Int32Array): readonly number[] {
    const limit = this.#limitNumbers.get(name);
    const own = this.#members.find((member) => member.actor === actor);
    const wait = own === undefined ? null : waitIn(own, state);
    if (limit === undefined || own === undefined || wait?.demands.some((demand) => demand.limit === limit && demand.isFair) !== true) return [];
    const before = this.#members.filter((member) => waitIn(member, state)?.limits.has(limit) === true && turnIn(member, state) < turnIn(own, state));
    return before.toSorted((left, right) => turnIn(left, state) - turnIn(right, state)).map((member) => member.actor);
  }

  limitOf(name: string): number {
    return present(this.#limitNumbers.get(name), `the model has the lock or semaphore ${name}`);
  }

  /** Whoever has come to a line is its last, and behind those who have left it the others move up. */
  moveUp(next: Pick<Successor, 'get' | 'set'>): void {
    const hasChanged = this.#members.some((member) => (waitsAt(member, next) === null) !== (next.get(member.turnField) === 0));
    if (!hasChanged) return;
    const last = new Map<number, number>();
    const before = (member: Member): number => next.get(member.turnField) || Number.POSITIVE_INFINITY;
    for (const member of this.#members.toSorted((left, right) => before(left) - before(right) || left.actor - right.actor)) {
      const wait = waitsAt(member, next);
      const turn = wait === null ? 0 : (last.get(wait.line) ?? 0) + 1;
      if (wait !== null) last.set(wait.line, turn);
      next.set(member.turnField, turn);
    }
  }

  #fits({ demands, isHopeless }: Wait, turn: number, state: Int32Array, free: Int32Array): boolean {
    return !isHopeless && demands.every(({ limit, permits, isFair }) => (free[limit] ?? 0) >= permits && !(isFair && this.#hasEarlier(limit, turn, state)));
  }

  #hasEarlier(limit: number, turn: number, state: Int32Array): boolean {
    for (const member of this.#members) {
      if (waitIn(member, state)?.limits.has(limit) === true && turnIn(member, state) < turn) return true;
    }
    return false;
  }
}

function waitIn({ waits, field }: Member, state: Int32Array): Wait | null {
  return waits[state[field] ?? 0] ?? null;
}

function turnIn({ turnField }: Member, state: Int32Array): number {
  return state[turnField] ?? 0;
}

function waitsAt({ waits, field }: Member, state: Pick<Successor, 'get'>): Wait | null {
  return waits[state.get(field)] ?? null;
}

function waitAt({ choices, held }: Location, resources: ReadonlyMap<string, Resource>, limitNumbers: ReadonlyMap<string, number>, lines: ReadonlyMap<string, number>): Wait | null {
  for (const { act } of choices) {
    if (act.do !== 'served') continue;
    const named = act.demands.map(({ name, permits }) => {
      const resource = resources.get(name);
      const isFair = resource?.kind === 'permits' && resource.fair;
      const isHeldAgain = resource?.kind === 'permits' && resource.reentrant && held.has(name);
      return { limit: present(limitNumbers.get(name), `the model has the lock or semaphore ${name}`), permits, isFair, isHeldAgain };
    });
    return {
      line: present(lines.get(act.demands[0]?.name ?? ''), 'whoever is served stands in a line'),
      demands: named.filter(({ isHeldAgain }) => !isHeldAgain),
      limits: new Set(named.map(({ limit }) => limit)),
      isHopeless: act.isHopeless,
    };
  }
  return null;
}

function linesTouched(from: Location, { act }: Choice, to: Location | undefined, lines: ReadonlyMap<string, number>): readonly number[] {
  const asked = act.do === 'acquire' || act.do === 'line_up' ? act.demands : lacksOf(act);
  const left = from.choices.flatMap((choice) => (choice.act.do === 'served' ? choice.act.demands : []));
  const given = [...from.held].flatMap(([name, count]) => ((to?.held.get(name) ?? 0) < count ? [{ name }] : []));
  return [...new Set([...asked, ...left, ...given].flatMap(({ name }) => lines.get(name) ?? []))];
}
