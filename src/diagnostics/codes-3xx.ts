import type { CodeEntry } from './code-entry.ts';

/** Locks and semaphores. */
export const codes3xx = {} as const satisfies Record<`MP3${number}`, CodeEntry>;
