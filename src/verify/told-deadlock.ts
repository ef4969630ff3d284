import type { Place } from '../base/place.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { describeAct } from './describe-act.ts';
import { seenToEnd } from './explain-trap.ts';
import type { Act } from './location.ts';
import type { ModelSystem } from './model-system.ts';
import type { Deadlock } from './nearest-deadlocks.ts';
import { scheduleOf } from './schedule-of.ts';
import { thingsOf } from './things-of.ts';
import { waitedFor } from './waited-for.ts';

/** One step on the way to a deadlock. */
export interface JudgedStep {
  readonly actor: string;
  /** What is done, as a verb phrase. */
  readonly what: string;
  /** What it is done to. */
  readonly things: readonly string[];
  readonly place: Place;
}

/** Somebody who can never go on. */
export interface StuckActor {
  readonly name: string;
  /** What is waited for, such as the lock `db`; empty for one that goes on, and never comes to its end. */
  readonly waitsFor: readonly string[];
  /** Who has it, of each lock and semaphore among that. */
  readonly heldBy: readonly Held[];
  /** The step that is waited at. */
  readonly place: Place;
  /** Its command or its steps have begun. */
  readonly isStarted: boolean;
}

/** A lock or semaphore, and who has of it. */
export interface Held {
  readonly what: string;
  readonly by: readonly string[];
}

/** In this order of events these come to wait for ever. */
export interface ToldDeadlock {
  readonly steps: readonly JudgedStep[];
  readonly stuck: readonly StuckActor[];
  /** Who may come to wait for one of them, and so for ever as well. */
  readonly behind: readonly string[];
  readonly schedule: Schedule;
  /** It is known that no way is shorter. */
  readonly isShortest: boolean;
}

/** Of a run that goes on for ever those who never come to their end, and wait for nothing: whoever else is told there waits for them. */
export function goingOn(stuck: readonly StuckActor[]): readonly StuckActor[] {
  return stuck.filter(({ waitsFor }) => waitsFor.length === 0);
}

/** Steps that change nothing for anybody else are not told, but that a time was over. */
function isWorthTelling(act: Act): boolean {
  return !silent.has(act.do) || (act.do === 'nothing' && act.program === 'is_late');
}

const silent: ReadonlySet<string> = new Set(['nothing', 'reach', 'await', 'woken', 'close', 'begin_to_wait']);

/** A deadlock in words, with a schedule that leads a run to it. */
export function tellDeadlock(deadlock: Deadlock): ToldDeadlock {
  const { system, way, isShortest } = deadlock;
  const { transitions, end } = way;
  const stuck = [...waitingOf(deadlock)];
  const everybody = new Set(system.graphs.map(({ name }) => name));
  // Each goes on as far as the others let it, and never comes to its end; some may wait before their start for that.
  if (!deadlock.isCircle && stuck.every(({ isStarted, waitsFor }) => !isStarted && waitsFor.every((what) => everybody.has(what)))) {
    const unended = system.unended(end).filter((actor) => !deadlock.staying.has(actor));
    const ends = unended.length < 2 ? new Set<number>() : seenToEnd(system, end);
    const neverEnding = unended.filter((actor) => !ends.has(actor));
    // Where each may end, but not all of them, all are told.
    const endless = (neverEnding.length === 0 ? unended : neverEnding).flatMap((actor): readonly StuckActor[] => {
      const graph = system.graphs[actor];
      const location = graph?.locations[end[system.layout.actorField(actor)] ?? 0];
      const place = location?.choices[0]?.place;
      return graph === undefined || location === undefined || place === undefined ? [] : [{ name: graph.name, waitsFor: [], heldBy: [], place, isStarted: location.stage !== 'before' }];
    });
    stuck.push(...endless);
  }
  const steps = transitions.flatMap((transition): readonly JudgedStep[] => {
    const { actor, choice } = system.transitionAt(transition);
    return isWorthTelling(choice.act) ? [{ actor, what: shown(describeAct(choice.act)), things: thingsOf(choice.act).map(shown), place: choice.place }] : [];
  });
  // A pool waits for its slots.
  const behind = system.graphs.flatMap(({ name, ofPool }, actor) => (deadlock.behind.has(actor) && ofPool !== 'pool' ? [name] : []));
  const schedule = scheduleOf(system, way);
  if (goingOn(stuck).length === 0) return { steps, stuck, behind, isShortest, schedule: { ...schedule, stuck: stuck.map(({ name }) => name) } };
  // Where some go on for ever nobody may be held back, or be held to do nothing any more: whoever waits for him would be in a deadlock by that alone.
  const idle = new Set(system.graphs.flatMap(({ name }, actor) => (deadlock.staying.has(actor) ? [name] : [])));
  return { steps, stuck, behind, isShortest, schedule: { ...schedule, endless: schedule.endless.filter((name) => idle.has(name)) } };
}

/** Whether they have all that they wait for, or it is the end of one of them: anything else may still come of somebody who is going to fail, as far as a run knows. */
export function isCircle(stuck: readonly StuckActor[]): boolean {
  const names = new Set(stuck.map(({ name }) => name));
  const isHeldByThem = (heldBy: readonly Held[], what: string): boolean => {
    const by = heldBy.find((held) => held.what === what)?.by ?? [];
    return by.length > 0 && by.every((name) => names.has(name));
  };
  return stuck.length > 0 && stuck.every(({ waitsFor, heldBy }) => waitsFor.length > 0 && waitsFor.every((what) => names.has(what) || isHeldByThem(heldBy, what)));
}

/** Those of some who wait in a state, and are not at their end. */
function waitingOf({ system, way, staying: some }: Deadlock): readonly StuckActor[] {
  const state = way.end;
  return system.graphs.flatMap((graph, actor): readonly StuckActor[] => {
    if (!some.has(actor)) return [];
    const location = graph.locations[state[system.layout.actorField(actor)] ?? 0];
    if (location === undefined || location.outcome !== null) return [];
    const waits = waitedFor(location, system.resources, () => false);
    const { waitsInVain } = location;
    const on = [...(waits?.on ?? []), ...(waitsInVain?.names ?? []).map((name) => `held:${name}`)];
    const place = waitsInVain?.place ?? location.choices[0]?.place;
    if (waits === null || on.length === 0 || place === undefined) return [];
    return [{ name: graph.name, waitsFor: [...new Set(on.map((obligation) => shown(obligation.slice(obligation.indexOf(':') + 1))))], heldBy: holdersOf(system, state, on), place, isStarted: location.stage !== 'before' }];
  });
}

function holdersOf(system: ModelSystem, state: Int32Array, on: readonly string[]): readonly Held[] {
  const names = on.flatMap((obligation) => (obligation.startsWith('held:') ? [obligation.slice('held:'.length)] : []));
  return [...new Set(names)].map((name) => ({
    what: shown(name),
    by: system.graphs.flatMap((graph, actor) => (graph.locations[state[system.layout.actorField(actor)] ?? 0]?.held.has(name) === true ? [graph.name] : [])),
  }));
}

/** What the model has of its own is called as what it stands for: the queue `.tasks.build` as the pool `build`. */
function shown(text: string): string {
  const named = text.replaceAll(/(?<!\S)\.results\.(?<pool>[^\s.,]+)/gu, 'the results of $<pool>');
  return named.replaceAll(/(?<!\S)\.(?:(?:tasks|pipe|halted)\.)?(?<name>[^\s.,]+)[^\s,]*/gu, '$<name>');
}
