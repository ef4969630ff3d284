/* The turns of what has no place at the primitives: a run that is held to an order does that in order as well. */
import type { Step } from '../plan/step.ts';
import type { RunDeed } from '../sync/run-deed.ts';
import type { Context } from './context.ts';
import type { MachineEnd, MachineState } from './machine-state.ts';

/** What a step does to others of the run, or to its own; null of what asks the primitives, or is nothing to anybody else. */
function deedOf(machine: MachineState, step: Step): RunDeed | null {
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
      return machine.purpose.type === 'instance' ? { verb: 'end', names: [] } : null;
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
  const deed = context.options.heldBack === undefined ? null : deedOf(machine, step);
  return deed === null ? null : context.requestTurn(machine.instance, deed, deadlineMs, { type: 'step_turn', machine: machine.id });
}

/** The same of the end of an instance; that of a task, and one that was stopped, comes when it comes. */
export function requestEndTurn(context: Context, machine: MachineState, end: MachineEnd): number | null {
  if (machine.mayEnd || machine.stopping || machine.purpose.type !== 'instance') return null;
  return context.requestTurn(machine.instance, { verb: 'end', names: [] }, null, { type: 'end_turn', machine: machine.id, end });
}
