import { barrierVerbs } from './barrier-verbs.ts';
import { conditionVerbs } from './condition-verbs.ts';
import { eventVerbs } from './event-verbs.ts';
import { lockVerbs, semaphoreVerbs } from './lock-verbs.ts';
import { pipeVerbs } from './pipe-verbs.ts';
import { poolVerbs } from './pool-verbs.ts';
import { processVerbs } from './process-verbs.ts';
import { queueVerbs } from './queue-verbs.ts';
import { valueVerbs } from './value-verbs.ts';
import type { VerbGroup } from './verb.ts';

/** The verbs of two words, by their first. */
export const verbGroups: readonly VerbGroup[] = [
  lockVerbs,
  semaphoreVerbs,
  eventVerbs,
  barrierVerbs,
  conditionVerbs,
  queueVerbs,
  pipeVerbs,
  valueVerbs,
  poolVerbs,
  processVerbs,
];
