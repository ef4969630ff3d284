import type { Broker } from '../broker/broker.ts';
import type { Answer } from '../engine/caller.ts';
import type { Engine } from '../engine/engine.ts';
import type { CallEvent } from '../engine/engine-event.ts';
import { askNow } from './ask-now.ts';

/**
 * Asks the primitives on behalf of a call, where that is all it needs: most calls wait for nothing, and
 * their answers need none of the engine's messages and effects. Gives the answer, or what is left of the
 * call for the engine to handle.
 */
export function attemptCall(engine: Engine, broker: Broker, event: CallEvent, nowMs: number): Answer | CallEvent {
  const { caller, call } = event;
  const operation = engine.attempt(caller, call, nowMs);
  if (operation === null) return event;
  const outcome = askNow(broker, caller, operation, nowMs);
  if (outcome === null) return event;
  const answer = engine.attempted(caller, call, operation, outcome);
  return typeof answer === 'number' ? { ...event, progress: answer } : answer;
}
