import { setMaxListeners } from 'node:events';
import type { Json } from '../base/json.ts';
import type { Task } from './task.ts';
import type { WaitOptions } from './wait-options.ts';

/** So many tasks at most have been submitted and their values not been taken: enough for any number of workers, and items may be endless. */
const mostAhead = 256;

/** What has become of a task. */
type Ending = { readonly value: Json } | { readonly error: unknown };

/** How the values are asked for. */
interface ValuesOptions {
  readonly submitAll: (items: Iterable<Json>) => Promise<readonly Task[]>;
  /** In the order of the items, or as the tasks end. */
  readonly isOrdered: boolean;
  readonly wait: WaitOptions;
}

/**
 * Submits a task for each item, few ahead of the values that are taken, and gives their values.
 *
 * @throws TaskFailed for the first that did not succeed
 */
export async function* valuesOfTasks(items: Iterable<Json>, { submitAll, isOrdered, wait }: ValuesOptions): AsyncGenerator<Json, undefined, undefined> {
  const over = new AbortController();
  const signal = wait.signal === undefined ? over.signal : AbortSignal.any([wait.signal, over.signal]);
  // One for each task.
  setMaxListeners(0, signal);
  const coming: Promise<Ending>[] = [];
  /** Without an order whoever ends first is the first that comes. */
  const places: ((ending: Ending) => void)[] = [];
  const iterator = items[Symbol.iterator]();
  let isAtEnd = false;
  const follow = async (task: Task, place: (ending: Ending) => void): Promise<void> => {
    if (!isOrdered) places.push(place);
    const ending = await task.result({ ...wait, signal }).then(
      (value): Ending => ({ value }),
      (error: unknown): Ending => ({ error }),
    );
    (places.shift() ?? place)(ending);
  };
  try {
    for (;;) {
      if (!isAtEnd && coming.length <= mostAhead / 2) {
        const wanted = mostAhead - coming.length;
        const next = takeFrom(iterator, wanted);
        isAtEnd = next.length < wanted;
        for (const task of next.length === 0 ? [] : await submitAll(next)) {
          const ended = new Promise<Ending>((resolve) => {
            void follow(task, resolve);
          });
          coming.push(ended);
        }
      }
      const ending = await coming.shift();
      if (ending === undefined) return;
      if ('error' in ending) throw ending.error;
      yield ending.value;
    }
  } finally {
    if (!isAtEnd) iterator.return?.();
    over.abort();
  }
}

/** Fewer than wanted where there are no more. */
function takeFrom(iterator: Iterator<Json, unknown>, wanted: number): readonly Json[] {
  const taken: Json[] = [];
  while (taken.length < wanted) {
    const item = iterator.next();
    if (item.done === true) break;
    taken.push(item.value);
  }
  return taken;
}
