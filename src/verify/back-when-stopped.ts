import type { Counts } from './location.ts';
import type { Actor } from './model.ts';

/** What an actor that somebody else ends has in hand, and may come back to its queue: a task that is cancelled is done (`src/engine/task-life.ts`). */
export function backWhenStopped(actor: Actor | undefined, inHand: Counts): Counts {
  return actor?.doneWhenStopped === undefined ? inHand : new Map([...inHand].filter(([queue]) => queue !== actor.doneWhenStopped));
}
