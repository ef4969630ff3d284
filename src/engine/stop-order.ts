import type { InstancePlan, Plan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import type { Unit } from './unit-state.ts';

/** Names of the instances and pools that wait for a moment of the key before they start. */
export function dependentsOf(plan: Plan): Map<string, string[]> {
  const dependents = new Map<string, string[]>();
  for (const unit of [...plan.instances, ...plan.pools]) {
    for (const dependency of unit.dependsOn) {
      const targets = dependency.target.type === 'pool' ? [dependency.name] : dependency.target.instances;
      for (const target of targets) {
        const list = dependents.get(target);
        if (list === undefined) dependents.set(target, [unit.name]);
        else list.push(unit.name);
      }
    }
  }
  return dependents;
}

/**
 * Whether nothing of this kind begins any more: no process, no task, no command of a step, and no other
 * attempt. Daemons serve until `finally` is over, and so they are restarted until then.
 */
export function startsNothingNew(context: Context, kind: InstancePlan['kind']): boolean {
  const { phase } = context.run;
  return phase === 'daemons' || phase === 'over' || (phase === 'stopping' && kind === 'process');
}

/** Whether this is stopped together with the processes, or later with the daemons. */
export function stageOf(unit: Unit): InstancePlan['kind'] {
  return unit.type === 'pool' ? 'process' : unit.plan.kind;
}

/** Whether it runs: something that only waits to start is stopped at once, in any order. */
export function isUnderWay(unit: Unit): boolean {
  return unit.phase === 'running' || unit.phase === 'starting';
}
