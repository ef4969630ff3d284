/* The `run` step: one command, with a slot of `max_parallel` and a token of a jobserver around it. */
import type { InstancePlan, PoolPlan } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import type { Demand } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { holdReasons } from './hold-reasons.ts';
import { machineEnvironment, machineScope } from './machine-scope.ts';
import type { MachineState } from './machine-state.ts';
import { defaultMaxLineBytes, startProcess } from './process-life.ts';
import { withCommandLimits } from './release-holds.ts';
import { completeCommand } from './spawn-order.ts';
import { block, failStep } from './step-machine.ts';
import { workOfMachine } from './step-print.ts';
import { startsNothingNew } from './stop-order.ts';

type RunStep = Extract<Step, { verb: 'run' }>;

/** Begins a `run` step: first its slot and its token, where commands are limited. */
export function startRunStep(context: Context, machine: MachineState, step: RunStep): void {
  const demands = limitsOf(context, machine);
  if (demands.length === 0) {
    spawnRunStep(context, machine, step);
    return;
  }
  const requestId = context.request(machine.instance, { verb: 'acquire', demands }, null, {
    type: 'step_slot',
    machine: machine.id,
  });
  block(context, machine, { type: 'request', requestId }, holdReasons(context, demands));
}

/** What limits commands; none for daemons. */
function limitsOf(context: Context, machine: MachineState): readonly Demand[] {
  return kindOf(context, machine) === 'daemon' ? [] : withCommandLimits(context, [], poolOf(context, machine));
}

function poolOf(context: Context, { purpose }: MachineState): PoolPlan | null {
  return purpose.type === 'task' ? context.pool(purpose.pool).plan : null;
}

function kindOf(context: Context, machine: MachineState): InstancePlan['kind'] {
  return machine.purpose.type === 'task' ? 'process' : context.instance(machine.purpose.instance).plan.kind;
}

/** Orders the command of a `run` step. */
export function spawnRunStep(context: Context, machine: MachineState, step: RunStep): void {
  if (startsNothingNew(context, kindOf(context, machine))) {
    // Those that need it are being stopped before it; it ends here instead of at its own turn.
    releaseRunSlot(context, machine);
    machine.stopping = true;
    return;
  }
  const scope = machineScope(context, machine);
  const work = workOfMachine(context, machine);
  const command = completeCommand(context, scope, step.command, machineEnvironment(context, machine, step.environment), work);
  if (!command.ok) {
    releaseRunSlot(context, machine);
    failStep(context, machine, step, command.error);
    return;
  }
  const { argv, environment, stdin, stdout, stderr } = command.value;
  const key = startProcess(
    context,
    {
      instance: machine.instance,
      argv,
      workingDir: step.workingDir ?? work.workingDir,
      environment,
      stdin: stdin.type === 'lines' || stdin.type === 'pipe' ? { type: 'null' } : stdin,
      stdout: step.as === null ? stdout : { type: 'capture' },
      stderr,
      collect: machine.purpose.type === 'task' && step.as === null,
      jobserver: context.jobservers.offeredBy(poolOf(context, machine)),
      tty: false,
      slot: false,
      maxLineBytes: lineLimit(context, machine),
    },
    { type: 'step', machine: machine.id },
    { ...work.stop, command: null },
  );
  if (step.timeoutMs !== null) {
    machine.timer = context.timers.arm(context.nowMs + step.timeoutMs, { type: 'step_timeout', machine: machine.id });
  }
  block(context, machine, { type: 'process', key }, []);
}

/** Gives slot and token back. */
export function releaseRunSlot(context: Context, machine: MachineState): void {
  const demands = limitsOf(context, machine);
  if (demands.length === 0) return;
  context.holdings.released(machine.instance, demands);
  context.tell(machine.instance, { verb: 'release', demands });
}

function lineLimit(context: Context, machine: MachineState): number {
  if (machine.purpose.type === 'task') return defaultMaxLineBytes;
  const plan: InstancePlan = context.instance(machine.purpose.instance).plan;
  return plan.log.maxLineBytes;
}
