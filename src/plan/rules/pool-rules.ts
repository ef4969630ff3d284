import { chunkWithoutEffect } from './chunk-without-effect.ts';
import { poolWithoutTasks } from './pool-without-tasks.ts';
import { resultBeforeSubmit } from './result-before-submit.ts';
import type { Rule } from './rule.ts';
import { tasksFromSharedStdin } from './tasks-from-shared-stdin.ts';
import { workersExceedPermits } from './workers-exceed-permits.ts';

/** The checks about pools. */
export const poolRules: readonly Rule[] = [resultBeforeSubmit, poolWithoutTasks, chunkWithoutEffect, tasksFromSharedStdin, workersExceedPermits];
