import { contradictoryConditions } from './contradictory-conditions.ts';
import { deadStep } from './dead-step.ts';
import { dependencyCycle } from './dependency-cycle.ts';
import { listWithoutShell } from './list-without-shell.ts';
import { lockRules } from './lock-rules.ts';
import { meetingRules } from './meeting-rules.ts';
import { neverEnds } from './never-ends.ts';
import { neverStarted } from './never-started.ts';
import { nothingToRun } from './nothing-to-run.ts';
import { onlyDaemons } from './only-daemons.ts';
import { poolRules } from './pool-rules.ts';
import { queueRules } from './queue-rules.ts';
import { readyWithoutProbe } from './ready-without-probe.ts';
import { redundantDependency } from './redundant-dependency.ts';
import { restartLivelock } from './restart-livelock.ts';
import type { Rule } from './rule.ts';
import { selfDependency } from './self-dependency.ts';
import { startsFinally } from './starts-finally.ts';
import { streamRules } from './stream-rules.ts';
import { successMayNotCome } from './success-may-not-come.ts';
import { timeoutTooShort } from './timeout-too-short.ts';
import { usedByNobody } from './used-by-nobody.ts';
import { waitsForEndOfDaemon } from './waits-for-end-of-daemon.ts';
import { waitsForEndOfEndless } from './waits-for-end-of-endless.ts';

/** Every check over the whole plan. */
export const allRules: readonly Rule[] = [
  selfDependency,
  dependencyCycle,
  waitsForEndOfEndless,
  waitsForEndOfDaemon,
  readyWithoutProbe,
  contradictoryConditions,
  redundantDependency,
  successMayNotCome,
  listWithoutShell,
  onlyDaemons,
  neverEnds,
  deadStep,
  timeoutTooShort,
  restartLivelock,
  nothingToRun,
  ...lockRules,
  ...meetingRules,
  ...streamRules,
  ...poolRules,
  ...queueRules,
  neverStarted,
  startsFinally,
  usedByNobody,
];
