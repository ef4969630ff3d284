import type { CodeEntry } from './code-entry.ts';

/** At run time. */
export const codes8xx = {} as const satisfies Record<`MP8${number}`, CodeEntry>;
