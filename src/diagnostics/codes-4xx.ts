import type { CodeEntry } from './code-entry.ts';

/** Events and barriers. */
export const codes4xx = {
  MP401: {
    slug: 'event-never-set',
    severity: 'error',
    certainty: 'every run',
    title: 'an event is awaited that nothing sets',
    explanation:
      'A wait that can no longer come true fails at once, and here that is so from the beginning: no `sets`, no step and ' +
      'no declared program sets the event, and it is not set initially. Add the setter, declare it with ' +
      '`uses: { EVENT: set }` where a program does it, or write `set: true` for the initial state.',
  },
  MP406: {
    slug: 'parties-mismatch',
    severity: 'error',
    certainty: 'every run',
    title: 'a barrier needs more parties than can arrive',
    explanation:
      'A barrier that can no longer be filled is broken, and all who wait there fail. With fewer possible parties than ' +
      '`parties` says that is so in every run. Replicas and the slots of a pool count one each; a program that waits ' +
      'there is declared with `uses: { BARRIER: wait }`.',
  },
} as const satisfies Record<`MP4${number}`, CodeEntry>;
