import { lostAtTheEnd } from './lost-at-the-end.ts';
import { moreGetsThanPuts } from './more-gets-than-puts.ts';
import { morePutsThanRoom } from './more-puts-than-room.ts';
import { noConsumer } from './no-consumer.ts';
import { noProducer } from './no-producer.ts';
import { priorityWithoutOrder } from './priority-without-order.ts';
import { queueNeverEnds } from './queue-never-ends.ts';
import { redeliversNothing } from './redelivers-nothing.ts';
import type { Rule } from './rule.ts';
import { sharedStdin } from './shared-stdin.ts';

/** The checks about queues. */
export const queueRules: readonly Rule[] = [sharedStdin, redeliversNothing, priorityWithoutOrder, noConsumer, noProducer, moreGetsThanPuts, morePutsThanRoom, queueNeverEnds, lostAtTheEnd];
