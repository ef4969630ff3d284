import type { Demand } from '../../sync/operation.ts';
import { backWhenStopped } from '../back-when-stopped.ts';
import { brokenChoice } from '../firing.ts';
import type { Choice, Counts } from '../location.ts';
import type { Model } from '../model.ts';
import type { ModelSystem } from '../model-system.ts';
import type { PromelaConditions } from './promela-conditions.ts';
import type { PromelaLines } from './promela-lines.ts';
import type { PromelaLoose } from './promela-loose.ts';
import type { PromelaNames } from './promela-names.ts';

/** Waking somebody may wake others, and so on: deeper than this it is not written out. */
const deepest = 4;

/** Who comes before whom. */
export interface PromelaOrders {
  readonly lines: PromelaLines;
  readonly conditions: PromelaConditions;
  readonly loose: PromelaLoose;
}

/** What a transition does, as statements of Promela that never block. */
export class PromelaEffects {
  readonly #model: Model;
  readonly #system: ModelSystem;
  readonly #names: PromelaNames;
  readonly #lines: PromelaLines;
  readonly #conditions: PromelaConditions;
  readonly #loose: PromelaLoose;
  readonly #refuse: (what: string) => void;

  /** @param refuse is told what cannot be written */
  constructor(model: Model, system: ModelSystem, names: PromelaNames, { lines, conditions, loose }: PromelaOrders, refuse: (what: string) => void) {
    this.#model = model;
    this.#system = system;
    this.#names = names;
    this.#lines = lines;
    this.#conditions = conditions;
    this.#loose = loose;
    this.#refuse = refuse;
  }

  /** An actor goes on by a choice, with all that goes with it. */
  move(actor: number, from: number, { target, sets, lost, stopsRun }: Choice, depth = 0): readonly string[] {
    return [...this.goTo(actor, from, target), ...sets.flatMap((event) => this.set(event, depth)), ...this.giveBack(lost), ...(stopsRun ? ['ended = 1'] : [])];
  }

  /** From one location to another, with what is held there. */
  goTo(actor: number, from: number, to: number): readonly string[] {
    return [...this.#lines.moveUp(actor, from, to), ...this.#conditions.moveUp(actor, from, to), ...this.#stays(actor, from, to)];
  }

  /** To the same place of a script where something else is held. */
  #stays(actor: number, from: number, to: number): readonly string[] {
    const locations = this.#system.graphs[actor]?.locations ?? [];
    const before: Counts = locations[from]?.held ?? new Map();
    const after: Counts = locations[to]?.held ?? new Map();
    const held = (counts: Counts, name: string): number => {
      const resource = this.#system.resources.get(name);
      return Math.min(counts.get(name) ?? 0, resource?.kind === 'permits' && resource.reentrant ? 1 : Infinity);
    };
    const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
      const change = held(before, name) - held(after, name);
      const free = this.#names.of(name);
      return change === 0 ? [] : [`${free} = ${free} ${change > 0 ? '+' : '-'} ${Math.abs(change)}`];
    });
    return [...this.#loose.moveUp(actor, from, to), `${this.#names.at(actor)} = ${to}`, ...changes];
  }

  /** What somebody gives back without having it comes off others. */
  takeOff(actor: number, lacks: readonly Demand[]): readonly string[] {
    return this.#loose.takeOff(actor, lacks, (victim, at, to) => this.#stays(victim, at, to));
  }

  set(event: string, depth = 0): readonly string[] {
    const name = this.#names.of(event);
    const sets = this.#system.layout.setsOf(event);
    if (sets === 1) return [`${name} = 1`, ...this.wake(event, depth)];
    const woken = this.wake(event, depth);
    return [`${name} = (${name} < ${sets} -> ${name} + 1 : ${sets})`, ...(woken.length === 0 ? [] : [this.#onlyIf(`${name} == ${sets}`, woken)])];
  }

  /** Everybody goes on who waits there. */
  wake(name: string, depth = 0): readonly string[] {
    return this.sleepersAt(name).flatMap(({ actor, location, choice }) => {
      if (depth === deepest) {
        this.#refuse(`that those who are woken at ${name} wake others, and these more`);
        return [];
      }
      return [this.#onlyIf(`${this.#names.at(actor)} == ${location}`, this.move(actor, location, choice, depth + 1))];
    });
  }

  /** Everybody who waits at a barrier finds it broken. */
  turnAway(barrier: string): readonly string[] {
    return this.#turnedAway(barrier).map(({ isThere, effects }) => this.#onlyIf(isThere, effects));
  }

  /** Of those who wait at a condition so many are notified, in their order, or all find that nobody can still notify it. */
  wakeInOrder(condition: string, count: number | 'all', way: 'notified' | 'in vain'): readonly string[] {
    const sleepers = this.sleepersAt(condition).map(({ actor, location, choice }) => ({ actor, isThere: `${this.#names.at(actor)} == ${location}`, effects: this.move(actor, location, choice, 1) }));
    const waking = way === 'in vain' ? this.#turnedAway(condition) : sleepers;
    if (waking.length === 0) return [];
    const actors = new Set(waking.map(({ actor }) => actor)).size;
    // Whoever just runs his time stays where he is, and those behind him are turned away nevertheless.
    const staying = new Set(sleepers.map(({ actor }) => actor)).size - actors;
    const places = Array.from({ length: way === 'in vain' ? 1 + staying : 1 }, (_, index) => 1 + index);
    return places.flatMap((place) => {
      const next = `if ${waking.map(({ actor, isThere, effects }) => `:: ${isThere} && ${this.#conditions.isPlaced(actor, place)} -> ${effects.join('; ')}`).join(' ')} :: else -> skip fi`;
      return Array.from({ length: count === 'all' ? actors : Math.min(count, actors) }, () => next);
    });
  }

  #turnedAway(name: string): readonly { readonly actor: number; readonly isThere: string; readonly effects: readonly string[] }[] {
    return this.#system.graphs.flatMap(({ locations }, actor) =>
      locations.flatMap((location, at) => {
        const choice = brokenChoice(location, name);
        return choice === null ? [] : [{ actor, isThere: `${this.#names.at(actor)} == ${at}`, effects: this.move(actor, at, choice, 1) }];
      }),
    );
  }

  /** Where others wait to be let go on. */
  sleepersAt(name: string): readonly { readonly actor: number; readonly location: number; readonly choice: Choice }[] {
    return this.#system.graphs.flatMap(({ locations }, actor) =>
      locations.flatMap(({ choices }, location) => {
        const choice = choices.find(({ act }) => act.do === 'woken' && act.by === name);
        return choice === undefined ? [] : [{ actor, location, choice }];
      }),
    );
  }

  giveBack(lost: Counts): readonly string[] {
    return [...lost].flatMap(([queue, count]) => {
      const resource = this.#system.resources.get(queue);
      if (resource?.kind !== 'queue' || !resource.redelivers) return [];
      const items = this.#names.of(queue);
      const { most } = this.#system.layout.boundOf(queue);
      return [`${items} = (${items} + ${count} > ${most} -> ${most} : ${items} + ${count})`];
    });
  }

  start(actor: number): readonly string[] {
    const { locations = [], started = 0, startedAgain = 0 } = this.#system.graphs[actor] ?? {};
    const comes = this.#conditions.moveUp(actor, -1, started);
    if (startedAgain === started) return [...comes, `${this.#names.at(actor)} = ${started}`];
    const ended = this.#names.isAtOne(actor, locations.flatMap(({ outcome }, at) => (outcome === null ? [] : [at])));
    return [...comes, `${this.#names.at(actor)} = (${ended} -> ${startedAgain} : ${started})`];
  }

  /** Ends an actor, be it one that was never started. */
  stop(actor: number): readonly string[] {
    const { locations = [], stopped = [] } = this.#system.graphs[actor] ?? {};
    const ways = locations.flatMap(({ outcome, inHand }, at) => {
      if (outcome !== null) return [];
      const statements = [...this.goTo(actor, at, stopped[at] ?? at), ...this.giveBack(backWhenStopped(this.#model.actors[actor], inHand)), ...(this.#model.actors[actor]?.setsWhenStopped ?? []).flatMap((event) => this.set(event))];
      return [`:: ${this.#names.at(actor)} == ${at} -> ${statements.join('; ')}`];
    });
    return ways.length === 0 ? [] : [`if ${ways.join(' ')} :: else -> skip fi`];
  }

  /** All that is left does nothing any more, so that it is one state. */
  clearAll(): readonly string[] {
    const actors = this.#system.graphs.map((_, actor) => `${this.#names.at(actor)} = 0`);
    const names = [...this.#system.resources.keys()];
    const { layout } = this.#system;
    const ends = names.filter((name) => layout.endField(name) !== null);
    const breaks = names.filter((name) => layout.breakField(name) !== null);
    return [...actors, ...this.#lines.clear(), ...this.#conditions.clear(), ...this.#loose.clear(), ...names.map((name) => `${this.#names.of(name)} = 0`), ...ends.map((name) => `${this.#names.endOf(name)} = 0`), ...breaks.map((name) => `${this.#names.breakOf(name)} = 0`)];
  }

  #onlyIf(condition: string, statements: readonly string[]): string {
    return `if :: ${condition} -> ${statements.join('; ')} :: else -> skip fi`;
  }
}
