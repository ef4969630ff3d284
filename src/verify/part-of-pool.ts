/**
 * What a pool, a queue or an instance has to do with a way. A pool `acts` where one of its slots does something, or somebody begins or ends it; it
 * `is_overtaken` where somebody submits a task to it while a slot has none, and has not taken the next of its own; it `is_misknown` where one
 * of its tasks may have failed, or somebody has found that it, or one of these, has; it `is_known` where somebody has found how it has
 * ended; it `is_open` where one of its slots has no task in the end, and never comes to another; it `is_counted` where that is so, or a slot
 * has found that there is no further task, or more tasks are taken than are counted. A queue `is_used` where anything is done to it. A process
 * or pool `misses` what it only tries to have, where it could have it; it `is_cut_short` where an attempt is over before its last step though
 * nobody knows whether its time is, what it prints cannot be written, its code is no success, it cannot be started, or it is restarted, or
 * not, though it may be so only a number of times within a time.
 */
export type PartOfPool = 'acts' | 'is_overtaken' | 'is_misknown' | 'is_known' | 'is_open' | 'is_counted' | 'is_used' | 'misses' | 'is_cut_short';
