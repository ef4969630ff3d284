import type { Place } from '../base/place.ts';
import type { Plan } from '../plan/plan.ts';
import { mayShutDown } from '../plan/shuts-down.ts';
import { findActors, worldOf } from './actor-world.ts';
import { hasEveryRun } from './assumption.ts';
import { compileMain } from './compile/compile-plan.ts';
import { endInVain } from './end-in-vain.ts';
import { endRunApart } from './end-run-apart.ts';
import { type Budget, type Exploration, explore } from './explore.ts';
import type { Act } from './location.ts';
import { editSteps } from './mend/edit-steps.ts';
import { ModelSystem } from './model-system.ts';
import { ReducedSystem } from './reduced-system.ts';
import { stateAt, wayTo } from './shortest-way.ts';
import { successorsOf } from './successors-of.ts';
import { countSlots } from '../plan/slots-of.ts';

/** Somebody who fails the run, and where he comes to that. */
export interface FailsRun {
  readonly name: string;
  readonly place: Place;
  /** Its command or its steps have begun. */
  readonly isStarted: boolean;
  /** What it comes to there. */
  readonly act: Act;
  /** Of what is restarted however it ends, and is given up after so many times; null of all else. */
  readonly givenUpAfter: number | null;
}

/**
 * Who fails the run, whatever order things happen in and whichever commands succeed: in each run one of them does. None where some run
 * may succeed, and where that is not found out within the budget or depends on what the model does not follow. That somebody ends
 * with a failure on purpose, by a step `exit`, is not held against the run.
 */
export function whoFailsEveryRun(plan: Plan, budget: Budget): readonly FailsRun[] {
  if (plan.instances.length + countSlots(plan) > mostActors || mayShutDown(plan)) return [];
  // A run that is shut down may have succeeded. What runs in `finally` comes after the end, which it makes no better.
  const { model, assumptions } = compileMain(withExits({ ...plan, onFailure: 'stop' }), { daemonsMayEnd: true });
  if (!hasEveryRun(assumptions)) return [];
  const { graphs, resources } = findActors(model);
  const apart = endRunApart(graphs);
  const system = new ModelSystem(model, worldOf(apart, resources));
  if (system.endless > 0 || succeedsOnOneWay(system, budget)) return [];
  const inVain = new ModelSystem(model, worldOf(endInVain(graphs), resources));
  const found = explore(new ReducedSystem(inVain, []), { budget, judgesEnd: true, stopsAtStuck: false, isReduced: true });
  // From the first state on none can be come to in which all is over.
  if (!found.isComplete || found.firstTrapped !== 0) return [];
  const stays = apart.map(({ locations }) => locations.findIndex(({ endsRun }) => endsRun));
  // Where not all orders can be looked at, those that were may lack who fails before, though never all who fail.
  const all = explore(system, { budget, judgesEnd: false, stopsAtStuck: false, isReduced: false });
  return withRestarts(plan, [...new Map([...whoFails(system, stays, all), ...whoFails(inVain, stays, found)])].map(([, one]) => one));
}

/** What is restarted however it ends fails by that it is given up, wherever it was in its last attempt. */
function withRestarts({ instances }: Plan, who: readonly FailsRun[]): readonly FailsRun[] {
  const always = new Map(instances.flatMap((instance) => (instance.restart === 'always' ? [[instance.name, instance] as const] : [])));
  const told = who.map((one): FailsRun => {
    const instance = always.get(one.name);
    return instance === undefined || !one.isStarted ? one : { ...one, place: [...instance.place, 'restart'], givenUpAfter: instance.maxRestarts.count };
  });
  return [...new Map(told.map((one) => [JSON.stringify([one.name, one.place]), one])).values()];
}

/** Of larger plans it takes longer to find out than it is worth. */
const mostActors = 64;

/** An `exit` may be of any code. */
function withExits(plan: Plan): Plan {
  return editSteps(plan, (steps) => steps.map((step) => (step.verb === 'exit' ? { ...step, code: null } : step)));
}

/** So long a way is gone before it is asked for all of them. */
const mostSteps = 2000;
const ways = 8;

/** Whether one of a few ways through the model, each gone as it comes, ends with nothing failed: that is so of most, and spares the search. */
function succeedsOnOneWay(system: ModelSystem, budget: Budget): boolean {
  for (let way = 0; way < ways && budget.mayGoOn(0); way += 1) {
    let state: Int32Array = Int32Array.from(system.initial);
    for (let step = 0; step < mostSteps && !system.isFinal(state) && budget.mayGoOn(0); step += 1) {
      const next = successorsOf(system, state);
      const chosen = next[(way * 7 + step * (way % 3)) % Math.max(1, next.length)];
      if (chosen === undefined) break;
      state = chosen;
    }
    if (system.isFinal(state) && enderOf(system, state) === -1) return true;
  }
  return false;
}

/** Who has failed the run in a state; -1 is nobody. */
function enderOf({ graphs, layout }: ModelSystem, state: Int32Array): number {
  return graphs.findIndex(({ locations }, actor) => locations[state[layout.actorField(actor)] ?? 0]?.endsRun === true);
}

/** Who fails as the first of all on some way, and at what. */
function whoFails(system: ModelSystem, stays: readonly number[], found: Exploration): ReadonlyMap<string, FailsRun> {
  const fields = stays.map((_, actor) => system.layout.actorField(actor));
  const failedIn = (state: Int32Array): readonly number[] => [...stays.keys()].filter((actor) => state[fields[actor] ?? 0] === stays[actor]);
  const seen = new Set<string>();
  const who = new Map<string, FailsRun>();
  for (let number = 1; number < found.states; number += 1) {
    const [actor, ...others] = failedIn(stateAt(found, number));
    if (actor === undefined || others.length > 0) continue;
    const before = stateAt(found, found.visited.parentOf(number));
    const from = `${actor} ${before[fields[actor] ?? 0] ?? 0}`;
    if (failedIn(before).length > 0 || seen.has(from)) continue;
    seen.add(from);
    const way = wayTo(found, number).transitions;
    const last = way.at(-1);
    if (last === undefined) continue;
    const { actor: name, from: at, choice } = system.transitionAt(last);
    const where = JSON.stringify([actor, choice.place]);
    if (!who.has(where)) who.set(where, { name, place: choice.place, isStarted: system.graphs[actor]?.locations[at]?.stage !== 'before', act: whyAt(system, way) ?? choice.act, givenUpAfter: null });
  }
  return who;
}

/** Whoever waited at a condition takes its lock again before he fails: what he has come to is the end of that wait. null where it is something else. */
function whyAt(system: ModelSystem, way: readonly number[]): Act | null {
  const [last, ...earlier] = way.slice(-mostSteps).map((transition) => system.transitionAt(transition)).toReversed();
  const before = earlier.find(({ actor }) => actor === last?.actor);
  if (last === undefined || before === undefined || last.choice.place !== before.choice.place) return null;
  return before.choice.act.do === 'find_unnotifiable' || before.choice.act.do === 'time_out' ? before.choice.act : null;
}
