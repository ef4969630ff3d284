import { contradictoryConditions } from './contradictory-conditions.ts';
import { dependencyCycle } from './dependency-cycle.ts';
import { deadStep } from './dead-step.ts';
import { directLog } from './direct-log.ts';
import { endOfDaemon } from './end-of-daemon.ts';
import { endOfEndless } from './end-of-endless.ts';
import { listWithoutShell } from './list-without-shell.ts';
import { lockRules } from './lock-rules.ts';
import { meetingRules } from './meeting-rules.ts';
import { neverEnds } from './never-ends.ts';
import { neverStarted } from './never-started.ts';
import { notAPipeEnd } from './not-a-pipe-end.ts';
import { nothingToRun } from './nothing-to-run.ts';
import { onlyDaemons } from './only-daemons.ts';
import { pipeEndUnused } from './pipe-end-unused.ts';
import { pipeToItself } from './pipe-to-itself.ts';
import { poolRules } from './pool-rules.ts';
import { queueRules } from './queue-rules.ts';
import { readyWithoutProbe } from './ready-without-probe.ts';
import type { Rule } from './rule.ts';
import { selfDependency } from './self-dependency.ts';
import { startsFinally } from './starts-finally.ts';
import { stdioPipeMisuse } from './stdio-pipe-misuse.ts';
import { terminalStreams } from './terminal-streams.ts';
import { usedByNobody } from './used-by-nobody.ts';

/** Every check over the whole plan. */
export const allRules: readonly Rule[] = [
  selfDependency,
  dependencyCycle,
  endOfEndless,
  endOfDaemon,
  readyWithoutProbe,
  contradictoryConditions,
  pipeToItself,
  notAPipeEnd,
  stdioPipeMisuse,
  terminalStreams,
  directLog,
  listWithoutShell,
  onlyDaemons,
  neverEnds,
  deadStep,
  pipeEndUnused,
  nothingToRun,
  ...lockRules,
  ...meetingRules,
  ...poolRules,
  ...queueRules,
  neverStarted,
  startsFinally,
  usedByNobody,
];
