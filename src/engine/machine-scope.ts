import { ok, type Result } from '../base/result.ts';
import type { EnvironmentLayer } from '../plan/command.ts';
import type { Context } from './context.ts';
import type { MachineState } from './machine-state.ts';
import { emptyScope, type Scope } from './scope.ts';
import { instanceEnvironment, later, type Overlay, taskEnvironment } from './spawn-order.ts';

/** The names that a step of this machine may use. */
export function machineScope(context: Context, machine: MachineState): Scope {
  const environment = later(() => {
    const seen = machineEnvironment(context, machine, null);
    return seen.ok ? seen.value : [];
  });
  return { ...withoutEnvironment(context, machine), environment };
}

/** The environment of a command of this machine, `extra` being a step's own. */
export function machineEnvironment(context: Context, machine: MachineState, extra: EnvironmentLayer | null): Result<Overlay, string> {
  const scope = withoutEnvironment(context, machine);
  const { purpose } = machine;
  if (purpose.type === 'instance') return instanceEnvironment(context, context.instance(purpose.instance), scope, extra);
  const pool = context.pool(purpose.pool);
  const task = pool.tasks.get(purpose.task);
  return task === undefined ? ok([]) : taskEnvironment(context, pool.plan, task, scope, extra);
}

function withoutEnvironment(context: Context, { vars, tokens, purpose }: MachineState): Scope {
  if (purpose.type === 'instance') return { ...emptyScope, vars, tokens };
  const task = context.pools.get(purpose.pool)?.tasks.get(purpose.task);
  return { ...emptyScope, vars, tokens, item: task?.item };
}
