import type { Plan } from '../plan/plan.ts';
import { hasEveryRun } from './assumption.ts';
import { compileMain } from './compile/compile-plan.ts';
import { submitsToItself } from './compile/submits-to-itself.ts';
import { type Budget, type Exploration, explore } from './explore.ts';
import { ModelSystem } from './model-system.ts';
import { poolOf, waitsForTask } from './next-task.ts';
import { mayBeReturned } from './returned-permits.ts';
import { stateAt } from './shortest-way.ts';
import { withoutFatalFailures } from './without-failures.ts';

/**
 * Whether a plan deadlocks in whatever order things happen, unless a command fails before and fails the run. False also where that cannot be
 * told: within the budget, or since the plan does something that the model does not follow.
 */
export function alwaysDeadlocks(plan: Plan, budget: Budget): boolean {
  return exploreAlways(plan, budget) !== null;
}

/** Of several deadlocks, each by the names of those who are stuck, whether a plan always comes to it: none of these ever ends. */
export function whichAlways(plan: Plan, deadlocks: readonly (readonly string[])[], budget: Budget): readonly boolean[] {
  const found = exploreAlways(plan, budget);
  if (found === null || deadlocks.length < 2) return deadlocks.map(() => found !== null);
  const { system, exploration } = found;
  const ended = new Set<string>();
  for (let number = 0; number < exploration.states; number += 1) {
    const state = stateAt(exploration, number);
    for (const [actor, { name, locations }] of system.graphs.entries()) if ((locations[state[system.layout.actorField(actor)] ?? 0]?.outcome ?? null) !== null) ended.add(name);
  }
  return deadlocks.map((names) => names.every((name) => !ended.has(name)));
}

/** Whether all is over at some point but that a pool waits for tasks that only its own could lead to: a run goes on from there. */
function staysOpen(plan: Plan, system: ModelSystem, exploration: Exploration): boolean {
  const pools = submitsToItself(plan);
  if (pools.size === 0) return false;
  const slots = system.graphs.flatMap((graph, actor) => (graph.ofPool === 'slot' && pools.has(poolOf(graph.name)) ? [{ graph, field: system.layout.actorField(actor) }] : []));
  const isOpen = (state: Int32Array): boolean => slots.some(({ graph, field }) => waitsForTask(graph, state[field] ?? 0));
  return Array.from({ length: exploration.states }, (_, number) => stateAt(exploration, number)).some((state) => isOpen(state) && isLast(system, state));
}

/** Whether nobody goes on, though some have not ended. */
function isLast(system: ModelSystem, state: Int32Array): boolean {
  if (system.isFinal(state)) return false;
  const next = Int32Array.from(state);
  let goesOn = false;
  const reach = (): void => {
    goesOn = true;
    next.set(state);
  };
  system.expand(state, {
    get: (field) => next[field] ?? 0,
    set: (field, value) => {
      next[field] = value;
    },
    reach,
  });
  return !goesOn;
}

/** All that a plan can come to that always deadlocks; null of any other. */
function exploreAlways(plan: Plan, budget: Budget): { readonly system: ModelSystem; readonly exploration: Exploration } | null {
  // A daemon that is a program may end by itself, whatever it is taken for; and what runs in `finally` comes after the end.
  const { model, assumptions } = compileMain(plan, { daemonsMayEnd: true });
  if (!hasEveryRun(assumptions)) return null;
  const system = new ModelSystem(withoutFatalFailures(plan, model));
  const exploration = explore(system, { budget, judgesEnd: true, stopsAtStuck: false, isReduced: false });
  const { isComplete, firstTrapped, firstStuck } = exploration;
  // Whoever goes round for ever without being stuck is no deadlock.
  if (!isComplete || firstTrapped !== 0 || firstStuck === null) return null;
  return mayBeReturned(plan, system, exploration) || staysOpen(plan, system, exploration) ? null : { system, exploration };
}
