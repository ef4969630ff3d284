import { type ActorIndex, canStillAct } from './can-act.ts';
import type { Context } from './context.ts';
import { dependencyStatus, unitsOf } from './moments.ts';
import type { Unit } from './unit-state.ts';

/** What is asked of those whose waits are looked at. */
interface Known {
  readonly context: Context;
  readonly index: ActorIndex;
  /** It goes on, or somebody who goes on may start it. */
  readonly mayRun: (unit: string) => boolean;
}

/**
 * Whether a unit that waits before its start may yet be refused, and so be over, whatever else it waits for in vain: one of those whom it
 * waits for goes on, and may end without having brought what it was to bring. A daemon goes on until all others have ended.
 */
export function mayBeRefused(unit: Unit, { context, index, mayRun }: Known): boolean {
  const maySoonEnd = (name: string): boolean => context.instances.get(name)?.plan.kind !== 'daemon' && mayRun(name);
  if (unit.phase === 'dependencies') {
    return unit.plan.dependsOn.some(
      (dependency) =>
        unitsOf(context, dependency).some(({ name, end }) => end === null && maySoonEnd(name)) && dependencyStatus(context, index, dependency) === 'pending',
    );
  }
  if (unit.phase !== 'events') return false;
  return [...unit.startRequests.keys()].some((id) => {
    const request = context.requests.get(id);
    if (request?.verb !== 'wait_event' || context.options.heldBack?.holds(id) === true) return false;
    const setters = index.of('set', request.names[0] ?? '').filter((actor) => canStillAct(context, index, actor));
    // As long as a daemon may set it, it is not given up.
    return setters.length > 0 && setters.every(({ who }) => context.instances.get(who)?.plan.kind !== 'daemon') && setters.some(({ who }) => maySoonEnd(who));
  });
}
