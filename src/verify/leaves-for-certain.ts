import type { ActorGraph } from './find-locations.ts';
import type { Choice } from './location.ts';

/** What of an actor's own choices is up to nobody else. */
const free: ReadonlySet<Choice['act']['do']> = new Set(['nothing', 'release', 'set', 'clear', 'item_done', 'close', 'reach', 'wait_notified', 'notify', 'stop', 'time_out']);

/**
 * From which locations an actor can be brought to leave, whatever comes of its waits, as long as none of them is for ever: by a
 * choice of its own that leads there, or since every way out of a wait does. `isFinite` tells of ways that are gone so often only.
 */
export function leavesForCertain({ locations }: ActorGraph, isLeft: (at: number) => boolean, leavesBy: (choice: Choice) => boolean, isFinite: (choice: Choice) => boolean): readonly boolean[] {
  const leaves = locations.map((_, at) => isLeft(at));
  const goesOut = (choice: Choice): boolean => leavesBy(choice) || leaves[choice.target] === true;
  for (let grew = true; grew; ) {
    grew = false;
    for (const [at, { choices }] of locations.entries()) {
      if (leaves[at] === true) continue;
      const waits = choices.filter((choice) => !isFinite(choice));
      const isOut = choices.some((choice) => free.has(choice.act.do) && goesOut(choice)) || (waits.length > 0 && waits.every((choice) => !free.has(choice.act.do) && goesOut(choice)));
      if (!isOut) continue;
      leaves[at] = true;
      grew = true;
    }
  }
  return leaves;
}
