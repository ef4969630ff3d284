import { chunkWithoutEffect } from './chunk-without-effect.ts';
import { placeholderInScript } from './placeholder-in-script.ts';
import { poolStarvation } from './pool-starvation.ts';
import { poolWithoutTasks } from './pool-without-tasks.ts';
import { resultBeforeSubmit } from './result-before-submit.ts';
import type { Rule } from './rule.ts';
import { stdinShared } from './stdin-shared.ts';
import { workersExceedPermits } from './workers-exceed-permits.ts';

/** The checks about pools. */
export const poolRules: readonly Rule[] = [resultBeforeSubmit, poolStarvation, poolWithoutTasks, chunkWithoutEffect, stdinShared, workersExceedPermits, placeholderInScript];
