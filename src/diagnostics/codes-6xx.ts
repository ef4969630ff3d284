import type { CodeEntry } from './code-entry.ts';

/** Pools. */
export const codes6xx = {
  MP607: {
    slug: 'pool-without-tasks',
    severity: 'warning',
    title: 'a pool gets no task from anybody',
    explanation:
      'Without `tasks` a pool gets its tasks from `submit` alone, and nobody submits here, neither by a step nor by a ' +
      'declared program. Such a pool ends at once as a success, which is seldom what was meant.',
  },
  MP608: {
    slug: 'result-before-submit',
    severity: 'error',
    title: 'a result is awaited that no step before has submitted',
    explanation:
      '`submit: POOL` with `as: NAME` keeps a handle, and `result: NAME` waits for its task. The `submit` must stand ' +
      'before the `result` in the steps of the same process.',
  },
} as const satisfies Record<`MP6${number}`, CodeEntry>;
