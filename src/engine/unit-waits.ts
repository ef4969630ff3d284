/*
 * What instances and pools wait for, each with those who could end the wait. Whoever may do so changes
 * while the wait goes on: holders release, parties arrive, producers end. So it is found out when it is
 * told, and never when the wait begins.
 */
import type { Demand } from '../sync/operation.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import { runSlots, shownName } from './engine-options.ts';
import type { MachineState } from './machine-state.ts';
import type { WaitReason } from './run-event.ts';
import { ableTo, maxNamed, partiesToCome, takersOf } from './thing-actors.ts';
import type { Unit } from './unit-state.ts';

/** What it waits for, as the state has it: the same list as long as it is the same wait. */
export function plainWaits(context: Context, unit: Unit): readonly WaitReason[] {
  return machineOf(context, unit)?.waits ?? unit.waits;
}

/** The same for people: nothing that is free, and who could end each wait just now. */
export function namedWaits(context: Context, index: ActorIndex, unit: Unit): readonly WaitReason[] {
  const waits = plainWaits(context, unit);
  const demands = waits.some(({ kind }) => kind === 'hold') ? demandsOf(context, unit) : [];
  const taken = waits.filter(({ kind, name }) => kind !== 'hold' || !demands.some((demand) => demand.name === name && isFree(context, demand)));
  // A token is asked for once nothing else is in the way.
  const inTheWay = taken.filter(({ detail }) => detail !== 'token');
  const told = inTheWay.length > 0 ? inTheWay : taken;
  // All of it is free where others are before it in a fair line.
  return (told.length > 0 ? told : waits).map((wait) => ({
    ...wait,
    name: shownName(wait.name),
    by: wait.by.length > 0 ? wait.by.slice(0, maxNamed) : providersOf(context, index, unit.name, wait),
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

/** As far as the engine knows. */
export function isFree(context: Context, { name, permits }: Demand): boolean {
  return permitsOf(context, name) - context.holdings.permitsHeld(name) >= permits;
}

function permitsOf(context: Context, name: string): number {
  if (name === runSlots) return context.plan.maxParallel ?? Number.POSITIVE_INFINITY;
  const jobserver = context.jobservers.of(name);
  if (jobserver !== undefined) return jobserver.tokens.permits;
  const definition = context.primitive(name);
  if (definition?.kind === 'semaphore') return definition.permits;
  return definition?.kind === 'lock' ? 1 : 0;
}

/** Who could end a wait of `unit` just now. */
export function providersOf(context: Context, index: ActorIndex, unit: string, { kind, name, detail }: Omit<WaitReason, 'by'>): readonly string[] {
  switch (kind) {
    case 'event':
      return ableTo(context, index, 'set', name);
    case 'condition':
      return ableTo(context, index, 'notify', name);
    case 'barrier':
      return partiesToCome(context, index, name);
    case 'queue':
      if (detail === 'get') return ableTo(context, index, 'put', name);
      return detail === 'join' ? takersOf(context, index, name) : ableTo(context, index, 'get', name);
    case 'pipe': {
      const definition = context.primitive(name);
      return definition?.kind === 'pipe' ? definition.ends.filter((end) => end !== unit) : [];
    }
    case 'submit':
      return ableTo(context, index, 'submit', name);
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
