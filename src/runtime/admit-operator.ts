import { operator } from '../engine/call-check.ts';
import type { Door } from './door/door.ts';
import type { Keys } from './door/keys.ts';
import { writeOperatorKey } from './door/operator-key.ts';
import { systemErrorText } from './system-error-text.ts';

/**
 * Lets the user in from other terminals, by a key in the run folder. A run whose folder has been removed meanwhile goes
 * on without their commands: the answer says why, and is null where all is well.
 */
export function admitOperator(runFolder: string, keys: Keys, { path: socket }: Pick<Door, 'path'>): string | null {
  const key = keys.keyOf(operator);
  if (socket === null) return null;
  try {
    writeOperatorKey(runFolder, { key, socket });
    return null;
  } catch (error) {
    return `other terminals cannot reach this run: ${systemErrorText(error)}`;
  }
}
