import type { CodeEntry } from './code-entry.ts';

/** Pools. */
export const codes6xx = {} as const satisfies Record<`MP6${number}`, CodeEntry>;
