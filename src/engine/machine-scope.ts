import type { Context } from './context.ts';
import type { MachineState } from './machine-state.ts';
import { emptyScope, type Scope } from './scope.ts';

/** The names that a step of this machine may use. */
export function machineScope(context: Context, machine: MachineState): Scope {
  const { vars, tokens } = machine;
  if (machine.purpose.type === 'instance') return { ...emptyScope, vars, tokens };
  const task = context.pools.get(machine.purpose.pool)?.tasks.get(machine.purpose.task);
  return { ...emptyScope, vars, tokens, item: task?.item };
}
