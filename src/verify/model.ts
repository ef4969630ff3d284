import type { Place } from '../base/place.ts';
import type { Moment } from '../plan/plan.ts';
import type { Demand } from '../sync/operation.ts';

/*
 * What is explored: actors with scripts over shared resources. It is what a plan comes down to when all
 * that nobody can wait for has been left out: no time, no data, and no order of arrival but at what is
 * fair. The semantics are those of the language page and of `src/sync`.
 */

/** Something that actors share. `isMissed`: somebody may wait for it in vain, so that it is seen how long it is not there. */
export type Resource = { readonly isMissed?: true } & (
  /** A lock, with one permit, or a semaphore. Whoever holds a reentrant lock may take it again; another one fails then. */
  | {
      readonly kind: 'permits';
      readonly name: string;
      readonly permits: number;
      readonly isLock: boolean;
      readonly reentrant: boolean;
      /** Nobody passes a larger demand that came earlier. */
      readonly fair: boolean;
      /**
       * Somebody may give back what he does not hold: it is taken off whoever has held some longest. Where nobody holds any, that is
       * refused (`bounded`), or is one more (`growing`). Left out where nobody does so.
       */
      readonly loose?: 'bounded' | 'growing';
      /** It refuses at once whoever asks for more than there ever are. */
      readonly bounded?: true;
    }
  /** `count`: only so many sets set it, where that is more than one; a clear begins anew. */
  | { readonly kind: 'event'; readonly name: string; readonly isSet: boolean; readonly count?: number }
  | { readonly kind: 'barrier'; readonly name: string; readonly parties: number }
  | {
      readonly kind: 'queue';
      readonly name: string;
      /** Items at most; null is unbounded. */
      readonly capacity: number | null;
      /** Items at the start. */
      readonly items: number;
      /** Items that a consumer has in hand come back when it ends. */
      readonly redelivers: boolean;
      /** Of a pipe, who has its ends: each is open until its owner ends or closes it, whatever the owner's script still does, or ever did. */
      readonly ends: { readonly from: string; readonly to: string } | null;
      /**
       * Of a pool whose tasks are told apart: what was submitted to it is taken in the order in which that was, from whichever of its
       * queues, and what it has of its own (`isLast`) where none of that is left.
       */
      readonly tasksOf?: { readonly pool: string; readonly isLast: boolean };
      /** Of a pool that reads its tasks: they come when it begins, and only the run knows how many. */
      readonly isUncounted?: true;
    }
);

/** Something that is true or not, and that an actor may wait for. */
export type Fact =
  | { readonly type: 'event'; readonly event: string }
  /** Of several actors as the language page says it under "Moments". */
  | { readonly type: 'moment'; readonly actors: readonly string[]; readonly moment: Moment }
  /** Every item that was put is done. `unlessNever`: whoever never starts leaves it open for good, since its wait has a time of its own. */
  | { readonly type: 'all_done'; readonly queue: string; readonly unlessNever?: string };

/** To do something that is declared, which comes next, to be ready, to end, to fail, or to take until its time is over. */
export type ProgramChoice = 'acts' | 'becomes_ready' | 'ends' | 'fails' | 'is_late';

/**
 * Why a step fails that waits for nothing: a value that it needs is not there, or not of its kind; a task has not succeeded; what it prints
 * cannot be written; or the code by which it ends is no success, or none. Or why a program or pool does: it cannot be started; or
 * an attempt of it has failed, after which it is restarted, or no more.
 */
export type FailureCause = 'value' | 'task' | 'file' | 'code' | 'start' | 'attempt' | 'last_attempt';

/** A step that waits for something of the run, and not of the primitives. */
export interface StepOnRun {
  readonly verb: 'join' | 'result';
  readonly names: readonly string[];
}

/** One atomic thing that an actor does. Those that can wait are enabled only where they need not. */
export type Operation =
  /**
   * `program`: what a program that is run decides by itself. `fails`: a failure, and why. `refused`: what the primitives are asked for, and refuse at once. `endsRun`:
   * nothing comes behind it, and whoever asks what the actor can still do knows nothing of that.
   */
  | { readonly do: 'nothing'; readonly program?: ProgramChoice; readonly fails?: FailureCause; readonly refused?: Operation; readonly endsRun?: true }
  /**
   * `isTimed`: for so long only, so that whoever has the lock already waits for it in vain instead of being refused.
   * `isTried`: for no time at all, so that nobody comes behind who does it.
   * `isOther`: another thread asks than the one that has it, which does not have it again (language page, "Holds").
   * `isRetake`: a wait at a condition is over, and its lock comes back before anybody has it who asks for it later.
   */
  | { readonly do: 'acquire'; readonly demands: readonly Demand[]; readonly isTimed?: boolean; readonly isTried?: boolean; readonly isOther?: boolean; readonly isRetake?: true }
  /** `lacks`: what of that he does not hold, and is to be taken off others. */
  | { readonly do: 'release'; readonly demands: readonly Demand[]; readonly lacks?: readonly Demand[] }
  | { readonly do: 'set' | 'clear'; readonly event: string }
  /** Until all of them are true. `step`: which step it is, where it is none that asks the primitives. */
  | { readonly do: 'await'; readonly facts: readonly Fact[]; readonly step?: StepOnRun }
  /** One of them can no longer come true. */
  | { readonly do: 'find_impossible'; readonly facts: readonly Fact[]; readonly step?: StepOnRun }
  /** As `await` of an event that may be cleared: a set wakes whoever waits then, even if a clear follows at once. */
  | { readonly do: 'await_pulse'; readonly event: string }
  /** Arrives, and goes on when all parties have. */
  | { readonly do: 'arrive'; readonly barrier: string }
  | { readonly do: 'find_broken_barrier'; readonly barrier: string }
  /** Gives the lock up until it is notified; to take the lock again is up to what comes then. `isTried`: for no time at all, so that nobody notifies it. */
  | { readonly do: 'wait_notified'; readonly condition: string; readonly lock: string; readonly isTried?: true; readonly runsItsTime?: true }
  | { readonly do: 'notify'; readonly condition: string; readonly count: number | 'all'; readonly lock: string }
  /**
   * Nobody can still notify. `isAtOnce`: that is known already, so that nobody waits, and keeps the lock.
   * `isTried`: of a wait for no time at all, which comes to know it by itself.
   */
  | { readonly do: 'find_unnotifiable'; readonly condition: string; readonly isAtOnce?: true; readonly isTried?: true }
  /** `count`: so many at once; left out where it is one. */
  | { readonly do: 'put'; readonly queue: string; readonly count?: number }
  /** `keeps`: the item is in hand until `item_done`. `taskOf`: a slot of this pool takes it as its next task, unless another one waits for what its task is to hold. */
  | { readonly do: 'get'; readonly queue: string; readonly keeps: boolean; readonly taskOf?: { readonly pool: string; readonly isHeldFor: boolean } }
  | { readonly do: 'item_done'; readonly queue: string }
  /** All of them are empty, and nobody can still put into any. */
  | { readonly do: 'find_end'; readonly queues: readonly string[] }
  /** Nobody can still get. `unlessNever`: while this pool is to be started it takes tasks, though nobody may be left to do that. `once`: only that counts that this event is set. */
  | { readonly do: 'find_broken_queue'; readonly queue: string; readonly unlessNever?: string; readonly once?: string }
  /** The actor puts no more. */
  | { readonly do: 'close'; readonly queues: readonly string[]; readonly byProgram?: true }
  | { readonly do: 'break'; readonly barrier: string }
  /** Whoever waits there finds it broken; for whoever comes then it is whole. */
  | { readonly do: 'reset'; readonly barrier: string }
  /**
   * The time of a wait is over, which may be at any time; it breaks the barrier that is waited at. `misses`: only where what is waited for,
   * which is something of these, is not there. `mayMiss`: it was none at all, and it may be over also where that is there. `endsAttempt`: that of the
   * whole attempt is. `cuts`: be it that it may have had time left, or that a probe failed. `byProbe`: it has no time of its own.
   */
  | { readonly do: 'time_out'; readonly breaks: string | null; readonly misses?: readonly string[]; readonly mayMiss?: true; readonly endsAttempt?: true; readonly cuts?: true; readonly byProbe?: true }
  /** A moment of the actor's own life has come. */
  | { readonly do: 'reach'; readonly moment: 'start' | 'ready'; readonly sets: readonly string[] }
  /** Starts actors that wait to be started. */
  | { readonly do: 'start'; readonly actors: readonly string[] }
  /** One of them is alive. `orEnding`: be it that he was ended by others, and has not come to his end. */
  | { readonly do: 'find_alive'; readonly actors: readonly string[]; readonly orEnding?: true }
  /** Ends others for good. */
  | { readonly do: 'stop'; readonly actors: readonly string[]; readonly step: 'terminate' | 'kill' };

/** How an actor ended for good. */
export type EndOutcome = 'succeeded' | 'failed' | 'skipped' | 'stopped';

/** One of several ways to go on from a point: its operation decides whether it is open. */
export interface Way {
  readonly operation: Operation;
  readonly next: Script;
  /** Once this event is set it is open no more, but for whoever stands in a line by then. */
  readonly unless?: string;
  /** What may come instead, as far as the others know: it never does. */
  readonly thinkable?: readonly Script[];
}

/** What an actor does next. */
export type Statement =
  /** One of the ways that are open. A choice that the actor makes by itself has `nothing` as operation. */
  | { readonly type: 'choose'; readonly ways: readonly Way[]; readonly place: Place }
  /** Until `leave`, or an end. */
  | { readonly type: 'loop'; readonly body: Script }
  | { readonly type: 'repeat'; readonly rounds: number; readonly body: Script }
  /** `demands`, acquired before, are released on every way out. */
  | { readonly type: 'hold'; readonly demands: readonly Demand[]; readonly body: Script; readonly place: Place }
  /** An item, got before, is done on every way out but the end of the actor. */
  | { readonly type: 'keep'; readonly queue: string; readonly body: Script; readonly place: Place }
  /**
   * A failure in it is over with it, and `onFailure` comes next. It takes with it what the actor holds and has in hand, but for what it keeps around that,
   * as the end of an attempt of a process or task does; what was closed in such an attempt the next one has not, but for a pipe.
   * `sets`: events that are set with the failure. `endsAll`: also one that ends all comes here, whatever is dropped.
   */
  | { readonly type: 'attempt'; readonly body: Script; readonly drops: 'nothing' | 'all'; readonly endsAll?: true; readonly sets?: readonly string[]; readonly onFailure: Script }
  /** Goes on behind the innermost loop, or so many of them, with `next` first; where there is none in the same attempt, it is a failure. */
  | { readonly type: 'leave'; readonly loops?: number; readonly next?: Script }
  /** One that ends all passes every `attempt` that drops nothing. `isExit`: it is on purpose, so that what is in hand is done, and what is held given back one after the other. */
  | { readonly type: 'fail'; readonly endsAll: boolean; readonly isExit?: true }
  /** Goes on behind the innermost `attempt` that drops something, which drops that, and it is no failure. `isKilled`: nor is what is in hand done. */
  | { readonly type: 'finish'; readonly isKilled?: true }
  /** All that is held is released, and all in hand is lost: for good. A script that comes to its end has succeeded. */
  | {
      readonly type: 'end';
      readonly outcome: EndOutcome;
      readonly sets: readonly string[];
      /** The whole run ends with it. */
      readonly stopsRun: boolean;
    };

/** Statements one after the other. */
export type Script = readonly Statement[];

/** What others may wait for that somebody does. */
export type Deed = `${'put' | 'get' | 'set' | 'wait' | 'notify' | 'start'}:${string}`;

/** As what a program uses, until it has closed that; and what an attempt does of which there may be another. */
export interface Lasting {
  readonly deed: Deed;
  readonly untilClosed: boolean;
}

/** Something that acts. */
export interface Actor {
  readonly name: string;
  /** The run may end without its end. */
  readonly isDaemon: boolean;
  /** It is a pool, or a slot of one. */
  readonly ofPool?: 'pool' | 'slot';
  /** It waits for somebody to start it. */
  readonly isIdle: boolean;
  /** Somebody may wait for its moments in vain, so that it is seen how long they have not come. */
  readonly isMissed?: true;
  /** Idle, it has ended already, without having been started. */
  readonly isSkipped?: boolean;
  readonly script: Script;
  /** Events that are set when somebody else ends it. */
  readonly setsWhenStopped: readonly string[];
  /** The queue of which it is done with what it has in hand then, which comes back of no other: the one that the tasks of a pool come from. */
  readonly doneWhenStopped?: string;
  /** Events that its moments set, as they are declared: each may still be set until that has come, wherever its script leads. */
  readonly setsAtMoments: { readonly started: readonly string[]; readonly ready: readonly string[]; readonly ended: readonly string[] };
  /** What it is held to be able to do until it ends, wherever its script leads. */
  readonly lasting: readonly Lasting[];
}

/** A closed world of actors and resources. */
export interface Model {
  readonly resources: readonly Resource[];
  readonly actors: readonly Actor[];
}
