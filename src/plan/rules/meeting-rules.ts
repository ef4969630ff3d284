import { eventNeverAwaited } from './event-never-awaited.ts';
import { eventNeverSet } from './event-never-set.ts';
import { eventOfEndless } from './event-of-endless.ts';
import { lostPulse } from './lost-pulse.ts';
import { partiesMismatch } from './parties-mismatch.ts';
import type { Rule } from './rule.ts';
import { setOnlyOnOneOutcome } from './set-only-on-one-outcome.ts';
import { timeoutBreaksBarrier } from './timeout-breaks-barrier.ts';
import { unevenArrivals } from './uneven-arrivals.ts';

/** The checks about events and barriers. */
export const meetingRules: readonly Rule[] = [eventNeverSet, setOnlyOnOneOutcome, partiesMismatch, unevenArrivals, lostPulse, timeoutBreaksBarrier, eventOfEndless, eventNeverAwaited];
