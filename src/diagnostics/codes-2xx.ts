import type { CodeEntry } from './code-entry.ts';

/** Start order. */
export const codes2xx = {} as const satisfies Record<`MP2${number}`, CodeEntry>;
