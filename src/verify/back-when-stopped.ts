import type { Counts } from './location.ts';
import type { Actor } from './model.ts';

/**
 * What an actor that somebody else ends has in hand, and may come back to its queue: a task that is cancelled is done (`src/engine/task-life.ts`),
 * and no other item that its steps have taken.
 */
export function backWhenStopped(actor: Actor | undefined, inHand: Counts): Counts {
  const done = actor?.doneWhenStopped;
  if (done === undefined || !inHand.has(done)) return inHand;
  const back = new Map(inHand);
  const others = (inHand.get(done) ?? 0) - 1;
  if (others > 0) back.set(done, others);
  else back.delete(done);
  return back;
}
