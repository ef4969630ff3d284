import type { CodeEntry } from './code-entry.ts';

/** Command line, environment and bugs. */
export const codes0xx = {} as const satisfies Record<`MP0${number}`, CodeEntry>;
