import type { Json } from '../base/json.ts';
import type { ActorIndex } from './can-act.ts';
import type { Step } from '../plan/step.ts';
import type { Context } from './context.ts';
import type { MachineState, SubmitHandle } from './machine-state.ts';
import { neverStarts } from './moments.ts';
import { completeStep, currentStep, failStep } from './step-machine.ts';

/** Looks at every machine that waits for a join, a result or a start; true when one goes on. */
export function watchJoins(context: Context, index: ActorIndex): boolean {
  let goesOn = false;
  for (const id of context.watching) {
    const machine = context.machines.get(id);
    if (machine === undefined || machine.blocked === null) {
      context.watching.delete(id);
      continue;
    }
    if (!settleWait(context, index, machine)) continue;
    context.watching.delete(id);
    context.post({ type: 'advance', machine: id });
    goesOn = true;
  }
  return goesOn;
}

function settleWait(context: Context, index: ActorIndex, machine: MachineState): boolean {
  const step = currentStep(machine);
  const { blocked } = machine;
  if (step === null || blocked === null) return false;
  switch (blocked.type) {
    case 'join': {
      const never = blocked.instances.find((name) => neverStarts(context, index, context.unit(name)));
      if (never !== undefined) return cannotCome(context, machine, step, whyNever(`\`${never}\``));
      if (blocked.instances.some((name) => context.unit(name).end === null)) return false;
      completeStep(context, machine, step, true);
      return true;
    }
    case 'join_pool':
      if (neverStarts(context, index, context.pool(blocked.pool))) return cannotCome(context, machine, step, whyNever(`the pool \`${blocked.pool}\``));
      if (context.pool(blocked.pool).end === null) return false;
      completeStep(context, machine, step, true);
      return true;
    case 'result':
      return settleResult(context, index, machine, blocked.handle);
    case 'started': {
      const names = blocked.pool === null ? blocked.instances : [blocked.pool];
      const isStopping = context.run.phase !== 'main' && context.run.phase !== 'finally';
      if (isStopping && names.some((name) => context.unit(name).phase === 'idle')) {
        failStep(context, machine, step, 'the run is being stopped');
        return true;
      }
      if (names.some((name) => ['idle', 'starting'].includes(context.unit(name).phase))) return false;
      completeStep(context, machine, step, true);
      return true;
    }
    default:
      return false;
  }
}

/** A wait that can no longer come true fails at once; one that goes on after its time anyway just runs its time (semantics 4). */
function cannotCome(context: Context, machine: MachineState, step: Step, why: string): boolean {
  if (machine.timer !== null && step.onTimeout.type === 'continue') return false;
  failStep(context, machine, step, why);
  return true;
}

function whyNever(who: string): string {
  return `${who} was never started, and nobody who runs or starts by itself can still start it`;
}

function settleResult(context: Context, index: ActorIndex, machine: MachineState, handle: SubmitHandle): boolean {
  const step = currentStep(machine);
  if (step === null) return false;
  const pool = context.pool(handle.pool);
  // Where nothing was submitted there is nothing to wait for.
  if (handle.tasks.length > 0 && neverStarts(context, index, pool)) return cannotCome(context, machine, step, whyNever(`the pool \`${pool.name}\``));
  const values: Json[] = [];
  for (const number of handle.tasks) {
    const task = pool.submitted.get(number);
    if (task === null || task === undefined) return false;
    if (task.fate !== 'succeeded') {
      failStep(context, machine, step, `${task.name} of \`${handle.pool}\` did not succeed (${task.fate}): ${task.why}`);
      return true;
    }
    values.push(task.value);
  }
  completeStep(context, machine, step, handle.many ? values : (values[0] ?? null));
  return true;
}
