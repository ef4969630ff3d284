import type { NamedInstance } from '../name-instances.ts';
import type { InstancePlan, PoolPlan, StdioPipePlan, WorkBody } from '../plan.ts';
import { declaredUses, plannedActions, taskDoneQueuesOf } from './actors.ts';
import type { Action } from './actors.ts';
import type { BuildContext } from './build-context.ts';
import type { FillPlace } from './fill-place.ts';
import { processSections } from './name-everything.ts';
import { buildPool } from './pools.ts';
import { buildInstances } from './processes.ts';
import type { SpecBasis } from './spec-basis.ts';
import { joinStdio, stdioJoins } from './stdio-joins.ts';

/** Everything that runs. */
export interface Works {
  readonly instances: readonly InstancePlan[];
  readonly pools: readonly PoolPlan[];
}

/** Plans all processes and pools and notes in the context who may act on what. */
export function buildWorks(
  at: FillPlace,
  basis: SpecBasis,
  named: ReadonlyMap<string, readonly NamedInstance[]>,
  workers: ReadonlyMap<string, number>,
  stdioPipes: readonly StdioPipePlan[],
): Works {
  const { context } = at;
  const { spec } = context.loaded;
  const joins = stdioJoins(context, stdioPipes);
  const instances: InstancePlan[] = [];
  for (const [section, kind] of processSections) {
    const sectionPlace = at.below(section);
    for (const [name, process] of Object.entries(spec[section])) {
      const place = sectionPlace.below(name);
      const uses = declaredUses(place.below('uses'), process.uses);
      const written = { name, kind, spec: process };
      let body: WorkBody | null = null;
      let actions: readonly Action[] = [];
      let taskDoneQueues: readonly string[] = [];
      for (const bare of buildInstances(place, written, named.get(name) ?? [], basis)) {
        // Most instances share their body, and then what it does is read off it once.
        if (bare.body !== body) {
          ({ body } = bare);
          actions = [...plannedActions(bare), ...uses.actions];
          taskDoneQueues = taskDoneQueuesOf(body, uses);
        }
        const isBare = taskDoneQueues.length === 0 && uses.holds.length === 0;
        const instance = isBare ? bare : { ...bare, taskDoneQueues, declaredHolds: uses.holds };
        instances.push(joinStdio(context, instance, process, joins));
        addActors(context, bare.name, actions);
      }
    }
  }
  const pools = Object.entries(spec.pools).map(([name, pool]) => {
    const place = at.below('pools').below(name);
    const plan = buildPool(place, name, pool, workers.get(name) ?? 1, basis);
    const uses = declaredUses(place.below('uses'), pool.uses);
    addActors(context, name, [...plannedActions(plan), ...uses.actions]);
    return { ...plan, declaredHolds: uses.holds, taskDoneQueues: taskDoneQueuesOf(plan.body, uses) };
  });
  return { instances, pools };
}

function addActors(context: BuildContext, who: string, actions: readonly Action[]): void {
  for (const action of actions) context.actors.push({ who, ...action });
}
