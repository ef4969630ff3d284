import type { Dependency, Moment } from '../plan/plan.ts';
import { type ActorIndex, canStillBeStarted } from './can-act.ts';
import type { Context } from './context.ts';
import { findFrom } from './find-from.ts';
import type { MomentStatus } from './moment-status.ts';
import type { Unit } from './unit-state.ts';

/**
 * What a dependency is at: of several instances, language page, "Moments". `changed` is what has just
 * reached a moment or ended, or `begun` where the asker has only just begun: what it makes impossible is seen at once, and as long as one other target
 * is known to be open, the thousands behind it need no look.
 */
export function dependencyStatus(
  context: Context,
  index: ActorIndex,
  dependency: Dependency,
  changed: Unit | 'begun' | null = null,
): MomentStatus {
  if (changed === null) return findStatus(context, index, dependency, null);
  if (changed === 'begun') {
    const before = context.statusesAtBegin.get(dependency) ?? findStatus(context, index, dependency, null);
    context.statusesAtBegin.set(dependency, before);
    return before;
  }
  // Replicas share their dependencies: what one event means for one of them is found out once.
  const known = context.statuses.get(dependency);
  if (known !== undefined) return known;
  const status = findStatus(context, index, dependency, changed);
  context.statuses.set(dependency, status);
  return status;
}

function findStatus(
  context: Context,
  index: ActorIndex,
  dependency: Dependency,
  changed: Unit | null,
): MomentStatus {
  const units = unitsOf(context, dependency);
  const concerns = changed !== null && dependency.moment !== 'failure' && units.includes(changed);
  if (concerns && unitStatus(context, index, changed, dependency.moment) === 'impossible') return 'impossible';
  if (changed !== null) {
    const last = context.openTargets.get(dependency) ?? 0;
    const open = findFrom(units, last, (unit) => isOpen(context, index, unit, dependency.moment));
    if (open >= 0) {
      context.openTargets.set(dependency, open);
      return 'pending';
    }
  }
  return momentStatus(context, index, units, dependency.moment);
}

/** What a moment of several instances together is at. */
export function momentStatus(context: Context, index: ActorIndex, units: readonly Unit[], moment: Moment): MomentStatus {
  if (moment === 'failure') return failureStatus(context, index, units);
  let pending = false;
  for (const unit of units) {
    const status = unitStatus(context, index, unit, moment);
    if (status === 'impossible') return 'impossible';
    if (status === 'pending') pending = true;
  }
  return pending ? 'pending' : 'met';
}

function isOpen(context: Context, index: ActorIndex, unit: Unit, moment: Moment): boolean {
  return moment === 'failure' ? unit.end === null && unit.phase !== 'idle' : unitStatus(context, index, unit, moment) === 'pending';
}

/** All instances or the pool that a dependency is on. */
export function unitsOf(context: Context, dependency: Dependency): readonly Unit[] {
  const known = context.targets.get(dependency);
  if (known !== undefined) return known;
  const units =
    dependency.target.type === 'pool'
      ? [context.pool(dependency.name)]
      : dependency.target.instances.map((name) => context.instance(name));
  context.targets.set(dependency, units);
  return units;
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
  return !unit.plan.autostart && !canStillBeStarted(context, index, unit.name, new Set());
}
