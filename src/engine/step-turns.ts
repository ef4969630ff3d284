/* The turns of what has no place at the primitives: a run that is held to an order does that in order as well. */
import type { Step } from '../plan/step.ts';
import type { RunDeed } from '../sync/run-deed.ts';
import type { Context } from './context.ts';
import type { MachineEnd, MachineState } from './machine-state.ts';

/** What a step does to others of the run, or to its own; null of what asks the primitives, or is nothing to anybody else. */
function deedOf(context: Context, machine: MachineState, step: Step): RunDeed | null {
  switch (step.verb) {
    case 'start':
    case 'terminate':
    case 'kill':
      return { verb: step.verb, names: step.pool ? [step.name] : step.instances };
    case 'submit':
      return { verb: 'submit', names: [step.pool] };
    case 'shutdown':
      return { verb: 'shutdown', names: [] };
    case 'exit':
      return endOf(context, machine);
    case 'close':
      return step.kind === 'pipe' ? null : { verb: 'close', names: [step.name] };
    case 'join':
      if (step.target.kind === 'queue') return null;
      return { verb: 'join', names: step.target.kind === 'pool' ? [step.target.name] : step.target.instances };
    case 'result': {
      const handle = machine.handles.get(step.handle);
      return handle === undefined ? null : { verb: 'result', names: [handle.pool] };
    }
    default:
      return null;
  }
}

/** Asks for the turn of a step; null where it has none, or its turn has come already. */
export function requestStepTurn(context: Context, machine: MachineState, step: Step, deadlineMs: number | null): number | null {
  const deed = context.options.heldBack === undefined ? null : deedOf(context, machine, step);
  return deed === null ? null : context.requestTurn(machine.instance, deed, deadlineMs, { type: 'step_turn', machine: machine.id });
}

/** The same of its end; that of one that was stopped comes when it comes. */
export function requestEndTurn(context: Context, machine: MachineState, end: MachineEnd): number | null {
  const deed = machine.mayEnd || machine.stopping ? null : endOf(context, machine);
  return deed === null ? null : context.requestTurn(machine.instance, deed, null, { type: 'end_turn', machine: machine.id, end });
}

/** The end of an instance, or of a task by which its pool may be halted; that of any other is nothing to others. */
function endOf(context: Context, { purpose }: MachineState): RunDeed | null {
  if (purpose.type === 'instance') return { verb: 'end', names: [] };
  return context.pool(purpose.pool).plan.halt === null ? null : { verb: 'end', names: [purpose.pool] };
}
