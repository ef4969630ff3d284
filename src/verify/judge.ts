import type { Place } from '../base/place.ts';
import { isDeclaredEndless } from '../plan/is-declared-endless.ts';
import type { Plan } from '../plan/plan.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { Assumption } from './assumption.ts';
import type { CompileOptions } from './compile/compile-context.ts';
import { compileAfterStop, compilePlan } from './compile/compile-plan.ts';
import { type ActorWorld, findActors, worldOf } from './actor-world.ts';
import { findAlike } from './alike-actors.ts';
import { describeAct } from './describe-act.ts';
import { type Budget, explore } from './explore.ts';
import { neededSteps, neverMoving, replay } from './explain-trap.ts';
import { endAlone } from './end-alone.ts';
import { endRunApart } from './end-run-apart.ts';
import { type ActorGraph, maxLocations } from './find-locations.ts';
import { mergeLocations } from './merge-locations.ts';
import type { Act } from './location.ts';
import type { Model } from './model.ts';
import { ModelSystem } from './model-system.ts';
import { certifyOrder } from './order-certificate.ts';
import { ReducedSystem } from './reduced-system.ts';
import { reopenedQueues } from './reopened-queues.ts';
import { scheduleOf } from './schedule-of.ts';
import { type Way, wayTo } from './shortest-way.ts';
import { knowsResults, stopEarly } from './stop-early.ts';
import { thingsOf } from './things-of.ts';
import { waitedFor } from './waited-for.ts';
import { countSlots } from './slots-of.ts';

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

/** In this order of events these come to wait for ever; the way is a shortest one. */
export interface Counterexample {
  readonly type: 'counterexample';
  readonly steps: readonly JudgedStep[];
  readonly stuck: readonly StuckActor[];
  readonly states: number;
  readonly schedule: Schedule;
}

/** What is known of whether the run can always still finish. */
export type Verdict =
  | { readonly type: 'proved'; readonly by: 'order' }
  /** All states were looked at. */
  | { readonly type: 'proved'; readonly by: 'search'; readonly states: number }
  | Counterexample
  /** Nothing can be said, and why. */
  | { readonly type: 'unsure'; readonly why: string }
  /** There is more to it than is looked at. */
  | { readonly type: 'too_large' }
  /** Nothing was found within so many states, `depth` steps from the beginning in any order, and what is beyond is not known. */
  | { readonly type: 'bound'; readonly states: number; readonly depth: number };

/** A verdict, and what it takes for granted. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly assumptions: readonly Assumption[];
  /** How `finally` may deadlock where some of the processes and pools were stopped before their end. */
  readonly early?: Counterexample;
  /** Of a counterexample in which some of the run goes on for ever: one of these would have to be given up for them to come to their end. */
  readonly unlessGivenUp?: readonly string[];
}

const whyUnsure = {
  failure: 'once something has failed some may wait for ever, and the run is stopped by then',
  shutdown: 'some may wait for ever until somebody ends the run, which is a deadlock where that takes longer than a moment',
};

/** With more of these it takes longer than whoever waits for an answer has patience. */
const mostActors = 4000;
const mostSlots = 200;

/** Steps that change nothing for anybody else are not told, but that a time was over. */
function isWorthTelling(act: Act): boolean {
  return !silent.has(act.do) || (act.do === 'nothing' && act.program === 'is_late');
}

const silent: ReadonlySet<string> = new Set(['nothing', 'reach', 'await', 'woken', 'close', 'begin_to_wait']);

/**
 * Finds out whether what a plan declares can deadlock: first by an order of all that is waited for, and where there is none, by
 * a search through the states within a budget. A run is held to be stuck as soon as it can no longer finish, whoever else goes on.
 */
export function judge(plan: Plan, budget: Budget): Judgement {
  const judged = judgeRun(plan, budget, {});
  if (judged.verdict.type !== 'proved') return unlessGivenUp(plan, judged, budget);
  // What is declared to be restarted for ever has to leave a way to the end without that it is given up, and with that as well.
  const givenUp = goesOnWithout(plan) ? judgeRun(plan, budget, { givesUp: true }) : judged;
  return givenUp.verdict.type === 'proved' ? (judgeAfterStop(plan, judged, budget) ?? judged) : givenUp;
}

/** Says of those who wait for ever beside what is restarted for ever whether they do so only as long as that is not given up. */
function unlessGivenUp(plan: Plan, judged: Judgement, budget: Budget): Judgement {
  const { verdict } = judged;
  const endless = plan.instances.filter(isDeclaredEndless).map(({ name }) => name);
  if (endless.length === 0 || verdict.type !== 'counterexample' || verdict.stuck.some(({ waitsFor }) => waitsFor.length > 0)) return judged;
  return judgeRun(plan, budget, { givesUp: true }).verdict.type === 'proved' ? { ...judged, unlessGivenUp: endless } : judged;
}

/** Whether there is something that is restarted for ever, and whose failure, once it is given up, does not end the run. */
function goesOnWithout({ instances, onFailure }: Plan): boolean {
  return instances.some((instance) => isDeclaredEndless(instance) && (onFailure === 'continue' || instance.allowFailure));
}

/** With a `finally` that comes only after the run was stopped; null where there is none, or it is not found out what may come of it. */
function judgeAfterStop(plan: Plan, { verdict }: Judgement, budget: Budget): Judgement | null {
  const compiled = compileAfterStop({ ...plan, onFailure: 'continue' }, { givesUp: true });
  if (compiled === null) return null;
  const { model, assumptions } = compiled;
  const world = findActors(model);
  if (world.graphs.some(({ locations }) => locations.length > maxLocations)) return null;
  const { leftOut, early, states } = stoppedEarly(plan, model, endAlone(world.graphs), budget);
  if (early === null && leftOut.length > 0) return null;
  return { verdict: { type: 'proved', by: 'search', states: states + ('states' in verdict ? verdict.states : 0) }, assumptions: [...assumptions, ...toldTheirEnd(plan, world), ...leftOut], ...(early === null ? {} : { early }) };
}

function judgeRun(plan: Plan, budget: Budget, options: CompileOptions): Judgement {
  const slots = countSlots(plan);
  if (plan.instances.length + slots > mostActors || slots > mostSlots) return { verdict: { type: 'too_large' }, assumptions: [] };
  // A failure that ends the run is no way out of a deadlock beside it, which is told before it comes.
  const going = compilePlan({ ...plan, onFailure: 'continue' }, options);
  const world = findActors(going.model);
  if (world.graphs.some(({ locations }) => locations.length > maxLocations)) return { verdict: { type: 'too_large' }, assumptions: [] };
  const assumptions = [...going.assumptions, ...toldTheirEnd(plan, world)];
  if (certifyOrder(world).isProof) return { verdict: { type: 'proved', by: 'order' }, assumptions };
  const shutsDown = world.graphs.some(({ locations }) => locations.some(({ choices }) => choices.some(({ stopsRun }) => stopsRun)));
  const canBeEnded = plan.onFailure === 'stop' || shutsDown;
  const { model } = canBeEnded ? compilePlan(plan, options) : going;
  const { graphs } = canBeEnded ? findActors(model) : world;
  if (canBeEnded) {
    const { verdict, doubts } = search(model, endRunApart(graphs), budget);
    // Where failures end nothing there is more to look at, not less.
    if (verdict.type !== 'proved') return { verdict: toldWithoutTheLast(plan, verdict), assumptions: [...assumptions, ...doubts] };
  }
  const { verdict, doubts, deadlock } = search(model, endAlone(graphs), budget);
  const isBesideFailure = deadlock !== null && canBeEnded;
  const before = isBesideFailure && !shutsDown ? beforeAnyFailure(deadlock, budget) : null;
  if (before !== null) return { verdict: toldWithoutTheLast(plan, before), assumptions: [...assumptions, ...doubts] };
  const { leftOut, early } = stoppedEarly(plan, going.model, endAlone(world.graphs), verdict.type === 'proved' || isBesideFailure ? budget : null);
  const known = early === null ? {} : { early };
  if (isBesideFailure) return { verdict: { type: 'unsure', why: shutsDown ? whyUnsure.shutdown : whyUnsure.failure }, assumptions, ...known };
  return { verdict: toldWithoutTheLast(plan, verdict), assumptions: [...assumptions, ...leftOut, ...doubts], ...known };
}

/** Whoever waits at such a queue may get what is put after its end; and of a program it has to be seen that it only waits. */
function toldTheirEnd({ instances, pools }: Plan, world: ActorWorld): readonly Assumption[] {
  const stepping = new Set([...instances, ...pools].filter(({ body }) => body.type === 'steps').map(({ name }) => name));
  return reopenedQueues(world).flatMap(({ actor, queue, place }): readonly Assumption[] => {
    const coarser: Assumption = { kind: 'coarser', text: `the end of \`${queue}\` is told to one after the other, though \`${actor}\` puts into it after that`, place };
    return stepping.has(actor) ? [coarser] : [coarser, { kind: 'assumed', text: `the system tells of \`${actor}\` when it only waits for its next item of \`${queue}\``, place }];
  });
}

/** A search follows `finally` where it comes by itself, and another one, where there is a budget for it, of runs that are stopped before; an order holds from wherever a run is stopped. */
function stoppedEarly(plan: Plan, model: Model, graphs: readonly ActorGraph[], budget: Budget | null): { readonly leftOut: readonly Assumption[]; readonly early: Counterexample | null; readonly states: number } {
  const modelled = new Map(model.actors.map(({ name, isDaemon }) => [name, isDaemon]));
  const first = plan.instances.find(({ kind, name }) => kind === 'finally' && modelled.get(name) === false);
  if (first === undefined) return { leftOut: [], early: null, states: 0 };
  const leftOut: Assumption = { kind: 'left_out', text: '`finally` of a run that is stopped before its end', place: first.place };
  if (budget === null || !knowsResults(plan)) return { leftOut: [leftOut], early: null, states: 0 };
  const { verdict } = search(model, stopEarly(plan, model, graphs), budget);
  const states = 'states' in verdict ? verdict.states : 0;
  if (verdict.type === 'proved') return { leftOut: [], early: null, states };
  const stuck = verdict.type === 'counterexample' ? verdict.stuck.filter(({ name, isStarted, waitsFor }) => isStarted && waitsFor.length > 0 && modelled.has(name)) : [];
  const [one] = stuck;
  if (one === undefined || verdict.type !== 'counterexample') return { leftOut: [leftOut], early: null, states };
  return { leftOut: [{ ...leftOut, text: `${leftOut.text}, where \`${one.name}\` may wait for ever for ${one.waitsFor.map((what) => `\`${what}\``).join(', ')}`, place: one.place }], early: { ...verdict, stuck }, states };
}

/** What waits for the end of all others waits as long as any of them does, and is told only where they wait for it in turn. */
function toldWithoutTheLast({ instances, pools, actors }: Plan, verdict: Verdict): Verdict {
  if (verdict.type !== 'counterexample') return verdict;
  const begins = new Map(instances.filter(({ kind }) => kind === 'finally').map(({ name, place }) => [name, place]));
  const awaited = new Set(verdict.stuck.filter(({ name }) => !begins.has(name)).flatMap(({ waitsFor }) => waitsFor));
  const main = new Set([...instances, ...pools].filter((work) => !begins.has(work.name)).map(({ name }) => name));
  const isToBegin = ({ name, place, isStarted, waitsFor }: StuckActor): boolean => !isStarted && place === begins.get(name) && waitsFor.every((what) => main.has(what));
  const isTold = (one: StuckActor): boolean => !isToBegin(one) || actors.some(({ who, name }) => who === one.name && awaited.has(name));
  const others = new Set(verdict.stuck.map(({ name }) => name));
  const stuck = verdict.stuck.filter(isTold).map((one) => (isToBegin(one) ? { ...one, waitsFor: one.waitsFor.filter((what) => others.has(what)) } : one));
  return { ...verdict, stuck };
}

/** A way to where somebody waits for ever. */
export interface Deadlock {
  readonly way: Way;
  readonly system: ModelSystem;
  /** Who never moves there any more. */
  readonly staying: ReadonlySet<number>;
  readonly states: number;
}

/** What a search has found. */
export interface Searched {
  readonly verdict: Verdict;
  /** What makes a deadlock that it finds doubtful. */
  readonly doubts: readonly Assumption[];
  /** Of a counterexample. */
  readonly deadlock: Deadlock | null;
}

/** What a search through the states of some actors finds. */
export function search(model: Model, graphs: readonly ActorGraph[], budget: Budget): Searched {
  const system = new ModelSystem(model, worldOf(mergeLocations(graphs), new Map(model.resources.map((resource) => [resource.name, resource]))));
  const found = explore(new ReducedSystem(system, findAlike(system.graphs, model)), { budget, judgesEnd: true, stopsAtStuck: true, isReduced: true });
  const isCoarse = model.resources.some((resource) => resource.kind === 'queue' && system.layout.boundOf(resource.name).saturates);
  const doubts: readonly Assumption[] = isCoarse ? [{ kind: 'coarser', text: 'a queue without a bound may have any number of items', place: [] }] : [];
  // What was not looked at yet counts as one that can still finish.
  const bad = found.firstStuck ?? found.firstTrapped;
  const { states, depth } = found;
  if (bad === null) return { verdict: found.isComplete ? { type: 'proved', by: 'search', states } : { type: 'bound', states, depth }, doubts, deadlock: null };
  const way = wayTo(found, bad);
  // Where somebody still moves, not all who wait here wait for ever.
  const staying = new Set(found.firstStuck === null ? neverMoving(system, way.end, budget) : system.graphs.keys());
  const deadlock = { way, system, staying, states };
  return { verdict: counterexample(deadlock), doubts, deadlock };
}

/**
 * The same deadlock without who fails on the way to it: where he is not needed for it, it is there before his failure ends the run. null
 * where it comes of that, or where that is not found out.
 */
function beforeAnyFailure({ system, way, staying, states }: Deadlock, budget: Budget): Verdict | null {
  const involved = new Set(waitingOf(system, way.end, staying).map(({ name }) => name));
  const needed = neededSteps(system, way.transitions, way.end, involved);
  const there = needed.some((transition) => system.transitionAt(transition).choice.wouldStopRun === true) ? null : replay(system, needed);
  const still = there === null ? null : neverMoving(system, there.end, budget);
  if (there === null || still === null || !isCircle(waitingOf(system, there.end, new Set(still)))) return null;
  return counterexample({ system, way: there, staying: new Set(still), states });
}

/** Whether they have all that they wait for, or it is the end of one of them: anything else may still come of somebody who is going to fail, as far as a run knows. */
function isCircle(stuck: readonly StuckActor[]): boolean {
  const names = new Set(stuck.map(({ name }) => name));
  const isHeldByThem = (heldBy: readonly Held[], what: string): boolean => {
    const by = heldBy.find((held) => held.what === what)?.by ?? [];
    return by.length > 0 && by.every((name) => names.has(name));
  };
  return stuck.length > 0 && stuck.every(({ waitsFor, heldBy }) => waitsFor.length > 0 && waitsFor.every((what) => names.has(what) || isHeldByThem(heldBy, what)));
}

/** Those of some who wait in a state, and are not at their end. */
function waitingOf(system: ModelSystem, state: Int32Array, some: ReadonlySet<number>): readonly StuckActor[] {
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

function counterexample({ system, way, staying, states }: Deadlock): Verdict {
  const { transitions, end } = way;
  const stuck = [...waitingOf(system, end, staying)];
  const others = new Set(system.graphs.map(({ name }) => name));
  // Each goes on as far as the others let it, and never comes to its end; some may wait before their start for that.
  if (stuck.every(({ isStarted, waitsFor }) => !isStarted && waitsFor.every((what) => others.has(what)))) {
    const endless = system.unended(end).filter((actor) => !staying.has(actor)).flatMap((actor): readonly StuckActor[] => {
      const graph = system.graphs[actor];
      const location = graph?.locations[end[system.layout.actorField(actor)] ?? 0];
      const place = location?.choices[0]?.place;
      return graph === undefined || location === undefined || place === undefined ? [] : [{ name: graph.name, waitsFor: [], heldBy: [], place, isStarted: location.stage !== 'before' }];
    });
    stuck.push(...endless);
  }
  const involved = new Set(stuck.map(({ name }) => name));
  const steps = neededSteps(system, transitions, end, involved).flatMap((transition): readonly JudgedStep[] => {
    const { actor, choice } = system.transitionAt(transition);
    return isWorthTelling(choice.act) ? [{ actor, what: shown(describeAct(choice.act)), things: thingsOf(choice.act).map(shown), place: choice.place }] : [];
  });
  return { type: 'counterexample', steps, stuck, states, schedule: { ...scheduleOf(system, way), stuck: stuck.map(({ name }) => name) } };
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
