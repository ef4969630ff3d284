import type { CodeEntry } from './code-entry.ts';

/** Ending, restarts and timeouts. */
export const codes7xx = {} as const satisfies Record<`MP7${number}`, CodeEntry>;
