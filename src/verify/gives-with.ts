import type { Counts } from './location.ts';
import type { Settled } from './script-point.ts';

/**
 * Whether an actor gives others something on its way from one point to where it rests, of which `isSeen` tells: it drops what it holds, is
 * done with what it has in hand, sets an event, or ends. What its operation does by itself is known at the begin of that way.
 */
export function givesWith(actor: string, from: Settled, to: Settled, isSeen: (name: string) => boolean): boolean {
  const [before, after] = [from.gathered, to.gathered];
  const hasEnded = to.local.outcome !== null && from.local.outcome === null && isSeen(actor);
  return (
    hasEnded ||
    isLess(to.local.held, from.local.held, isSeen) ||
    isLess(before.done, after.done, isSeen) ||
    isLess(before.lost, after.lost, isSeen) ||
    after.sets.slice(before.sets.length).some(isSeen)
  );
}

/** Whether of something that is seen there are fewer than in the other counts. */
function isLess(counts: Counts, others: Counts, isSeen: (name: string) => boolean): boolean {
  for (const [name, count] of others) if (isSeen(name) && (counts.get(name) ?? 0) < count) return true;
  return false;
}
