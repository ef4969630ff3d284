/*
 * What instances and pools wait for, each with those who could end the wait. Whoever may do so changes
 * while the wait goes on: holders release, parties arrive, producers end. So it is found out when it is
 * told, and never when the wait begins.
 */
import type { Actor } from '../plan/plan.ts';
import type { Demand } from '../sync/operation.ts';
import { type ActorIndex, canStillAct } from './can-act.ts';
import type { Context } from './context.ts';
import { runSlots } from './engine-options.ts';
import type { MachineState } from './machine-state.ts';
import type { WaitReason } from './run-event.ts';
import type { Unit } from './unit-state.ts';

/** How many names a wait lists at most: it is for people. */
const maxNamed = 8;

/** What it waits for, as the state has it: the same list as long as it is the same wait. */
export function plainWaits(context: Context, unit: Unit): readonly WaitReason[] {
  return machineOf(context, unit)?.waits ?? unit.waits;
}

/** The same for people: nothing that is free, and who could end each wait just now. */
export function namedWaits(context: Context, index: ActorIndex, unit: Unit): readonly WaitReason[] {
  const waits = plainWaits(context, unit);
  const demands = waits.some(({ kind }) => kind === 'hold') ? demandsOf(context, unit) : [];
  const taken = waits.filter(({ kind, name }) => kind !== 'hold' || !demands.some((demand) => demand.name === name && isFree(context, demand)));
  // All of it is free where others are before it in a fair line.
  return (taken.length > 0 ? taken : waits).map((wait) => ({
    ...wait,
    name: wait.name === runSlots ? 'max_parallel' : wait.name,
    by: wait.by.length > 0 ? wait.by.slice(0, maxNamed) : providersOf(context, index, unit, wait),
  }));
}

function machineOf(context: Context, unit: Unit): MachineState | undefined {
  return unit.type === 'pool' || unit.machine === null ? undefined : context.machines.get(unit.machine);
}

/** What it has asked to hold and was not given yet. */
function demandsOf(context: Context, unit: Unit): readonly Demand[] {
  const blocked = machineOf(context, unit)?.blocked;
  if (blocked?.type === 'request') return context.requests.get(blocked.requestId)?.holds ?? [];
  const task = unit.type === 'pool' && unit.holding !== null ? unit.tasks.get(unit.holding) : undefined;
  const requestId = unit.type === 'pool' ? (task?.holdRequest ?? null) : unit.holdRequest;
  return requestId === null ? [] : (context.requests.get(requestId)?.holds ?? []);
}

function isFree(context: Context, { name, permits }: Demand): boolean {
  return permitsOf(context, name) - context.holdings.permitsHeld(name) >= permits;
}

function permitsOf(context: Context, name: string): number {
  if (name === runSlots) return context.plan.maxParallel ?? Number.POSITIVE_INFINITY;
  const definition = context.primitive(name);
  if (definition?.kind === 'semaphore') return definition.permits;
  return definition?.kind === 'lock' ? 1 : 0;
}

function providersOf(context: Context, index: ActorIndex, unit: Unit, { kind, name, detail }: WaitReason): readonly string[] {
  const able = (action: Actor['action']): readonly string[] =>
    firstOf(index.of(action, name), (actor) => canStillAct(context, index, actor));
  switch (kind) {
    case 'event':
      return able('set');
    case 'condition':
      return able('notify');
    case 'barrier':
      return firstOf(index.of('wait', name), (actor) => !hasArrived(context, actor.who, name) && canStillAct(context, index, actor));
    case 'queue':
      if (detail === 'get') return able('put');
      // What is in hand may be of somebody who gets no more.
      if (detail === 'join') return firstOf(index.of('get', name), (actor) => isAlive(context, actor.who) || canStillAct(context, index, actor));
      return able('get');
    case 'pipe': {
      const definition = context.primitive(name);
      return definition?.kind === 'pipe' ? definition.ends.filter((end) => end !== unit.name) : [];
    }
    case 'hold':
      return context.holdings.holdersOf(name, maxNamed);
    case 'dependency':
    case 'join':
    case 'result':
    case 'sleep':
    case 'backoff':
      return [];
  }
}

/** As many of its slots wait there as it has. */
function hasArrived(context: Context, who: string, barrier: string): boolean {
  const parties = context.pools.get(who)?.plan.workers ?? 1;
  return context.arrivals.count(barrier, who) >= parties;
}

function isAlive(context: Context, who: string): boolean {
  const { phase } = context.unit(who);
  return phase !== 'idle' && phase !== 'ended';
}

function firstOf(actors: readonly Actor[], fits: (actor: Actor) => boolean): readonly string[] {
  const names: string[] = [];
  for (const actor of actors) {
    if (names.length >= maxNamed) break;
    if (!names.includes(actor.who) && fits(actor)) names.push(actor.who);
  }
  return names;
}
