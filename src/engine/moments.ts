import type { Dependency, Moment } from '../plan/plan.ts';
import { type ActorIndex, canStillBeStarted } from './can-act.ts';
import type { Context } from './context.ts';
import type { Unit } from './unit-state.ts';

/** Whether a moment has come, can still come, or never will. */
export type MomentStatus = 'met' | 'pending' | 'impossible';

/** What a dependency is at: of several instances, language page, "Moments". */
export function dependencyStatus(context: Context, index: ActorIndex, dependency: Dependency): MomentStatus {
  const units = unitsOf(context, dependency);
  if (dependency.moment === 'failure') return failureStatus(context, index, units);
  let pending = false;
  for (const unit of units) {
    const status = unitStatus(context, index, unit, dependency.moment);
    if (status === 'impossible') return 'impossible';
    if (status === 'pending') pending = true;
  }
  return pending ? 'pending' : 'met';
}

/** All instances or the pool that a dependency is on. */
export function unitsOf(context: Context, dependency: Dependency): readonly Unit[] {
  return dependency.target.type === 'pool'
    ? [context.pool(dependency.name)]
    : dependency.target.instances.map((name) => context.instance(name));
}

/** `failure` of several: all have ended and one has failed. */
function failureStatus(context: Context, index: ActorIndex, units: readonly Unit[]): MomentStatus {
  const open = units.filter((unit) => unit.end === null);
  if (open.length === 0) return units.some((unit) => unit.end?.state === 'failed') ? 'met' : 'impossible';
  return open.some((unit) => neverStarts(context, index, unit)) ? 'impossible' : 'pending';
}

function unitStatus(context: Context, index: ActorIndex, unit: Unit, moment: Moment): MomentStatus {
  const { end } = unit;
  switch (moment) {
    case 'start':
      if (unit.hasStarted) return 'met';
      break;
    case 'ready':
      if (unit.isReady) return 'met';
      break;
    case 'success':
      if (end?.state === 'succeeded') return 'met';
      break;
    case 'exit':
      if (end !== null) return 'met';
      break;
    case 'failure':
      break;
  }
  if (end !== null) return 'impossible';
  return neverStarts(context, index, unit) ? 'impossible' : 'pending';
}

/** It waits to be started by somebody, and nobody can any more. */
export function neverStarts(context: Context, index: ActorIndex, unit: Unit): boolean {
  if (unit.phase !== 'idle') return false;
  if (unit.type === 'instance' && unit.plan.kind === 'finally') return false;
  return !unit.plan.autostart && !canStillBeStarted(context, index, unit.name, new Set());
}
