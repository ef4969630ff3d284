import type { Plan } from '../plan/plan.ts';
import { walkSteps } from '../plan/walk-steps.ts';
import type { Exploration } from './explore.ts';
import type { ModelSystem } from './model-system.ts';
import { stateAt } from './shortest-way.ts';

/** Whether somebody waits for permits of a semaphore that a program may give back without having them, as it declares it in `uses` (language page, "Holds"). */
export function waitsForSignal(plan: Plan, stuck: readonly { readonly waitsFor: readonly string[] }[]): boolean {
  const semaphores = semaphoresOf(plan);
  const declared = new Set([...plan.instances, ...plan.pools].flatMap(({ declaredHolds }) => declaredHolds));
  return stuck.some(({ waitsFor }) => waitsFor.some((name) => semaphores.has(name) && declared.has(name)));
}

/**
 * Whether somebody waits for permits of a semaphore in a state from which nothing leads on, though a program runs that may give some back, which no
 * program has to declare.
 */
export function mayBeReturned(plan: Plan, system: ModelSystem, found: Exploration): boolean {
  const semaphores = semaphoresOf(plan);
  if (semaphores.size === 0 || !runsPrograms(plan)) return false;
  return Array.from({ length: found.states }, (_, number) => stateAt(found, number)).some((state) => isAskedFor(system, state, semaphores) && isLast(system, state));
}

function semaphoresOf({ primitives }: Plan): ReadonlySet<string> {
  return new Set(primitives.flatMap(({ kind, name }) => (kind === 'semaphore' ? [name] : [])));
}

/** As a run sees it, which waits for them: a daemon is held to return none, and what runs in `finally` comes too late. */
function runsPrograms({ instances, pools }: Plan): boolean {
  return [...instances.filter(({ kind }) => kind === 'process'), ...pools].some(({ body }) => body.type !== 'steps' || [...walkSteps(body.steps)].some(({ verb }) => verb === 'run'));
}

function isAskedFor({ graphs, layout }: ModelSystem, state: Int32Array, names: ReadonlySet<string>): boolean {
  return graphs.some(({ locations }, actor) => {
    const { choices = [], waitsInVain } = locations[state[layout.actorField(actor)] ?? 0] ?? {};
    const asked = choices.flatMap(({ act }) => (act.do === 'acquire' || act.do === 'served' ? act.demands.map(({ name }) => name) : []));
    return [...asked, ...(waitsInVain?.names ?? [])].some((name) => names.has(name));
  });
}

function isLast(system: ModelSystem, state: Int32Array): boolean {
  let isLed = false;
  system.expand(state, {
    get: (field) => state[field] ?? 0,
    set: () => undefined,
    reach: () => {
      isLed = true;
    },
  });
  return !isLed;
}
