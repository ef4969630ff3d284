import { walkSteps } from '../plan/walk-steps.ts';
import { type ActorIndex, canStillAct, type EngineActor } from './can-act.ts';
import type { Context } from './context.ts';
import { dependencyStatus, unitsOf } from './moments.ts';
import type { Unit } from './unit-state.ts';

/** What is asked of those whose waits are looked at. */
export interface Known {
  readonly context: Context;
  readonly index: ActorIndex;
  /** It goes on, or somebody who goes on may start it. */
  readonly mayRun: (unit: string) => boolean;
}

/** Whether it goes on and ends some time: a daemon does so when all others have ended, but for one whose steps come to their end. */
export function maySoonEnd({ context, mayRun }: Known, name: string): boolean {
  return !isLasting(context, name) && mayRun(name);
}

function isLasting(context: Context, name: string): boolean {
  const plan = context.instances.get(name)?.plan;
  if (plan?.kind !== 'daemon') return false;
  return plan.body.type !== 'steps' || [...walkSteps(plan.body.steps)].some((step) => step.verb === 'each' || (step.verb === 'repeat' && step.rounds === 'forever'));
}

/**
 * Whether a unit that waits before its start may yet be refused, and so be over, whatever else it waits for in vain: one of those whom it
 * waits for goes on, and may end without having brought what it was to bring.
 */
export function mayBeRefused(unit: Unit, known: Known): boolean {
  const { context, index } = known;
  if (unit.phase === 'dependencies') {
    return unit.plan.dependsOn.some(
      (dependency) =>
        unitsOf(context, dependency).some(({ name, end }) => end === null && maySoonEnd(known, name)) && dependencyStatus(context, index, dependency) === 'pending',
    );
  }
  if (unit.phase !== 'events') return false;
  return [...unit.startRequests.keys()].some((id) => {
    const request = context.requests.get(id);
    if (request?.verb !== 'wait_event' || context.options.heldBack?.holds(id) === true) return false;
    const setters = index.of('set', request.names[0] ?? '').filter((actor) => canStillAct(context, index, actor));
    // As long as a daemon may set it, it is not given up.
    return setters.length > 0 && !setters.some(({ who }) => isLasting(context, who)) && setters.some(({ who }) => maySoonEnd(known, who));
  });
}

/** Whether somebody who goes on may end it by a step, or by a program that may start it: that sets free whatever it holds. */
export function mayBeStopped(name: string, { context, index, mayRun }: Known): boolean {
  const isLive = (actor: EngineActor): boolean => mayRun(actor.who) && canStillAct(context, index, actor);
  return index.of('stop', name).some(isLive) || index.of('start', name).some((actor) => actor.by.type === 'uses' && isLive(actor));
}
