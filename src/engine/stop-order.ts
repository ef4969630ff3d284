import type { InstancePlan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import type { Unit } from './unit-state.ts';

/**
 * Whether nothing of this kind begins any more: no process, no task, no command of a step, and no other
 * attempt. Daemons serve until `finally` is over, and so they are restarted until then.
 */
export function startsNothingNew(context: Context, kind: InstancePlan['kind']): boolean {
  const { phase } = context.run;
  return phase === 'daemons' || phase === 'over' || (phase === 'stopping' && kind === 'process');
}

/** Whether nobody can have anything started: the run is being stopped, or a second signal has ended its `finally` too. */
export function startsNothingAsked({ run: { phase, signals } }: Context): boolean {
  return (phase !== 'main' && phase !== 'finally') || signals > 1;
}

/** Whether this is stopped together with the processes, or later with the daemons. */
export function stageOf(unit: Unit): InstancePlan['kind'] {
  return unit.type === 'pool' ? 'process' : unit.plan.kind;
}

/** Whether it runs: something that only waits to start is stopped at once, in any order. */
export function isUnderWay(unit: Unit): boolean {
  return unit.phase === 'running' || unit.phase === 'starting';
}
