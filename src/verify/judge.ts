import type { Place } from '../base/place.ts';
import type { Plan } from '../plan/plan.ts';
import type { Assumption } from './compile/compile-context.ts';
import { compilePlan } from './compile/compile-plan.ts';
import { describeAct } from './describe-act.ts';
import { type Budget, type Exploration, explore } from './explore.ts';
import { ModelSystem } from './model-system.ts';
import { certifyOrder } from './order-certificate.ts';
import { shortestWay, stateAt } from './shortest-way.ts';
import { waitedFor } from './waited-for.ts';

/** One step on the way to a deadlock. */
export interface JudgedStep {
  readonly actor: string;
  /** What is done, as a verb phrase. */
  readonly what: string;
  readonly place: Place;
}

/** Somebody who can never go on. */
export interface StuckActor {
  readonly name: string;
  /** What is waited for, such as the lock `db`. */
  readonly waitsFor: readonly string[];
  /** The step that is waited at. */
  readonly place: Place;
  /** Its command or its steps have begun. */
  readonly isStarted: boolean;
}

/** What is known of whether the run can always still finish. */
export type Verdict =
  | { readonly type: 'proved'; readonly by: 'order' }
  /** All states were looked at. */
  | { readonly type: 'proved'; readonly by: 'search'; readonly states: number }
  /** In this order of events these come to wait for ever; the way is a shortest one. */
  | { readonly type: 'counterexample'; readonly steps: readonly JudgedStep[]; readonly stuck: readonly StuckActor[]; readonly states: number }
  /** There are more actors than are looked at: so many. */
  | { readonly type: 'too_large'; readonly actors: number }
  /** Nothing was found within so many states, `depth` steps from the beginning in any order, and what is beyond is not known. */
  | { readonly type: 'bound'; readonly states: number; readonly depth: number };

/** A verdict, and what it takes for granted. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly assumptions: readonly Assumption[];
}

/** With more it takes longer than whoever waits for an answer has patience. */
const mostActors = 4000;

/** Steps that change nothing for anybody else are not told. */
const silent: ReadonlySet<string> = new Set(['nothing', 'reach', 'await', 'woken', 'close', 'begin_to_wait']);

/**
 * Finds out whether what a plan declares can deadlock: first by an order of all that is waited for, and where there is none, by
 * a search through the states within a budget. A run is held to be stuck as soon as it can no longer finish, whoever else goes on.
 */
export function judge(plan: Plan, budget: Budget): Judgement {
  const actors = plan.pools.reduce((sum, { workers }) => sum + workers, plan.instances.length);
  if (actors > mostActors) return { verdict: { type: 'too_large', actors }, assumptions: [] };
  const { model, assumptions } = compilePlan(plan);
  const system = new ModelSystem(model);
  if (certifyOrder(system).isProof) return { verdict: { type: 'proved', by: 'order' }, assumptions };
  const found = explore(system, { budget, judgesEnd: true, stopsAtStuck: false });
  // What was not looked at yet counts as one that can still finish.
  const bad = found.firstStuck ?? found.firstTrapped;
  if (bad !== null) return { verdict: counterexample(system, found, bad), assumptions };
  const { states, depth } = found;
  return { verdict: found.isComplete ? { type: 'proved', by: 'search', states } : { type: 'bound', states, depth }, assumptions };
}

function counterexample(system: ModelSystem, found: Exploration, bad: number): Verdict {
  const state = stateAt(found, bad);
  const stuck = system.graphs.flatMap((graph, actor): readonly StuckActor[] => {
    const location = graph.locations[state[system.layout.actorField(actor)] ?? 0];
    if (location === undefined || location.outcome !== null) return [];
    const waits = waitedFor(location, system.resources, () => false);
    const place = location.choices[0]?.place;
    if (waits === null || waits.on.length === 0 || place === undefined) return [];
    return [{ name: graph.name, waitsFor: [...new Set(waits.on.map((obligation) => shown(obligation.slice(obligation.indexOf(':') + 1))))], place, isStarted: location.stage !== 'before' }];
  });
  const involved = new Set(stuck.map(({ name }) => name));
  const steps = shortestWay(found, bad).flatMap((transition): readonly JudgedStep[] => {
    const { actor, choice } = system.transitionAt(transition);
    return involved.has(actor) && !silent.has(choice.act.do) ? [{ actor, what: shown(describeAct(choice.act)), place: choice.place }] : [];
  });
  return { type: 'counterexample', steps, stuck, states: found.states };
}

/** What the model has of its own is called as what it stands for: the queue `.tasks.build` as the pool `build`. */
function shown(text: string): string {
  return text.replaceAll(/(?<!\S)\.(?:(?:tasks|pipe|halted)\.)?(?<name>[^\s.,]+)[^\s,]*/gu, '$<name>');
}
