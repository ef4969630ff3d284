/*
 * What comes before the start, in this order: the moments of `depends_on`, the events of `wait_for`,
 * then its barriers one after the other. Nothing is held meanwhile (semantics 1).
 */
import type { Outcome } from '../sync/operation.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import { enterPhase } from './enter-phase.ts';
import { dependencyStatus } from './moments.ts';
import type { WaitReason } from './run-event.ts';
import type { Unit } from './unit-state.ts';
import { waitTimeMs } from './wait-time.ts';

/** Why the start can never come, and whether that is only a missing outcome. */
export interface StartRefusal {
  readonly kind: 'skipped' | 'timed_out' | 'failed_to_start';
  readonly why: string;
  readonly failsRun: boolean;
}

/** Begins to wait; the unit then goes on by `continueStartWaits`. */
export function beginStartWaits(context: Context, unit: Unit): void {
  enterPhase(context, unit, 'dependencies');
  unit.barrierIndex = 0;
  for (const [index, { timeoutMs }] of unit.plan.dependsOn.entries()) {
    unit.dependencyTimers[index] =
      timeoutMs === null
        ? null
        : context.timers.arm(context.nowMs + timeoutMs, { type: 'dependency_timeout', unit: unit.name, index });
  }
}

/** Looks at the dependencies again, since `changed` did something; a refusal ends the unit. */
export function continueDependencies(
  context: Context,
  index: ActorIndex,
  unit: Unit,
  changed: Unit | 'begun' | null,
): StartRefusal | null {
  if (unit.phase !== 'dependencies') return null;
  const pending: WaitReason[] = [];
  let refusal: StartRefusal | null = null;
  for (const [position, dependency] of unit.plan.dependsOn.entries()) {
    const status = dependencyStatus(context, index, dependency, changed);
    if (status === 'impossible' && refusal === null) {
      const isOutcome = dependency.moment === 'success' || dependency.moment === 'failure';
      refusal = {
        kind: 'skipped',
        why: `\`${dependency.name}\` ${whyImpossible(context, dependency.name, dependency.moment)}`,
        failsRun: !isOutcome,
      };
    }
    if (status === 'pending') {
      pending.push({ kind: 'dependency', name: dependency.name, detail: dependency.moment, by: [] });
    } else {
      disarmDependency(unit, position);
    }
  }
  if (refusal !== null) return refusal;
  if (pending.length > 0) {
    // The fewer are left, the shorter the list: one of the same length is the same.
    if (pending.length !== unit.waits.length) waitFor(context, unit, pending);
    return null;
  }
  beginEvents(context, unit);
  return null;
}

function whyImpossible(context: Context, name: string, moment: string): string {
  const end = context.instances.get(name)?.end ?? context.pools.get(name)?.end;
  switch (moment) {
    case 'success':
      return end === undefined || end === null ? 'can no longer succeed' : `did not succeed: ${end.why}`;
    case 'failure':
      return 'did not fail';
    default:
      return `can no longer reach \`${moment}\`${end === undefined || end === null ? '' : `: ${end.why}`}`;
  }
}

/** The timeout of one dependency is over. */
export function dependencyTimedOut(unit: Unit, index: number): StartRefusal | null {
  const dependency = unit.plan.dependsOn[index];
  if (unit.phase !== 'dependencies' || dependency === undefined) return null;
  return {
    kind: 'timed_out',
    why: `\`${dependency.name}\` did not reach \`${dependency.moment}\` within ${describeDuration(dependency.timeoutMs ?? 0)}`,
    failsRun: true,
  };
}

function beginEvents(context: Context, unit: Unit): void {
  enterPhase(context, unit, 'events');
  for (const [index, wait] of unit.plan.waitFor.entries()) {
    if (wait.kind !== 'event') continue;
    const deadlineMs = wait.timeoutMs === null ? null : context.nowMs + wait.timeoutMs;
    const id = context.request(unit.name, { verb: 'wait_event', name: wait.name }, deadlineMs, {
      type: 'start_wait',
      unit: unit.name,
      index,
    });
    unit.startRequests.set(id, index);
  }
  if (unit.startRequests.size === 0) beginBarriers(context, unit);
  else reportStartWaits(context, unit);
}

function beginBarriers(context: Context, unit: Unit): void {
  enterPhase(context, unit, 'barriers');
  for (;;) {
    const wait = unit.plan.waitFor[unit.barrierIndex];
    if (wait === undefined) {
      unit.waits = [];
      context.touched.add(unit.name);
      // It comes to no barrier any more.
      context.changedActors.add(unit.name);
      context.post({ type: 'start_waits_over', unit: unit.name });
      return;
    }
    if (wait.kind === 'barrier') {
      const timeMs = waitTimeMs(context, wait);
      const deadlineMs = timeMs === null ? null : context.nowMs + timeMs;
      const id = context.request(unit.name, { verb: 'wait_barrier', name: wait.name }, deadlineMs, {
        type: 'start_wait',
        unit: unit.name,
        index: unit.barrierIndex,
      });
      unit.startRequests.set(id, unit.barrierIndex);
      reportStartWaits(context, unit);
      return;
    }
    unit.barrierIndex += 1;
  }
}

/** The broker's answer to a wait before the start. */
export function startWaitSettled(
  context: Context,
  index: ActorIndex,
  unit: Unit,
  requestId: number,
  outcome: Outcome,
): StartRefusal | null {
  const position = unit.startRequests.get(requestId);
  const wait = position === undefined ? undefined : unit.plan.waitFor[position];
  unit.startRequests.delete(requestId);
  if (wait === undefined) return null;
  switch (outcome.status) {
    case 'granted':
      if (wait.kind === 'barrier') {
        unit.barrierIndex += 1;
        beginBarriers(context, unit);
      } else if (unit.startRequests.size === 0) {
        beginBarriers(context, unit);
      } else {
        reportStartWaits(context, unit);
      }
      return null;
    case 'timed_out':
      return {
        kind: 'timed_out',
        why: `\`${wait.name}\` did not come within ${describeDuration(waitTimeMs(context, wait) ?? 0)}`,
        failsRun: true,
      };
    case 'cancelled':
      return null;
    case 'failed':
      return wait.kind === 'barrier'
        ? { kind: 'skipped', why: `the barrier \`${wait.name}\` is broken: too few parties are left`, failsRun: true }
        : { kind: 'skipped', why: `nobody who runs or starts by itself can still set \`${wait.name}\``, failsRun: !isOutcomeEvent(index, wait.name) };
  }
}

/** An event that only `sets: {success, failure}` could set: its absence is an outcome, not a fault. */
function isOutcomeEvent(index: ActorIndex, event: string): boolean {
  const setters = index.of('set', event);
  return (
    setters.length > 0 &&
    setters.every(({ by }) => by.type === 'moment' && (by.moment === 'success' || by.moment === 'failure'))
  );
}

/** Ends every wait before the start. */
export function cancelStartWaits(context: Context, unit: Unit): void {
  for (const id of unit.startRequests.keys()) context.cancelRequest(id);
  unit.startRequests.clear();
  for (let index = 0; index < unit.dependencyTimers.length; index += 1) disarmDependency(unit, index);
  unit.waits = [];
  context.touched.add(unit.name);
}

function disarmDependency(unit: Unit, index: number): void {
  const timer = unit.dependencyTimers[index];
  if (timer !== null && timer !== undefined) timer.armed = false;
  unit.dependencyTimers[index] = null;
}

function reportStartWaits(context: Context, unit: Unit): void {
  const reasons: WaitReason[] = [];
  for (const position of unit.startRequests.values()) {
    const wait = unit.plan.waitFor[position];
    if (wait !== undefined) reasons.push({ kind: wait.kind, name: wait.name, detail: null, by: [] });
  }
  waitFor(context, unit, reasons);
}

function waitFor(context: Context, unit: Unit, reasons: readonly WaitReason[]): void {
  unit.waits = reasons;
  context.touched.add(unit.name);
  context.waitsChanged = true;
}
