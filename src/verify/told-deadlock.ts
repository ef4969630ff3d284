import type { Place } from '../base/place.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { taskQueue } from './compile/compile-context.ts';
import { describeAct } from './describe-act.ts';
import { neverGivenBack, neverMoving, replay, seenToEnd, whoGoesOn } from './explain-trap.ts';
import type { Budget } from './explore.ts';
import { toFurthestWaits } from './furthest-waits.ts';
import type { Act, Choice, Location } from './location.ts';
import type { ModelSystem } from './model-system.ts';
import type { Deadlock } from './nearest-deadlocks.ts';
import type { PartOfPool } from './part-of-pool.ts';
import { partsOfPools } from './parts-of-pools.ts';
import { lateBeforeRefused } from './refused-in-time.ts';
import { scheduleOf } from './schedule-of.ts';
import { thingsOf } from './things-of.ts';
import { waitedFor } from './waited-for.ts';

/** What is looked at to tell of it has bounds of its own. */
const toTell: Budget = { maxStates: Number.POSITIVE_INFINITY, mayGoOn: () => true };

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
  /** None where there is enough of it. */
  readonly by: readonly string[];
  /** Where it is fair, those who come first. */
  readonly behind: readonly string[];
}

/** Somebody who goes on for ever, and never gives back what others wait for. */
export interface Keeper {
  readonly name: string;
  /** Locks and semaphores. */
  readonly keeps: readonly string[];
  /** Where it is when they wait. */
  readonly place: Place;
}

/** In this order of events these come to wait for ever. */
export interface ToldDeadlock {
  readonly steps: readonly JudgedStep[];
  readonly stuck: readonly StuckActor[];
  readonly keepers: readonly Keeper[];
  /** Who may come to wait for one of them, and so for ever as well. */
  readonly behind: readonly string[];
  readonly schedule: Schedule;
  /** It is known that no way is shorter. */
  readonly isShortest: boolean;
  /** What each pool and queue has to do with it. */
  readonly parts: ReadonlyMap<string, ReadonlySet<PartOfPool>>;
}

/** Of a run that goes on for ever those who never come to their end, and wait for nothing: whoever else is told there waits for them. */
export function goingOn(stuck: readonly StuckActor[]): readonly StuckActor[] {
  return stuck.filter(({ waitsFor }) => waitsFor.length === 0);
}

/** Steps that change nothing for anybody else are not told, but that a time was over, or that one fails. */
function isWorthTelling(act: Act): boolean {
  return !silent.has(act.do) || (act.do === 'nothing' && (act.program === 'is_late' || act.fails !== undefined || act.refused !== undefined));
}

/** Whether a command fails, and it would be another way if it succeeded. */
function isDecisiveFailure({ act, target, sets }: Choice, from: Location | undefined): boolean {
  if (act.do !== 'nothing' || act.program !== 'fails') return false;
  const isSame = (other: Choice): boolean => other.act.do === 'nothing' && other.act.program === 'ends' && other.target === target && other.sets.join() === sets.join();
  return from?.choices.some(isSame) !== true;
}

/** A pool has the tasks that it reads, and has those no more that were left when it was started again, or how they have failed, which nobody else sees. */
function isOwnTask(actor: string, act: Act): boolean {
  if (act.do === 'put' || act.do === 'get') return act.queue === taskQueue(actor) || (act.do === 'get' && act.queue.startsWith(`${taskQueue(actor)}.`));
  return act.do === 'clear' && isOwn(act.event);
}

/** The model has it for itself. */
function isOwn(name: string): boolean {
  return name.startsWith('.');
}

const silent: ReadonlySet<string> = new Set(['nothing', 'reach', 'await', 'woken', 'close', 'begin_to_wait']);

/** Of a deadlock also the shortest way, who waits in the end, and others that have nothing to do with it; or `one` as it was found. */
export type Telling = 'all' | 'one';

/** A deadlock in words, with a schedule that leads a run to it. */
export function tellDeadlock(found: Deadlock, telling: Telling): ToldDeadlock {
  const there = found.isCircle || telling === 'one' ? found : whereTheyWait(found);
  const { system, isShortest } = there;
  const way = lateBeforeRefused(system, there.way);
  const deadlock: Deadlock = { ...there, way };
  const waiting = waitingOf(deadlock);
  const stuck = deadlock.isCircle ? waiting : [...waiting, ...endlessOf(deadlock, waiting)];
  const keepers = telling === 'one' ? [] : keepersOf(deadlock, stuck);
  const steps = way.transitions.flatMap((transition): readonly JudgedStep[] => {
    const { actor, from, choice } = system.transitionAt(transition);
    const isShown = isWorthTelling(choice.act) || isDecisiveFailure(choice, system.graphs[system.layout.actorNamed(actor)]?.locations[from]);
    return isShown && !isOwnTask(actor, choice.act) ? [{ actor, what: shown(describeAct(choice.act)), things: thingsOf(choice.act).map(shown), place: choice.place }] : [];
  });
  const isTold = new Set(stuck.map(({ name }) => name));
  const behind = keepers.length === 0 ? deadlock.behind : neverSeenToEnd(deadlock);
  // A pool waits for its slots.
  const namesBehind = system.graphs.flatMap(({ name, ofPool }, actor) => (behind.has(actor) && !isTold.has(name) && ofPool !== 'pool' ? [name] : []));
  const told = { steps, stuck, keepers, behind: namesBehind, isShortest, parts: partsOfPools(system, way, deadlock.staying) };
  const schedule = scheduleOf(system, way);
  if (goingOn(stuck).length === 0) return { ...told, schedule: { ...schedule, endless: [...new Set([...schedule.endless, ...keepers.map(({ name }) => name)])], stuck: stuck.map(({ name }) => name) } };
  // Where some go on for ever nobody may be held back, or be held to do nothing any more: whoever waits for him would be in a deadlock by that alone.
  const idle = new Set(system.graphs.flatMap(({ name }, actor) => (deadlock.staying.has(actor) ? [name] : [])));
  return { ...told, schedule: { ...schedule, endless: schedule.endless.filter((name) => idle.has(name)) } };
}

/** Those who can wait for ever may be on their way to that yet, where nothing leads to the end of the run any more; others only seem to wait. */
function whereTheyWait(deadlock: Deadlock): Deadlock {
  const { system, way } = deadlock;
  const further = toFurthestWaits(system, way.end, toTell);
  const there = further.length === 0 ? way : (replay(system, [...way.transitions, ...further]) ?? way);
  const staying = there === way ? deadlock.staying : new Set(neverMoving(system, there.end, toTell));
  const going = whoGoesOn(system, there.end, staying, toTell);
  return { ...deadlock, way: there, staying: new Set([...staying].filter((actor) => !going.has(actor))) };
}

/**
 * Those who have to end, go on as far as the others let them, and never come to it. They are told where nobody waits for anything else than
 * them, be it before his start or for what they hold.
 */
function endlessOf({ system, way: { end }, staying }: Deadlock, waiting: readonly StuckActor[]): readonly StuckActor[] {
  const everybody = new Set(system.graphs.map(({ name }) => name));
  const unended = system.unended(end).filter((actor) => !staying.has(actor));
  const held = new Set(waiting.flatMap(({ heldBy }) => heldBy.flatMap(({ by }) => by)));
  const areAwaited = waiting.every(({ isStarted, waitsFor }) => !isStarted && waitsFor.every((what) => everybody.has(what)));
  if (!areAwaited && !unended.some((actor) => held.has(system.graphs[actor]?.name ?? ''))) return [];
  const ends = unended.length < 2 ? new Set<number>() : seenToEnd(system, end);
  const neverEnding = unended.filter((actor) => !ends.has(actor));
  // Where each may end, but not all of them, all are told.
  return (neverEnding.length === 0 ? unended : neverEnding).flatMap((actor): readonly StuckActor[] => {
    const graph = system.graphs[actor];
    const location = graph?.locations[end[system.layout.actorField(actor)] ?? 0];
    const place = location?.choices[0]?.place;
    return graph === undefined || location === undefined || place === undefined ? [] : [{ name: graph.name, waitsFor: [], heldBy: [], place, isStarted: location.stage !== 'before' }];
  });
}

/** Those who have to end, and have come to wait for nobody yet, though nothing is seen to lead to their end. */
function neverSeenToEnd({ system, way: { end }, staying }: Deadlock): ReadonlySet<number> {
  const ends = seenToEnd(system, end);
  return new Set(system.unended(end).filter((actor) => !staying.has(actor) && !ends.has(actor)));
}

/** Of those who hold what is waited for, and are not stuck themselves, who never gives it back. */
function keepersOf({ system, way: { end } }: Deadlock, stuck: readonly StuckActor[]): readonly Keeper[] {
  const names = new Set(stuck.filter(({ waitsFor }) => waitsFor.length > 0).map(({ name }) => name));
  const held = stuck.flatMap(({ heldBy }) => heldBy);
  const holders = new Set(held.flatMap(({ by }) => by).filter((name) => !names.has(name)).map((name) => system.layout.actorNamed(name)));
  if (holders.size === 0) return [];
  const kept = neverGivenBack(system, end, holders, toTell);
  return [...kept].flatMap(([actor, things]): readonly Keeper[] => {
    const graph = system.graphs[actor];
    const place = graph?.locations[end[system.layout.actorField(actor)] ?? 0]?.choices[0]?.place;
    const keeps = held.flatMap(({ what }) => (things.has(what) ? [what] : []));
    return graph === undefined || place === undefined || keeps.length === 0 ? [] : [{ name: graph.name, keeps: [...new Set(keeps)], place }];
  });
}

/** Whether they have all that they wait for, or it is the end of one of them: anything else may still come of somebody who is going to fail, as far as a run knows. */
export function isCircle(stuck: readonly StuckActor[]): boolean {
  const names = new Set(stuck.map(({ name }) => name));
  const isHeldByThem = (heldBy: readonly Held[], what: string): boolean => {
    const held = heldBy.find((one) => one.what === what);
    const kept = held === undefined ? [] : [...held.by, ...held.behind];
    return kept.length > 0 && kept.every((name) => names.has(name));
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
    // That its pool is halted nobody waits for.
    const on = [...(waits?.on ?? []).filter((obligation) => !obligation.startsWith('event:.')), ...(waitsInVain?.names ?? []).map((name) => `held:${name}`)];
    const place = waitsInVain?.place ?? location.choices[0]?.place;
    if (waits === null || on.length === 0 || place === undefined) return [];
    return [{ name: graph.name, waitsFor: [...new Set(on.map((obligation) => shown(obligation.slice(obligation.indexOf(':') + 1))))], heldBy: holdersOf(system, state, actor, on), place, isStarted: location.stage !== 'before' }];
  });
}

function holdersOf(system: ModelSystem, state: Int32Array, actor: number, on: readonly string[]): readonly Held[] {
  const names = on.flatMap((obligation) => (obligation.startsWith('held:') ? [obligation.slice('held:'.length)] : []));
  const { graphs, layout, resources, lines } = system;
  const heldOf = (other: number, name: string): number => graphs[other]?.locations[state[layout.actorField(other)] ?? 0]?.held.get(name) ?? 0;
  const choices = graphs[actor]?.locations[state[layout.actorField(actor)] ?? 0]?.choices ?? [];
  return [...new Set(names)].map((name) => {
    const ahead = lines.ahead(actor, name, state);
    const holders = [...graphs.keys()].filter((other) => heldOf(other, name) > 0);
    const resource = resources.get(name);
    const more = layout.loose.find((one) => one.name === name)?.more ?? null;
    const free = resource?.kind === 'permits' ? holders.reduce((left, other) => left - heldOf(other, name), resource.permits + (more === null ? 0 : (state[more.field] ?? 0))) : 0;
    const wanted = choices.flatMap(({ act }) => (act.do === 'served' ? act.demands : [])).find((demand) => demand.name === name)?.permits ?? Number.POSITIVE_INFINITY;
    // Where there is enough of it, only those who come first are waited for.
    const kept = ahead.length > 0 && free >= wanted ? [] : holders;
    const named = (some: readonly number[]): readonly string[] => some.flatMap((other) => graphs[other]?.name ?? []);
    return { what: shown(name), by: named(kept), behind: named(ahead) };
  });
}

/** What the model has of its own is called as what it stands for: the queue `.tasks.build` as the pool `build`. */
function shown(text: string): string {
  const named = text.replaceAll(/(?<!\S)\.results\.(?<pool>[^\s.,]+)/gu, 'the results of $<pool>');
  return named.replaceAll(/(?<!\S)\.(?:(?:tasks|pipe|halted|failed)\.)?(?<name>[^\s.,]+)[^\s,]*/gu, '$<name>');
}
