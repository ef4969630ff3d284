/* Slots of a pool in a run that is held to an order: each takes its next task when its turn to do so has come. */
import type { Outcome } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { hasTask, nextTask } from './pool-source.ts';
import { beginTask, slotName } from './task-life.ts';
import type { PoolState } from './unit-state.ts';

/** Has each slot whose turn has come take a task, and all others that are free ask for theirs while there is one. */
export function startTasksInTurn(context: Context, pool: PoolState): void {
  for (const slot of [...pool.freeSlots]) {
    if (pool.holding !== null || pool.halted !== null) return;
    if (pool.takes.get(slot) !== null) continue;
    const task = nextTask(context, pool);
    if (task === null) break;
    pool.takes.delete(slot);
    beginTask(context, pool, task, slot);
  }
  if (pool.freeSlots.length > 0 && hasTask(context, pool)) askForTurns(context, pool);
  else callOffTakes(context, pool);
}

function askForTurns(context: Context, pool: PoolState): void {
  for (const slot of pool.freeSlots) {
    if (pool.takes.has(slot)) continue;
    const id = context.requestTurn(slotName(pool, slot), { verb: 'take', names: [pool.name] }, null, { type: 'take_turn', pool: pool.name, slot });
    if (id !== null) pool.takes.set(slot, id);
  }
}

/** There is nothing to be taken any more. */
export function callOffTakes(context: Context, pool: PoolState): void {
  for (const [slot, id] of pool.takes) {
    if (id === null) continue;
    context.cancelRequest(id);
    pool.takes.delete(slot);
  }
}

/** The turn of a slot has come, unless that was called off. */
export function takeTurnCame(context: Context, pool: PoolState, slot: number, { status }: Outcome): void {
  if (status !== 'granted') return;
  pool.takes.set(slot, null);
  context.post({ type: 'fill_pool', pool: pool.name });
}
