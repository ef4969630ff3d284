import type { ActorGraph } from './find-locations.ts';
import type { Choice } from './location.ts';
import { lacksOf } from './lacking-permits.ts';
import { mayNeverCome } from './may-never-come.ts';
import { isMiss } from './misses.ts';
import { robbedAt } from './robbed-at.ts';

/** What of an actor's own choices is up to nobody else. */
const free: ReadonlySet<Choice['act']['do']> = new Set(['nothing', 'release', 'set', 'clear', 'item_done', 'close', 'reach', 'wait_notified', 'notify', 'stop', 'time_out']);

/**
 * From which locations an actor can be brought to leave, whatever comes of its waits, as long as none of them is for ever: by a
 * choice of its own that leads there, or since every way out of a wait does. `isFinite` tells of ways that are gone so often only.
 */
export function leavesForCertain(graph: ActorGraph, isLeft: (at: number) => boolean, leavesBy: (choice: Choice) => boolean, isFinite: (choice: Choice) => boolean): readonly boolean[] {
  const { locations } = graph;
  const leaves = locations.map((_, at) => isLeft(at));
  const goesOut = (choice: Choice): boolean => leavesBy(choice) || leaves[choice.target] === true;
  for (let grew = true; grew; ) {
    grew = false;
    for (const [at, { choices }] of locations.entries()) {
      if (leaves[at] === true) continue;
      const waits = choices.filter((choice) => !isFinite(choice));
      const isOut = choices.some((choice) => isFree(choice, choices) && goesOut(choice)) || (waits.length > 0 && waits.every((choice) => !isFree(choice, choices) && goesOut(choice)));
      if (!isOut || robbedAt(graph, at).some((target) => leaves[target] !== true)) continue;
      leaves[at] = true;
      grew = true;
    }
  }
  return leaves;
}

/** What one gives back without having it may be refused, nobody waits in vain for what is always there, nor at a condition once it is known that nobody notifies it; and some ways may never be gone. */
export function isFree(choice: Choice, choices: readonly Choice[]): boolean {
  const { act } = choice;
  if (act.do === 'wait_notified' && act.runsItsTime !== true) return false;
  return free.has(act.do) && lacksOf(act).length === 0 && !isMiss(act) && !mayNeverCome(choice, choices);
}
