import type { Context } from './context.ts';
import type { MachineState } from './machine-state.ts';
import type { Scope } from './scope.ts';

/** The names that a step of this machine may use. */
export function machineScope(context: Context, machine: MachineState): Scope {
  if (machine.purpose.type === 'instance') return { vars: machine.vars, item: undefined };
  const task = context.pools.get(machine.purpose.pool)?.tasks.get(machine.purpose.task);
  return { vars: machine.vars, item: task?.item };
}
