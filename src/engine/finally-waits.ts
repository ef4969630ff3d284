/*
 * What `finally` waits for that only the end of a daemon can bring. Daemons are stopped after `finally`,
 * so such a wait would last for ever: the daemon is ended as soon as nothing else of `finally` goes on.
 */
import type { Actor, Moment } from '../plan/plan.ts';
import { type ActorIndex, canStillAct } from './can-act.ts';
import type { Context } from './context.ts';
import { dependencyStatus, unitsOf } from './moments.ts';
import { placeInLine } from './fair-line.ts';
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
    const inTheWay = whoIsInTheWay(context, index, state);
    if (inTheWay.length === 0) return [];
    // Where it is another of `finally`, it is up to what that one waits for.
    for (const other of inTheWay) if (other.plan.kind === 'daemon' && !awaited.has(other)) awaited.set(other, state.name);
  }
  return [...withDependents(context, awaited)]
    .filter(([daemon]) => daemon.stopWhy === null && openDependents(context, daemon).length === 0)
    .map(([daemon, waiter]) => ({ daemon, waiter }));
}

/** The daemons without whose end one of `finally` does not go on, and the others of `finally` that it waits for; none where it goes on. */
function whoIsInTheWay(context: Context, index: ActorIndex, state: InstanceState): readonly InstanceState[] {
  switch (state.phase) {
    case 'dependencies':
      return state.plan.dependsOn
        .filter((dependency) => dependencyStatus(context, index, dependency) === 'pending')
        .flatMap((dependency) => {
          const units = unitsOf(context, dependency);
          const comesByItself = dependency.moment === 'start' || dependency.moment === 'ready';
          return [...openOfFinally(units), ...(comesByItself ? [] : openDaemons(units))];
        });
    case 'events':
    case 'barriers':
      return [...state.startRequests.keys()].flatMap((id) => whoCanEnd(context, index, id));
    case 'holds':
      return state.holdRequest === null ? [] : whoCanEnd(context, index, state.holdRequest);
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
    case 'join': {
      const units = machine.blocked.instances.map((name) => context.unit(name));
      return [...openOfFinally(units), ...openDaemons(units)];
    }
    case 'request':
      return whoCanEnd(context, index, machine.blocked.requestId);
    default:
      return [];
  }
}

/** All who can end a wait, where these are others of `finally`, and daemons by their end only; else none. */
function whoCanEnd(context: Context, index: ActorIndex, requestId: number): readonly InstanceState[] {
  const request = context.requests.get(requestId);
  if (request === undefined || request.hasDeadline) return [];
  const [name = ''] = request.names;
  if (request.verb === 'acquire') {
    const before = request.names.flatMap((resource) => whoIsBefore(context, resource, request.instance));
    return before.length > 0 ? before : request.names.flatMap((resource) => whoHolds(context, resource));
  }
  const action = endedBy.get(request.verb);
  const actors = action === undefined ? [] : index.of(action, name).filter((actor) => canStillAct(context, index, actor));
  const found = new Set<InstanceState>();
  for (const { who, by } of actors) {
    const [other] = [...openOfFinally([context.unit(who)]), ...(by.type === 'moment' && isEnd(by.moment) ? openDaemons([context.unit(who)]) : [])];
    if (other === undefined) return [];
    found.add(other);
  }
  return [...found];
}

/** What somebody else does that ends a wait. */
const endedBy: ReadonlyMap<string, Actor['action']> = new Map([
  ['wait_event', 'set'],
  ['wait_condition', 'notify'],
  ['wait_barrier', 'wait'],
  ['get', 'put'],
  ['put', 'get'],
  ['join_queue', 'get'],
]);

function isEnd(moment: Moment): boolean {
  return moment !== 'start' && moment !== 'ready';
}

/** Daemons that hold it to their end, and others of `finally` where nobody else may release it; none where a process may that `finally` has started. */
function whoHolds(context: Context, resource: string): readonly InstanceState[] {
  const releasers = (context.releasers.get(resource) ?? []).map((name) => context.unit(name));
  if (releasers.some((unit) => unit.phase !== 'idle' && unit.phase !== 'ended' && (unit.type === 'pool' || unit.plan.kind === 'process'))) return [];
  const holders = context.holdings.holdersOf(resource).flatMap((holder) => context.instances.get(holder) ?? []);
  const daemons = openDaemons(holders).filter((daemon) => holdsToItsEnd(context, daemon, resource));
  const others = openOfFinally(holders);
  return daemons.length + others.length === holders.length ? [...daemons, ...others] : daemons;
}

/** Daemons before it in a line in which nobody passes, and who wait themselves for what others hold to their end. */
function whoIsBefore(context: Context, resource: string, instance: string, asked: Set<string> = new Set()): readonly InstanceState[] {
  if (asked.has(resource)) return [];
  asked.add(resource);
  const before = placeInLine(context, resource, (one) => one === instance)?.before ?? [];
  return before.flatMap((request) => {
    const { names, hasDeadline } = request;
    const daemons = openDaemons([context.instances.get(request.instance) ?? []].flat());
    const isStuck = !hasDeadline && names.some((name) => openDaemons(whoHolds(context, name)).length > 0 || whoIsBefore(context, name, request.instance, asked).length > 0);
    return isStuck ? daemons : [];
  });
}

/** It holds this from its start to its exit, or its steps have it and release it nowhere that they can still come to. */
function holdsToItsEnd(context: Context, daemon: InstanceState, resource: string): boolean {
  if (daemon.plan.holds.some((demand) => demand.name === resource)) return true;
  const machine = daemon.machine === null ? undefined : context.machines.get(daemon.machine);
  // A program may release what it holds at any time.
  if (machine === undefined || context.holdings.isHeldByProgram(daemon.name, resource)) return false;
  return !machineCan(machine, actionKey('release', resource));
}

function openOfFinally(units: readonly Unit[]): readonly InstanceState[] {
  return units.filter((unit): unit is InstanceState => unit.type === 'instance' && unit.plan.kind === 'finally' && unit.end === null);
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
