import { conditionWithoutLock } from './condition-without-lock.ts';
import { demandExceedsPermits } from './demand-exceeds-permits.ts';
import { largeDemandStarves } from './large-demand-starves.ts';
import { leakInLoop } from './leak-in-loop.ts';
import { needsWhatItsStarterHolds } from './needs-what-its-starter-holds.ts';
import { reAcquire } from './re-acquire.ts';
import { releaseWithoutAcquire } from './release-without-acquire.ts';
import { replicasExceedPermits } from './replicas-exceed-permits.ts';
import type { Rule } from './rule.ts';
import { timeoutThenUse } from './timeout-then-use.ts';
import { uncontended } from './uncontended.ts';

/** The checks about locks, semaphores and conditions. */
export const lockRules: readonly Rule[] = [demandExceedsPermits, reAcquire, needsWhatItsStarterHolds, releaseWithoutAcquire, conditionWithoutLock, leakInLoop, timeoutThenUse, largeDemandStarves, uncontended, replicasExceedPermits];
