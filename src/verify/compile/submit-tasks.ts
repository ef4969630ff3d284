import type { Step } from '../../plan/step.ts';
import type { Script } from '../model.ts';
import { firstOf } from '../script-words.ts';

/** More at once are counted one by one. */
const mostAtOnce = 16;

/** Submits several tasks at once, unless the pool takes none any more; null where it is one, or nobody knows how many. */
export function submitsAll({ itemList, items, place }: Extract<Step, { verb: 'submit' }>, queue: string): Script | null {
  const count = items.length;
  if (itemList !== undefined || count < 2 || count > mostAtOnce) return null;
  return [
    firstOf(
      [
        { operation: { do: 'put', queue, count }, next: [] },
        { operation: { do: 'find_broken_queue', queue }, next: [{ type: 'fail', endsAll: false }] },
      ],
      place,
    ),
  ];
}
