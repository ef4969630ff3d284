import type { CodeEntry } from './code-entry.ts';

/** Events and barriers. */
export const codes4xx = {} as const satisfies Record<`MP4${number}`, CodeEntry>;
