import type { Step } from '../../plan/step.ts';
import type { Operation, Script, Way } from '../model.ts';
import { firstOf } from '../script-words.ts';

/** More at once are counted one by one. */
const mostAtOnce = 16;

/** Nobody submits to a pool once that has ended. */
export function openUntil({ once }: Extract<Operation, { do: 'find_broken_queue' }>): Pick<Way, 'unless'> {
  return once === undefined ? {} : { unless: once };
}

/** Submits several tasks at once, unless it finds that the pool takes none any more; null where it is one, or nobody knows how many. */
export function submitsAll({ itemList, items, place }: Extract<Step, { verb: 'submit' }>, findsBroken: Extract<Operation, { do: 'find_broken_queue' }>): Script | null {
  const count = items.length;
  if (itemList !== undefined || count < 2 || count > mostAtOnce) return null;
  return [
    firstOf(
      [
        { operation: { do: 'put', queue: findsBroken.queue, count }, next: [], ...openUntil(findsBroken) },
        { operation: findsBroken, next: [{ type: 'fail', endsAll: false }] },
      ],
      place,
    ),
  ];
}

/**
 * Puts or submits nothing. Whoever waits for all that may be put does not know that; and only a submit fails where nobody takes it any more
 * (`src/engine/step-execute.ts`).
 */
export function doesNone({ verb }: Step, put: Script, findsBroken: Extract<Operation, { do: 'find_broken_queue' }>): readonly Way[] {
  const nothing: Way = { operation: { do: 'nothing' }, next: [], thinkable: [put] };
  return verb === 'submit' ? [{ ...nothing, ...openUntil(findsBroken) }, { operation: findsBroken, next: [{ type: 'fail', endsAll: false }] }] : [nothing];
}
