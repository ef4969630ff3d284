import type { Json } from '../base/json.ts';
import type { Step } from '../plan/step.ts';
import type { WorkPlan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { lineItem } from './line-item.ts';
import type { MachineState } from './machine-state.ts';
import { machineScope } from './machine-scope.ts';
import { renderText } from './scope.ts';
import { outputTarget } from './spawn-order.ts';
import { block, completeStep, currentStep, failStep } from './step-machine.ts';

/** What the steps of this machine have for their surroundings: the instance, or the pool of the task. */
export function workOfMachine(context: Context, machine: MachineState): WorkPlan {
  return machine.purpose.type === 'instance'
    ? context.instance(machine.purpose.instance).plan
    : context.pool(machine.purpose.pool).plan;
}

/** Writes a line to where the standard output of the process goes. */
export function printStep(context: Context, machine: MachineState, step: Extract<Step, { verb: 'print' }>): void {
  const scope = machineScope(context, machine);
  const text = renderText(context, scope, step.text);
  if (!text.ok) {
    failStep(context, machine, step, text.error);
    return;
  }
  const work = workOfMachine(context, machine);
  if (machine.purpose.type === 'task') machine.output.push(text.value);
  if (work.stdout.type === 'queue') {
    const item = lineItem(work.stdout, text.value);
    if (item.ok) putLine(context, machine, work.stdout.queue, item.value);
    else failStep(context, machine, step, item.error);
    return;
  }
  const target = outputTarget(context, scope, work.stdout);
  if (!target.ok) {
    failStep(context, machine, step, target.error);
    return;
  }
  // Whether it is in its file is known only once it has been tried.
  const isAwaited = target.value.type === 'file';
  context.effect({
    type: 'print',
    instance: machine.instance,
    target: target.value,
    workingDir: work.workingDir,
    text: text.value,
    machine: isAwaited ? machine.id : null,
  });
  if (isAwaited) machine.blocked = { type: 'print' };
  else completeStep(context, machine, step, true);
}

/** The line of a machine is in its file, or it cannot be and the step has failed. */
export function printed(context: Context, id: string, failure: string | null): void {
  const machine = context.machines.get(id);
  const step = machine === undefined ? null : currentStep(machine);
  if (machine?.blocked?.type !== 'print' || step === null) return;
  if (failure === null) completeStep(context, machine, step, true);
  else failStep(context, machine, step, failure);
  context.post({ type: 'advance', machine: id });
}

function putLine(context: Context, machine: MachineState, queue: string, item: Json): void {
  const requestId = context.request(machine.instance, { verb: 'put', name: queue, item, priority: 0 }, null, {
    type: 'step',
    machine: machine.id,
  });
  block(context, machine, { type: 'request', requestId }, [{ kind: 'queue', name: queue, detail: 'put', by: [] }]);
}
