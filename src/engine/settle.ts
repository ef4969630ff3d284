import { unreachable } from '../base/invariant.ts';
import type { SyncEvent } from '../sync/operation.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import { holdsSettled, refuseStart } from './instance-life.ts';
import { refusePool } from './pool-life.ts';
import { recordSettled } from './pool-results.ts';
import { taskSourceSettled } from './pool-source.ts';
import { startWaitSettled } from './start-waits.ts';
import { endTurnCame, stepSettled, stepTurnCame } from './step-outcome.ts';
import { unblock } from './step-machine.ts';
import { inputSettled, outputSettled } from './stream-queues.ts';
import { takeTurnCame } from './take-turns.ts';
import { taskHoldsSettled } from './task-life.ts';
import { putBackSettled } from './token-moves.ts';
import { callSettled, callTurnCame } from './worker-call.ts';

/** Hands what the broker said to whoever had asked. */
export function settle(context: Context, index: ActorIndex, event: SyncEvent): void {
  switch (event.type) {
    case 'items_dropped': {
      const { count, queue, instance } = event;
      const message = `\`${instance}\` ended with ${count} ${count === 1 ? 'item' : 'items'} of \`${queue}\` in hand: dropped`;
      context.report({ type: 'warning', code: 'MP842', message, instance });
      return;
    }
    case 'foreign_release': {
      const { permits } = event;
      const released = permits === 1 ? 'a permit' : `${permits} permits`;
      const message = `\`${event.instance}\` released ${released} of \`${event.semaphore}\` that \`${event.from}\` held`;
      context.report({ type: 'warning', code: 'MP843', message, instance: event.instance });
      context.holdings.released(event.from, [{ name: event.semaphore, permits }]);
      return;
    }
    case 'reclaimed_free':
      context.holdings.releasedBy(event.owner, { name: event.lock, permits: 1 });
      return;
    case 'pipe_ended':
      context.effect({ type: 'pipe_ended', pipe: event.pipe, instance: event.instance });
      return;
    case 'recall':
      context.effect({ type: 'recall', queue: event.queue, owner: event.owner });
      return;
    case 'settled':
      settled(context, index, event);
      return;
    default:
      unreachable(event);
  }
}

function settled(context: Context, index: ActorIndex, event: Extract<SyncEvent, { type: 'settled' }>): void {
  const { requestId, outcome } = event;
  const request = context.takeRequest(requestId);
  if (request === undefined) return;
  const { purpose } = request;
  switch (purpose.type) {
    case 'start_wait': {
      const unit = context.unit(purpose.unit);
      const refusal = startWaitSettled(context, index, unit, requestId, outcome);
      if (refusal === null) return;
      if (unit.type === 'pool') refusePool(context, unit, refusal);
      else refuseStart(context, unit, refusal);
      return;
    }
    case 'start_holds':
      holdsSettled(context, context.instance(purpose.instance), outcome);
      return;
    case 'step':
    case 'step_slot': {
      const machine = context.machines.get(purpose.machine);
      if (machine === undefined) return;
      if (purpose.type === 'step_slot' && outcome.status === 'granted') {
        context.holdings.granted(machine.instance, request.holds);
      }
      stepSettled(context, machine, requestId, outcome);
      context.post({ type: 'advance', machine: machine.id });
      return;
    }
    case 'step_turn':
    case 'end_turn': {
      const machine = context.machines.get(purpose.machine);
      if (machine === undefined) return;
      if (purpose.type === 'step_turn') stepTurnCame(context, machine, requestId, outcome);
      else if (outcome.status === 'granted') endTurnCame(context, machine, requestId, purpose.end);
      context.post({ type: 'advance', machine: machine.id });
      return;
    }
    case 'call_turn':
      callTurnCame(context, index, purpose.call, outcome);
      return;
    case 'take_turn':
      takeTurnCame(context, context.pool(purpose.pool), purpose.slot, outcome);
      return;
    case 'cleanup': {
      const machine = context.machines.get(purpose.machine);
      if (machine?.blocked?.type !== 'cleanup') return;
      context.holdings.released(machine.instance, request.holds);
      for (const { name } of request.holds) machine.tokens.delete(name);
      unblock(machine);
      context.post({ type: 'advance', machine: machine.id });
      return;
    }
    case 'input':
      inputSettled(context, purpose.key, outcome);
      return;
    case 'output':
      outputSettled(context, purpose.key, outcome);
      return;
    case 'task_source': {
      const pool = context.pool(purpose.pool);
      taskSourceSettled(context, pool, outcome);
      context.post({ type: 'fill_pool', pool: pool.name });
      return;
    }
    case 'task_holds': {
      const pool = context.pool(purpose.pool);
      const task = pool.tasks.get(purpose.task);
      if (task !== undefined) taskHoldsSettled(context, pool, task, outcome);
      return;
    }
    case 'record':
      recordSettled(context, context.pool(purpose.pool), outcome);
      return;
    case 'put_back_token':
      putBackSettled(context, purpose.jobserver, outcome);
      return;
    case 'call':
      callSettled(context, purpose.call, purpose, outcome);
      return;
    case 'exit_turn':
    case 'none':
      // The step slot that was granted after its machine had been stopped goes back with its owner.
      return;
    default:
      unreachable(purpose);
  }
}
