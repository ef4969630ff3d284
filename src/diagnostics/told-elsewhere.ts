/** A check that has a number, and no code of its own. */
export interface ToldElsewhere {
  readonly slug: string;
  /** The codes that tell it; none where there is nothing to tell. */
  readonly by: readonly `MP${number}`[];
  /** Why, as a sentence after a colon. */
  readonly why: string;
}

const bySearch = 'the search shows the way to it step by step, with how often it comes about and what would mend it';

/**
 * The checks that were thought of and are not built as rules, so that whoever looks for one finds where it went. Their numbers are not
 * given to anything else. Each of those that are told by another code is shown by a test.
 */
export const toldElsewhere: Readonly<Record<`MP${number}`, ToldElsewhere>> = {
  MP210: { slug: 'no-root', by: ['MP901', 'MP202', 'MP401'], why: 'that no process can start is a circle of waits, of `depends_on` alone or of events too, or an event that nobody sets' },
  MP301: { slug: 'lock-order', by: ['MP901'], why: `${bySearch}; in which order a program takes its locks the spec does not say, and a proof says that it takes one at a time` },
  MP305: { slug: 'hold-while-waiting-to-start', by: ['MP901'], why: 'nothing is held while a process waits to start; of steps that wait with a lock in hand only those are at fault whom others wait for in turn' },
  MP308: { slug: 'piecemeal-semaphore', by: ['MP901'], why: bySearch },
  MP312: { slug: 'daemon-keeps-it', by: ['MP901'], why: bySearch },
  MP402: { slug: 'set-only-behind-the-wait', by: ['MP901'], why: bySearch },
  MP408: { slug: 'barrier-under-lock', by: ['MP901'], why: bySearch },
  MP507: { slug: 'eof-cycle', by: ['MP901'], why: bySearch },
  MP508: { slug: 'bounded-feedback', by: ['MP901'], why: bySearch },
  MP510: { slug: 'join-before-drain', by: ['MP901'], why: `${bySearch}; so is a consumer of a bounded queue that starts too late` },
  MP511: { slug: 'too-few-sentinels', by: [], why: 'a queue ends for all its consumers when nobody can still put, so that steps and pools need no sentinel, and what a program makes of an item the spec does not say' },
  MP512: { slug: 'shared-pipe-readers', by: ['MP514', 'MP515'], why: 'a pipe has two ends, and each belongs to one instance' },
  MP602: { slug: 'waits-for-later-task', by: ['MP901'], why: 'tasks wait only for what they submit themselves, which is behind them; where that is to their own pool the search shows it' },
  MP603: { slug: 'task-cycle', by: ['MP901'], why: 'tasks have no names by which they could wait for each other; pools whose tasks wait for each other are shown by the search' },
  MP604: { slug: 'barrier-wider-than-pool', by: ['MP406'], why: 'a pool is as many parties of a barrier as it has workers' },
  MP605: { slug: 'pool-fed-by-unclosed-queue', by: ['MP901'], why: 'the search finds that nothing leads to its end, and shows who may put and what would mend it' },
  MP708: { slug: 'stop-order', by: [], why: 'daemons are stopped before what they depend on: with `depends_on` a `stop.command` has all it needs' },
  MP710: { slug: 'unbounded-external-wait', by: ['MP401'], why: 'nothing from outside a spec sets, puts or takes without a declaration, and a wait that nobody can end any more fails at once' },
  MP900: { slug: 'proved', by: [], why: 'it is the last line of `mpctl check`, and `deadlock` in its JSON' },
  MP902: { slug: 'trap', by: ['MP901'], why: 'a run that goes on and can never end is told as a deadlock of those who wait' },
  MP903: { slug: 'bound', by: [], why: 'it is the last line of `mpctl check`: not proved' },
  MP904: { slug: 'orphan', by: [], why: 'a wait that cannot come true any more fails at once and says why, which is no deadlock' },
  MP905: { slug: 'only-with-faults', by: [], why: 'a crash ends what somebody could still do, and lets all waits for that fail: it wakes, and never hangs' },
  MP906: { slug: 'not-modelled', by: [], why: 'a proof lists below it what it takes for granted and what it leaves out' },
};
