import type { CodeEntry } from './code-entry.ts';

/** YAML, shape and names. */
export const codes1xx = {} as const satisfies Record<`MP1${number}`, CodeEntry>;
