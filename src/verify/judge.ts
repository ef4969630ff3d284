import { present } from '../base/invariant.ts';
import { hasOnlyDaemons } from '../plan/has-only-daemons.ts';
import { isDeclaredEndless } from '../plan/is-declared-endless.ts';
import type { Plan } from '../plan/plan.ts';
import { type Assumption, makesDoubtful } from './assumption.ts';
import type { CompileOptions } from './compile/compile-context.ts';
import { compileAfterStop, compilePlan } from './compile/compile-plan.ts';
import { type ActorWorld, findActors, worldOf } from './actor-world.ts';
import { findAlike } from './alike-actors.ts';
import { doubtsOfQueues } from './doubts-of-queues.ts';
import { type Budget, type Exploration, explore } from './explore.ts';
import { endAlone } from './end-alone.ts';
import { endRunApart } from './end-run-apart.ts';
import { type ActorGraph, maxLocations } from './find-locations.ts';
import { describeNever } from './may-never-come.ts';
import { mergeLocations } from './merge-locations.ts';
import type { Model } from './model.ts';
import { ModelSystem } from './model-system.ts';
import { nearestDeadlocks } from './deadlocks-of-parts.ts';
import { type BadState, type Deadlock, deadlocksAt } from './nearest-deadlocks.ts';
import { certifyOrder } from './order-certificate.ts';
import type { PartOfPool } from './part-of-pool.ts';
import { ReducedSystem } from './reduced-system.ts';
import { stateAt } from './shortest-way.ts';
import { endedField, tooFar } from './state-layout.ts';
import { reopenedQueues } from './reopened-queues.ts';
import { knowsResults, stopEarly } from './stop-early.ts';
import { countSlots } from '../plan/slots-of.ts';
import { WaitCircles } from './wait-circles.ts';
import { WatchedSystem } from './watched-system.ts';
import { withoutFailedPools } from './without-failures.ts';
import { goingOn, isCircle, type StuckActor, tellDeadlock, type Telling, type ToldDeadlock } from './told-deadlock.ts';

/** The nearest deadlock that was found, and others that have nothing to do with it. */
export interface Counterexample extends ToldDeadlock {
  readonly type: 'counterexample';
  readonly states: number;
  readonly others: readonly ToldDeadlock[];
}

/** What is known of whether the run can always still finish. */
export type Verdict =
  | { readonly type: 'proved'; readonly by: 'order' }
  /** All states were looked at. */
  | { readonly type: 'proved'; readonly by: 'search'; readonly states: number }
  | Counterexample
  /** Nothing can be said, and why. */
  | { readonly type: 'unsure'; readonly why: string }
  /** There is more to it than is looked at, and of what. */
  | { readonly type: 'too_large'; readonly why: string }
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
  /** Of a counterexample: one of these may end the run before it comes to that, or is seen to have done so. */
  readonly unlessEndedBy?: readonly string[];
  /** Of a proof: MP705 tells of some that wait for each other until a `timeout` is over. */
  readonly isEndedByTime?: true;
}

const unsureAfterFailure = 'once something has failed some may wait for ever, and the run is stopped by then';

/** Who may wait for what until one of these ends the run. */
function unsureUntilEnd(stuck: readonly StuckActor[], enders: readonly string[]): string {
  const first = stuck.find(({ waitsFor }) => waitsFor.length > 0);
  const who = first === undefined ? 'some' : `\`${first.name}\``;
  return `${who} may wait for ever${first === undefined ? '' : ` for ${first.waitsFor.map((what) => `\`${what}\``).join(', ')}`} until ${enders.map((name) => `\`${name}\``).join(' or ')} ends the run, which is a deadlock where that takes longer than a moment`;
}

/** Of a deadlock beside a `shutdown`. */
const mayBeOver: Assumption = { kind: 'coarser', text: 'the run may be over before some of it comes to wait for ever', place: [] };

/** Who has a step that ends the run, where no failure does. */
function whoShutsDown(graphs: readonly ActorGraph[]): readonly string[] {
  return graphs.flatMap(({ name, locations }) => (locations.some(({ choices }) => choices.some(({ stopsRun }) => stopsRun)) ? [name] : []));
}

/** With more of these it takes longer than whoever waits for an answer has patience. */
const mostActors = 4000;
const mostSlots = 200;

/**
 * Finds out whether what a plan declares can deadlock: first by an order of all that is waited for, and where there is none, by
 * a search through the states within a budget. A run is held to be stuck as soon as it can no longer finish, whoever else goes on.
 */
export function judge(plan: Plan, budget: Budget, telling: Telling = 'all'): Judgement {
  const judged = ofDaemons(plan, judgeRun(plan, budget, {}, telling));
  if (judged.verdict.type !== 'proved') {
    const others = [() => judgeRun(plan, budget, {}, telling, withoutFailedPools), () => judgeRun(plan, budget, { tellsFailures: true }, telling), () => judgeRun(plan, budget, { isPatient: true }, telling)];
    return unlessGivenUp(plan, surer(judged, others), budget);
  }
  // What is declared to be restarted for ever has to leave a way to the end without that it is given up, and with that as well.
  const givenUp = goesOnWithout(plan) ? judgeRun(plan, budget, { givesUp: true }, telling) : judged;
  return givenUp.verdict.type === 'proved' ? (judgeAfterStop(plan, judged, budget) ?? judged) : givenUp;
}

/** Whether the judgement of a plan would be a proof, of which nothing else is asked: no deadlock is looked at more closely. */
export function isProved(plan: Plan, budget: Budget): boolean {
  const proves = (options: CompileOptions): boolean => judgeRun(plan, budget, options, 'one').verdict.type === 'proved';
  return proves({}) && (!goesOnWithout(plan) || proves({ givesUp: true }));
}

/** What is made of daemons alone need not come to an end, so that nothing is wrong where only nothing leads there. */
function ofDaemons(plan: Plan, judged: Judgement): Judgement {
  const { verdict } = judged;
  if (verdict.type !== 'counterexample' || !hasOnlyDaemons(plan)) return judged;
  const circles = asCounterexample(toldOf(verdict).filter(({ stuck }) => stuck.length > 0 && goingOn(stuck).length === 0), verdict.states);
  return { ...judged, verdict: circles ?? { type: 'unsure', why: 'some daemons go on for ever, and whether others may wait for ever beside them was not looked at' } };
}

/**
 * Where a pool seems to have ended otherwise than its tasks, a deadlock of those runs in which all commands succeed, if that is surer: a task
 * is over sooner where it fails, so that such a way is often the shortest. Or else one in which it is told which task has failed, or in which
 * no attempt is over before its last step by chance. Nobody knows whether a shorter one would do as well.
 */
function surer(judged: Judgement, others: readonly (() => Judgement)[]): Judgement {
  const { verdict, assumptions } = judged;
  if (verdict.type !== 'counterexample') return judged;
  const isMisknown = assumptions.some(({ onlyIf }) => onlyIf !== undefined && ofFailures.has(onlyIf.part) && verdict.parts.get(onlyIf.of)?.has(onlyIf.part) === true);
  if (!isMisknown) return judged;
  for (const judgeOther of others) {
    const other = judgeOther();
    if (other.verdict.type !== 'counterexample' || makesDoubtful(other.assumptions, other.verdict) || other.verdict.others.length < verdict.others.length) continue;
    return { ...other, verdict: { ...other.verdict, isShortest: false, others: other.verdict.others.map((one) => ({ ...one, isShortest: false })) } };
  }
  return judged;
}

/** What somebody has to do with a deadlock where it is of account how its tasks or attempts have ended. */
const ofFailures: ReadonlySet<PartOfPool> = new Set(['is_misknown', 'is_known', 'is_cut_short']);

/** Says of those who wait for ever beside what is restarted for ever whether they do so only as long as that is not given up. */
function unlessGivenUp(plan: Plan, judged: Judgement, budget: Budget): Judgement {
  const { verdict } = judged;
  const endless = plan.instances.filter(isDeclaredEndless).map(({ name }) => name);
  if (endless.length === 0 || verdict.type !== 'counterexample' || goingOn(verdict.stuck).length === 0) return judged;
  return judgeRun(plan, budget, { givesUp: true }, 'one').verdict.type === 'proved' ? { ...judged, unlessGivenUp: endless } : judged;
}

/** Whether there is something that is restarted for ever, and whose failure, once it is given up, does not end the run. */
function goesOnWithout({ instances, onFailure }: Plan): boolean {
  return instances.some((instance) => isDeclaredEndless(instance) && (onFailure === 'continue' || instance.allowFailure));
}

/** With a `finally` that comes only after the run was stopped; null where there is none, or it is not found out what may come of it. */
function judgeAfterStop(plan: Plan, { verdict }: Judgement, budget: Budget): Judgement | null {
  const compiled = compileAfterStop({ ...plan, onFailure: 'continue' }, { givesUp: true, isStopped: true });
  if (compiled === null) return null;
  const { model, assumptions } = compiled;
  const world = findActors(model);
  if (world.graphs.some(({ locations }) => locations.length > maxLocations)) return null;
  const { leftOut, early, states } = stoppedEarly(plan, model, endAlone(world.graphs), budget);
  if (early === null && leftOut.length > 0) return null;
  return { verdict: { type: 'proved', by: 'search', states: states + ('states' in verdict ? verdict.states : 0) }, assumptions: [...assumptions, ...toldTheirEnd(plan, world), ...leftOut], ...(early === null ? {} : { early }) };
}

/** First with pools that may succeed whatever their tasks do, and where that is no proof, once more without that. */
function judgeRun(plan: Plan, budget: Budget, options: CompileOptions, telling: Telling, change = (model: Model): Model => model): Judgement {
  if (options.tellsFailures === true) return judgeCompiled(plan, budget, options, telling, change);
  const rough = judgeCompiled(plan, budget, { ...options, isRough: true }, telling, change);
  const { type } = rough.verdict;
  if (plan.pools.every(({ body }) => body.type !== 'steps') || (type !== 'counterexample' && type !== 'unsure')) return rough;
  const judged = judgeCompiled(plan, budget, options, telling, change);
  if (judged.verdict.type !== 'bound') return judged;
  const coarser = plan.pools.filter(({ body }) => body.type === 'steps').map(({ name, place }): Assumption => ({ kind: 'coarser', text: `\`${name}\` may succeed though one of its tasks has failed`, place, onlyIf: { of: name, part: 'is_misknown' } }));
  return { ...rough, assumptions: [...rough.assumptions, ...coarser] };
}

function judgeCompiled(plan: Plan, budget: Budget, options: CompileOptions, telling: Telling, change: (model: Model) => Model): Judgement {
  const slots = countSlots(plan);
  if (slots > mostSlots) return tooLarge(`${slots} slots of pools, of at most ${mostSlots}`);
  if (plan.instances.length + slots > mostActors) return tooLarge(`${plan.instances.length + slots} instances and slots, of at most ${mostActors}`);
  // A failure that ends the run is no way out of a deadlock beside it, which is told before it comes.
  const compiled = compilePlan({ ...plan, onFailure: 'continue' }, options);
  const going = { ...compiled, model: change(compiled.model) };
  const world = findActors(going.model);
  const longest = world.graphs.find(({ locations }) => locations.length > maxLocations);
  if (longest !== undefined) return tooLarge(`what \`${longest.name}\` does has more than ${maxLocations} states`);
  const assumptions = [...going.assumptions, ...toldTheirEnd(plan, world)];
  if (certifyOrder(world).isProof) return { verdict: { type: 'proved', by: 'order' }, assumptions };
  const shutsDown = world.graphs.some(({ locations }) => locations.some(({ choices }) => choices.some(({ stopsRun }) => stopsRun)));
  const canBeEnded = plan.onFailure === 'stop' || shutsDown;
  const model = canBeEnded ? change(compilePlan(plan, options).model) : going.model;
  const { graphs } = canBeEnded ? findActors(model) : world;
  if (canBeEnded) {
    const { verdict, doubts } = search(model, endRunApart(graphs), budget, telling);
    // Where failures end nothing there is more to look at, not less.
    if (verdict.type !== 'proved') return { verdict: toldWithoutTheLast(plan, verdict), assumptions: [...assumptions, ...doubts] };
  }
  const { verdict, doubts, deadlocks } = search(model, endAlone(graphs), budget, telling);
  const isBesideFailure = verdict.type === 'counterexample' && canBeEnded;
  const before = isBesideFailure ? asOne(deadlocks.filter(isBeforeAnyFailure), verdict.states, telling) : null;
  if (before !== null) return { verdict: toldWithoutTheLast(plan, before), assumptions: [...assumptions, ...doubts, ...(shutsDown ? [mayBeOver] : [])], ...(shutsDown ? { unlessEndedBy: whoShutsDown(world.graphs) } : {}) };
  const { leftOut, early } = stoppedEarly(plan, going.model, endAlone(world.graphs), verdict.type === 'proved' || isBesideFailure ? budget : null);
  const known = early === null ? {} : { early };
  if (isBesideFailure) return { verdict: { type: 'unsure', why: shutsDown ? unsureUntilEnd(verdict.stuck, whoShutsDown(world.graphs)) : unsureAfterFailure }, assumptions, ...known };
  return { verdict: toldWithoutTheLast(plan, verdict), assumptions: [...assumptions, ...leftOut, ...doubts], ...known };
}

function tooLarge(why: string): Judgement {
  return { verdict: { type: 'too_large', why }, assumptions: [] };
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
  const { verdict } = search(model, stopEarly(plan, model, graphs), budget, 'one');
  const states = 'states' in verdict ? verdict.states : 0;
  if (verdict.type === 'proved') return { leftOut: [], early: null, states };
  if (verdict.type !== 'counterexample') return { leftOut: [leftOut], early: null, states };
  const early = toldOf(verdict).flatMap((told) => {
    const stuck = told.stuck.filter(({ name, isStarted, waitsFor }) => isStarted && waitsFor.length > 0 && modelled.has(name));
    const [one] = stuck;
    return one === undefined ? [] : [{ one, counterexample: { ...verdict, ...told, stuck, others: [] } }];
  })[0];
  if (early === undefined) return { leftOut: [leftOut], early: null, states };
  const { one, counterexample } = early;
  return { leftOut: [{ ...leftOut, text: `${leftOut.text}, where \`${one.name}\` may wait for ever for ${one.waitsFor.map((what) => `\`${what}\``).join(', ')}`, place: one.place }], early: counterexample, states };
}

/** All deadlocks of a counterexample, the nearest first. */
export function toldOf({ others, ...first }: Counterexample): readonly ToldDeadlock[] {
  return [first, ...others];
}

/** What waits for the end of all others waits as long as any of them does, and is told only where they wait for it in turn. */
function toldWithoutTheLast(plan: Plan, verdict: Verdict): Verdict {
  if (verdict.type !== 'counterexample') return verdict;
  return { ...withoutTheLast(plan, verdict), others: verdict.others.map((other) => withoutTheLast(plan, other)) };
}

function withoutTheLast<Told extends ToldDeadlock>(plan: Plan, told: Told): Told {
  const last = new Set(plan.instances.filter(({ kind }) => kind === 'finally').map(({ name }) => name));
  return { ...told, stuck: stuckWithoutTheLast(plan, told), behind: told.behind.filter((name) => !last.has(name)) };
}

function stuckWithoutTheLast({ instances, pools, actors }: Plan, { stuck }: ToldDeadlock): readonly StuckActor[] {
  const begins = new Map(instances.filter(({ kind }) => kind === 'finally').map(({ name, place }) => [name, place]));
  const awaited = new Set(stuck.filter(({ name }) => !begins.has(name)).flatMap(({ waitsFor }) => waitsFor));
  const main = new Set([...instances, ...pools].filter((work) => !begins.has(work.name)).map(({ name }) => name));
  const isToBegin = ({ name, place, isStarted, waitsFor }: StuckActor): boolean => !isStarted && place === begins.get(name) && waitsFor.every((what) => main.has(what));
  const isTold = (one: StuckActor): boolean => !isToBegin(one) || actors.some(({ who, name }) => who === one.name && awaited.has(name));
  const others = new Set(stuck.map(({ name }) => name));
  return stuck.filter(isTold).map((one) => (isToBegin(one) ? { ...one, waitsFor: one.waitsFor.filter((what) => others.has(what)) } : one));
}

/** What a search has found. */
export interface Searched {
  readonly verdict: Verdict;
  /** What makes a deadlock that it finds doubtful. */
  readonly doubts: readonly Assumption[];
  /** Of a counterexample. */
  readonly deadlocks: readonly Deadlock[];
}

/** What a search through the states of some actors finds. */
export function search(model: Model, graphs: readonly ActorGraph[], budget: Budget, telling: Telling): Searched {
  const world = worldOf(mergeLocations(graphs), new Map(model.resources.map((resource) => [resource.name, resource])));
  const first = lookThrough(model, new ModelSystem(model, world), budget);
  const { bad, system, found } = lookedAgain(model, world, budget, first) ?? first;
  const doubts = [...doubtsOfQueues(model, system.layout, world.may), ...needsOf(system, found)];
  const { states, depth } = found;
  const deadlocks = bad === null ? [] : (telling === 'all' ? nearestDeadlocks : deadlocksAt)(bad, budget);
  const further = bad === null ? comesTooFar(system, found) : [];
  if (further.length > 0) return { verdict: { type: 'unsure', why: `there may come to be more permits of ${further.map((name) => `\`${name}\``).join(', ')} than are told apart` }, doubts, deadlocks: [] };
  const none: Verdict = found.isComplete ? { type: 'proved', by: 'search', states } : { type: 'bound', states, depth };
  return { verdict: bad === null ? none : present(asOne(deadlocks, states, telling), 'a bad state is told'), doubts, deadlocks };
}

/** Of which semaphores there may be more permits than are told apart, where a search has come to that. */
function comesTooFar({ layout }: ModelSystem, found: Exploration): readonly string[] {
  const growing = layout.loose.flatMap(({ name, more }) => (more === null || more.isAll ? [] : [name]));
  const isTooFar = (number: number): boolean => stateAt(found, number)[endedField] === tooFar;
  return growing.length > 0 && Array.from({ length: found.states }, (_, number) => number).some(isTooFar) ? growing : [];
}

/** Ways that may never be gone, and without which some of the run goes on for ever. */
function needsOf(system: ModelSystem, found: Exploration): readonly Assumption[] {
  if (!found.isComplete || found.firstTrapped !== null) return [];
  const needed = [...found.needs].map((transition) => system.transitionAt(transition));
  const never = new Set(needed.map(({ actor, choice }) => describeNever(choice.act, actor)));
  return needed.slice(0, 1).map(({ choice: { place } }): Assumption => ({ kind: 'left_out', text: `runs that go on for ever since ${[...never].join(' and ')}`, place }));
}

/** All that a search comes to, and the first state from which there is no way on. */
interface Looked {
  readonly system: ModelSystem;
  readonly found: Exploration;
  readonly bad: BadState | null;
}

function lookThrough(model: Model, system: ModelSystem, budget: Budget): Looked {
  const alike = findAlike(system.graphs, model);
  const reduced = new ReducedSystem(system, alike);
  const found = explore(new WatchedSystem(reduced, { isWanted: sometimesLooked(system) }), { budget, judgesEnd: true, stopsAtStuck: true, findsNeeds: true, isReduced: true });
  // What was not looked at yet counts as one that can still finish.
  const state = found.firstStuck ?? found.firstTrapped;
  return { system, found, bad: state === null ? null : { model, system: reduced, found: { ...found, system: reduced }, state, alike } };
}

/** Queues of which any number of items may be taken. */
function queuesWithoutCount({ resources }: Model, { layout }: ModelSystem): readonly string[] {
  return resources.flatMap((resource) => (resource.kind === 'queue' && layout.boundOf(resource.name).saturates ? [resource.name] : []));
}

/** Of more states it takes too long to look whether a deadlock is one, too, with all items counted. */
const mostFine = 50_000;

/** What is found with more items told apart, where something was found without that; null where that is no other question, or takes too long. */
function lookedAgain(model: Model, world: ActorWorld, budget: Budget, { system, found, bad }: Looked): Looked | null {
  const without = queuesWithoutCount(model, system).length;
  if (bad === null || without === 0) return null;
  const fine = new ModelSystem(model, world, true);
  if (queuesWithoutCount(model, fine).length === without) return null;
  const again = lookThrough(model, fine, { ...budget, maxStates: Math.min(budget.maxStates, Math.max(mostFine, found.states)) });
  return again.bad !== null || again.found.isComplete ? again : null;
}

/** Of fewer states it takes longer to look at each than to go on. */
const firstLooked = 1000;
const lookedEvery = 16;

/**
 * Whether some wait only for each other in a state, asked of some states of a large search only: it is so of all that follow, so that it
 * is found soon, and not only where nobody goes on any more.
 */
function sometimesLooked(system: ModelSystem): (state: Int32Array) => boolean {
  let circles: WaitCircles | null = null;
  let states = 0;
  return (state) => {
    states += 1;
    if (states < firstLooked || states % lookedEvery !== 0) return false;
    circles ??= new WaitCircles(system);
    return circles.isIn(state);
  };
}

function asOne(deadlocks: readonly Deadlock[], states: number, telling: Telling): Counterexample | null {
  return asCounterexample(deadlocks.map((deadlock) => tellDeadlock(deadlock, telling)), states);
}

function asCounterexample([first, ...others]: readonly ToldDeadlock[], states: number): Counterexample | null {
  return first === undefined ? null : { type: 'counterexample', ...first, states, others };
}

/** Nobody fails on the way to it: it is there before a failure ends the run, and a run knows. */
function isBeforeAnyFailure(deadlock: Deadlock): boolean {
  const { system, way } = deadlock;
  return way.transitions.every((transition) => system.transitionAt(transition).choice.wouldStopRun !== true) && isCircle(tellDeadlock(deadlock, 'one').stuck);
}
