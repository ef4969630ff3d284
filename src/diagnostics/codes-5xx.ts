import type { CodeEntry } from './code-entry.ts';

/** Queues, pipes and standard streams. */
export const codes5xx = {} as const satisfies Record<`MP5${number}`, CodeEntry>;
