/* Commands that have ended before the turn of that: what is told of their ends is kept until then. */
import type { SyncEvent } from '../sync/operation.ts';
import type { Context } from './context.ts';
import type { EngineEvent, ProcessKey } from './engine-event.ts';
import type { InstanceState } from './unit-state.ts';

/** Whether this is to be heard only later. */
export function isHeldUntilItsTurn(context: Context, event: EngineEvent): boolean {
  if (context.options.heldBack === undefined) return false;
  if (event.type !== 'exited' && event.type !== 'group_gone' && event.type !== 'drained') return false;
  const held = context.heldExits.get(event.key);
  if (held !== undefined) {
    held.events.push(event);
    return true;
  }
  const process = context.processes.get(event.key);
  // What is left of its group is ended at once.
  if (event.type !== 'exited' || event.groupIsAlive || process?.purpose.type !== 'main' || process.stopping !== null || hasLines(context.instance(process.instance))) return false;
  const requestId = context.requestTurn(process.instance, { verb: 'end', names: [] }, null, { type: 'exit_turn', key: event.key });
  if (requestId === null) return false;
  context.heldExits.set(event.key, { requestId, events: [event] });
  return true;
}

/** Lines that are handed to it, or that it has written, are nothing that waits. */
function hasLines({ plan: { stdin, stdout, stderr } }: InstanceState): boolean {
  return [stdin, stdout, stderr].some(({ type }) => type === 'queue');
}

/** What is to be heard now that this was answered: its turn has come, or nobody waits for it any more. */
export function heardAtLast(context: Context, event: SyncEvent): readonly EngineEvent[] {
  const request = event.type === 'settled' ? context.requests.get(event.requestId) : undefined;
  if (request?.purpose.type !== 'exit_turn') return [];
  const { key } = request.purpose;
  const events = context.heldExits.get(key)?.events ?? [];
  context.heldExits.delete(key);
  return events;
}

/** Somebody ends it meanwhile: the turn of its own end is no longer waited for. False of whatever has not ended. */
export function letExit(context: Context, key: ProcessKey): boolean {
  const held = context.heldExits.get(key);
  if (held !== undefined) context.withdrawRequest(held.requestId);
  return held !== undefined;
}
