import type { Json } from '../base/json.ts';
import type { Context } from './context.ts';
import { stopView } from './stop-view.ts';
import type { InstanceState, Unit } from './unit-state.ts';

/** The pool, the instance, or all instances of the process of that name; none where there is none. */
export function unitsNamed(context: Context, name: string): readonly Unit[] {
  const unit = context.pools.get(name) ?? context.instances.get(name);
  return unit === undefined ? context.instancesOfProcess(name) : [unit];
}

/** Every instance as `process ls` tells it, in the order of the plan. */
export function processList(context: Context): readonly Json[] {
  return [...context.instances.values()].map((state) => processView(context, state));
}

/** One instance of it. */
export function processView(context: Context, state: InstanceState): Readonly<Record<string, Json>> {
  return {
    name: state.name,
    process: state.plan.process,
    kind: state.plan.kind,
    state: stopView(context, state) === null ? stateOf(state) : 'stopping',
    pid: state.phase === 'running' ? state.pid : null,
    exitcode: state.end?.exitcode ?? null,
    is_alive: state.phase === 'running' || state.phase === 'starting',
  };
}

/** How it ended, or where it stands: `waiting` for whatever comes before its start. */
function stateOf(state: InstanceState): string {
  if (state.end !== null) return state.end.state;
  switch (state.phase) {
    case 'dependencies':
    case 'events':
    case 'barriers':
    case 'holds':
      return 'waiting';
    case 'running':
      return state.isReady && state.plan.readinessProbe !== null ? 'ready' : 'running';
    default:
      return state.phase;
  }
}
