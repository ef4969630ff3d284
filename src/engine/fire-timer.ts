import { unreachable } from '../base/invariant.ts';
import type { Context } from './context.ts';
import { attemptTimedOut, backoffOver, refuseStart } from './instance-life.ts';
import { progressDue, refusePool } from './pool-life.ts';
import { graceOver } from './process-life.ts';
import { probeTimerFired } from './probes.ts';
import { budgetOver, finallyTimedOut, runTimedOut } from './run-life.ts';
import { dependencyTimedOut } from './start-waits.ts';
import { completeStep, currentStep, unblock } from './step-machine.ts';
import { stepTimerFired } from './step-outcome.ts';
import { taskBackoffOver, taskTimedOut } from './task-life.ts';
import { callTimedOut } from './worker-call.ts';
import { workerGraceOver } from './worker-life.ts';
import { workerOf, workerTimeoutDue } from './worker-tasks.ts';
import type { TimerPurpose } from './timer-purpose.ts';

/** A timer is due: hands it to whom it belongs. */
export function fireTimer(context: Context, purpose: Exclude<TimerPurpose, { type: 'deadlock_check' | 'retell_waits' }>): void {
  switch (purpose.type) {
    case 'dependency_timeout': {
      const unit = context.unit(purpose.unit);
      const refusal = dependencyTimedOut(unit, purpose.index);
      if (refusal === null) return;
      if (unit.type === 'pool') refusePool(context, unit, refusal);
      else refuseStart(context, unit, refusal);
      return;
    }
    case 'attempt_timeout':
      attemptTimedOut(context, context.instance(purpose.instance));
      return;
    case 'task_timeout': {
      const pool = context.pool(purpose.pool);
      const task = pool.tasks.get(purpose.task);
      if (task !== undefined) taskTimedOut(context, pool, task);
      return;
    }
    case 'step_timeout': {
      const machine = context.machines.get(purpose.machine);
      if (machine === undefined) return;
      stepTimerFired(context, machine);
      context.post({ type: 'advance', machine: machine.id });
      return;
    }
    case 'sleep': {
      const machine = context.machines.get(purpose.machine);
      const step = machine === undefined ? null : currentStep(machine);
      if (machine === undefined || step === null || machine.blocked?.type !== 'sleep') return;
      completeStep(context, machine, step, true);
      context.post({ type: 'advance', machine: machine.id });
      return;
    }
    case 'continue_machine': {
      const machine = context.machines.get(purpose.machine);
      if (machine?.blocked?.type !== 'yield') return;
      unblock(machine);
      context.post({ type: 'advance', machine: machine.id });
      return;
    }
    case 'backoff':
      backoffOver(context, context.instance(purpose.instance));
      return;
    case 'task_backoff': {
      const pool = context.pool(purpose.pool);
      const task = pool.tasks.get(purpose.task);
      if (task !== undefined) taskBackoffOver(context, pool, task);
      return;
    }
    case 'worker_timeout': {
      const pool = context.pool(purpose.pool);
      const worker = workerOf(pool, purpose.slot);
      if (worker !== undefined) workerTimeoutDue(context, pool, worker);
      return;
    }
    case 'worker_grace': {
      const pool = context.pool(purpose.pool);
      const worker = workerOf(pool, purpose.slot);
      if (worker !== undefined) workerGraceOver(context, pool, worker, purpose.key);
      return;
    }
    case 'pool_progress':
      progressDue(context, context.pool(purpose.pool));
      return;
    case 'grace':
      graceOver(context, purpose.key);
      return;
    case 'probe':
      probeTimerFired(context, context.instance(purpose.instance), purpose.kind);
      return;
    case 'call_timeout':
      callTimedOut(context, purpose.call);
      return;
    case 'stop_budget':
      budgetOver(context);
      return;
    case 'finally_timeout': {
      const unit = context.unit(purpose.unit);
      if (unit.phase !== 'ended') finallyTimedOut(context, unit);
      return;
    }
    case 'run_timeout':
      runTimedOut(context);
      return;
    default:
      unreachable(purpose);
  }
}
