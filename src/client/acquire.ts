import type { Json } from '../base/json.ts';
import type { HolderNames } from './holder-names.ts';
import { Held } from './held.ts';
import { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** Something to hold. */
export interface Acquisition {
  readonly kind: 'lock' | 'semaphore';
  readonly holds: Json;
}

/** Acquires as the thread itself or, with `names`, as a holder of its own. */
export async function acquire(
  thread: Thread,
  names: HolderNames | null,
  { kind, holds }: Acquisition,
  options: WaitOptions,
): Promise<Held> {
  const holder = names === null ? thread : new Thread(thread.connection, names.take());
  try {
    const answer = await holder.wait(`${kind}.acquire`, { holds }, options);
    return Held.of(answer, () => {
      holder.tell(`${kind}.release`, { holds });
      names?.giveBack(holder.name);
    });
  } catch (error) {
    names?.giveBack(holder.name);
    throw error;
  }
}
