/*
 * What `finally` waits for that only the end of a daemon can bring. Daemons are stopped after `finally`,
 * so such a wait would last for ever: the daemon is ended as soon as nothing else of `finally` goes on.
 */
import { type ActorIndex, canStillAct } from './can-act.ts';
import type { Context } from './context.ts';
import { dependencyStatus, unitsOf } from './moments.ts';
import { actionKey, machineCan } from './step-actions.ts';
import type { InstanceState, Unit } from './unit-state.ts';

/** A daemon and the process of `finally` that waits for its end. */
export interface AwaitedDaemon {
  readonly daemon: InstanceState;
  readonly waiter: string;
}

/**
 * The daemons whose end is all that `finally` waits for, dependents before what they depend on; none
 * while anything of `finally` can go on without.
 */
export function awaitedDaemons(context: Context, index: ActorIndex): readonly AwaitedDaemon[] {
  const awaited = new Map<InstanceState, string>();
  for (const state of context.instancesOf('finally')) {
    if (state.phase === 'idle' || state.phase === 'ended') continue;
    const daemons = daemonsInTheWay(context, index, state);
    if (daemons.length === 0 && !waitsForOthers(context, index, state)) return [];
    for (const daemon of daemons) if (!awaited.has(daemon)) awaited.set(daemon, state.name);
  }
  return [...withDependents(context, awaited)]
    .filter(([daemon]) => daemon.stopWhy === null && openDependents(context, daemon).length === 0)
    .map(([daemon, waiter]) => ({ daemon, waiter }));
}

/** It waits to start until another of `finally` has come to a moment: whether it goes on is up to that one. */
function waitsForOthers(context: Context, index: ActorIndex, state: InstanceState): boolean {
  if (state.phase !== 'dependencies') return false;
  return state.plan.dependsOn.some(
    (dependency) =>
      dependencyStatus(context, index, dependency) === 'pending' &&
      unitsOf(context, dependency).some((unit) => unit.type === 'instance' && unit.plan.kind === 'finally' && unit.end === null),
  );
}

function daemonsInTheWay(context: Context, index: ActorIndex, state: InstanceState): readonly InstanceState[] {
  switch (state.phase) {
    case 'dependencies':
      return state.plan.dependsOn
        .filter(({ moment }) => moment !== 'start' && moment !== 'ready')
        .filter((dependency) => dependencyStatus(context, index, dependency) === 'pending')
        .flatMap((dependency) => openDaemons(unitsOf(context, dependency)));
    case 'events':
      return [...state.startRequests.keys()].flatMap((id) => endersOf(context, index, id));
    case 'holds':
      return state.holdRequest === null ? [] : endersOf(context, index, state.holdRequest);
    case 'running':
      return inTheWayOfSteps(context, index, state);
    default:
      return [];
  }
}

function inTheWayOfSteps(context: Context, index: ActorIndex, state: InstanceState): readonly InstanceState[] {
  const machine = state.machine === null ? undefined : context.machines.get(state.machine);
  // What has a limit is over by itself.
  if (machine === undefined || machine.timer?.armed === true) return [];
  switch (machine.blocked?.type) {
    case 'join':
      return openDaemons(machine.blocked.instances.map((name) => context.unit(name)));
    case 'request':
      return endersOf(context, index, machine.blocked.requestId);
    default:
      return [];
  }
}

/** The daemons whose end ends this wait, where nothing else does. */
function endersOf(context: Context, index: ActorIndex, requestId: number): readonly InstanceState[] {
  const request = context.requests.get(requestId);
  if (request === undefined || request.hasDeadline) return [];
  const [name = ''] = request.names;
  if (request.verb === 'wait_event') {
    const setters = index.of('set', name).filter((actor) => canStillAct(context, index, actor));
    const daemons = openDaemons(setters.map(({ who }) => context.unit(who)));
    const onlyEndsSet = setters.every(({ by }) => by.type === 'moment' && by.moment !== 'start' && by.moment !== 'ready');
    return onlyEndsSet && daemons.length === setters.length ? daemons : [];
  }
  if (request.verb !== 'acquire') return [];
  return request.names.flatMap((resource) =>
    openDaemons(context.holdings.holdersOf(resource).flatMap((holder) => context.instances.get(holder) ?? [])).filter((daemon) =>
      holdsToItsEnd(context, daemon, resource),
    ),
  );
}

/** It holds this from its start to its exit, or its steps have it and release it nowhere that they can still come to. */
function holdsToItsEnd(context: Context, daemon: InstanceState, resource: string): boolean {
  if (daemon.plan.holds.some((demand) => demand.name === resource)) return true;
  const machine = daemon.machine === null ? undefined : context.machines.get(daemon.machine);
  // A program may release what it holds at any time.
  if (machine === undefined || context.holdings.isHeldByProgram(daemon.name, resource)) return false;
  return !machineCan(machine, actionKey('release', resource));
}

function openDaemons(units: readonly Unit[]): readonly InstanceState[] {
  return units.filter((unit): unit is InstanceState => unit.type === 'instance' && unit.plan.kind === 'daemon' && unit.end === null && unit.phase !== 'idle');
}

/** With all daemons that depend on these. */
function withDependents(context: Context, awaited: ReadonlyMap<InstanceState, string>): ReadonlyMap<InstanceState, string> {
  const all = new Map(awaited);
  // The map grows while it is walked.
  for (const [daemon, waiter] of all) {
    for (const dependent of openDependents(context, daemon)) if (!all.has(dependent)) all.set(dependent, waiter);
  }
  return all;
}

function openDependents(context: Context, daemon: InstanceState): readonly InstanceState[] {
  return openDaemons(context.dependents.of(daemon.name).map((name) => context.unit(name)));
}
