import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreesWithModel, type Subject } from '../sync/agrees-with-model.ts';
import { barrierSubject } from '../sync/barrier-subject.ts';
import { conditionSubject } from '../sync/condition-subject.ts';
import { eventSubject } from '../sync/event-subject.ts';
import { lockSubject, mixedSubject, nestedSubject, semaphoreSubject } from '../sync/holds-subject.ts';
import { duplexSubject } from '../sync/pipe-subject.ts';
import { boundedSubject, droppingSubject, fifoSubject, prioritySubject } from '../sync/queue-subject.ts';
import { valueSubject } from '../sync/value-subject.ts';
import { barrierMutants } from './barrier-mutants.ts';
import { conditionMutants } from './condition-mutants.ts';
import { eventMutants } from './event-mutants.ts';
import { lockMutants, nestedMutants } from './lock-mutants.ts';
import { createMachineWith, type Mutant } from './mutant.ts';
import { pipeMutants } from './pipe-mutants.ts';
import { boundedQueueMutants, droppingQueueMutants, loanMutants, priorityQueueMutants, queueMutants } from './queue-mutants.ts';
import { demandMutants, semaphoreMutants } from './semaphore-mutants.ts';
import { tableMutants, valueMutants } from './value-mutants.ts';

const groups: readonly (readonly [string, Subject, readonly Mutant[]])[] = [
  ['locks', lockSubject, lockMutants],
  ['nested locks', nestedSubject, nestedMutants],
  ['semaphores', semaphoreSubject, semaphoreMutants],
  ['demands', mixedSubject, demandMutants],
  ['conditions', conditionSubject, conditionMutants],
  ['events', eventSubject, eventMutants],
  ['barriers', barrierSubject, barrierMutants],
  ['queues', fifoSubject, queueMutants],
  ['queues that drop', droppingSubject, droppingQueueMutants],
  ['queues that lend', droppingSubject, loanMutants],
  ['queues that reserve', boundedSubject, boundedQueueMutants],
  ['priority queues', prioritySubject, priorityQueueMutants],
  ['pipes', duplexSubject, pipeMutants],
  ['values', valueSubject, valueMutants],
  ['table', eventSubject, tableMutants],
];

/**
 * The same runs for everybody: what is wrong with a mutant is found by these, or not at all. And nothing
 * else is: a fault that they find in the original would be taken for that of every mutant.
 */
const runs: fc.Parameters<unknown> = { seed: 20_260_101, numRuns: 800, endOnFailure: true };

describe.each(groups)('%s', (_, subject, mutants) => {
  it('pass as they are', async () => {
    const details = fc.check(agreesWithModel(subject, await createMachineWith(null)), runs);
    expect(details.failed).toBe(false);
  });

  it.each(mutants.map((mutant) => [mutant.fault, mutant] as const))('are rejected: %s', async (_fault, mutant) => {
    const details = fc.check(agreesWithModel(subject, await createMachineWith(mutant)), runs);
    expect(details.failed).toBe(true);
  });
});
