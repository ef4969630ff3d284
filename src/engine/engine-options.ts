import type { Place } from '../base/place.ts';
import type { Operation, Outcome, Owner } from '../sync/operation.ts';
import type { EarlierTasks } from './earlier-tasks.ts';
import type { ProcessKey } from './engine-event.ts';
import type { ThreadWait } from './seen-program.ts';

/** Whoever holds back what the engine asks, so that it comes in another order. */
export interface HoldingBack {
  /** While it does, nobody is known to wait in vain. */
  readonly isHolding: boolean;
  /** This very request is. */
  readonly holds: (requestId: number) => boolean;
  /** The time of this request does not run. */
  readonly isUntimed: (requestId: number) => boolean;
  /** The time of an attempt of this instance, pool or slot is over, or that of a step or of a start wait, and does not run for now. */
  readonly holdsUp: (instance: string, isStartWait: boolean) => boolean;
  /** But for what is held back, some could never go on; `isLive` tells of everybody else, who can. */
  readonly noteStuck: (isLive: (instance: string) => boolean) => void;
  /** Instances and slots that wait for ever behind an order that leads there; none before its end. */
  readonly ledTo: ReadonlySet<string>;
}

/** What the engine is told about its surroundings. */
export interface EngineOptions {
  readonly runId: string;
  readonly runFolder: string;
  /** mpctl's own environment, for `env.NAME` in texts that are completed while it runs. */
  readonly environment: Readonly<Record<string, string>>;
  /** Numbers from 0 up to 1, for the jitter of restarts; given from outside so that runs can be repeated. */
  readonly random: () => number;
  /** Number of a signal by its name on this system. */
  readonly signalNumber: (name: string) => number;
  /** Where in the spec something is written, `FILE:LINE`; null where that is not known any more. */
  readonly lineOf: (place: Place) => string | null;
  /** Asks the broker for what may be had without any wait; null where that is not known at once, and nothing was asked. */
  readonly askNow?: (owner: Owner, operation: Operation) => Outcome | null;
  /** What the threads of a command are at just now. */
  readonly lookNow?: (key: ProcessKey) => readonly ThreadWait[];
  /** Of a run that goes on from an earlier one: what became of the tasks of its pools. */
  readonly earlier?: ReadonlyMap<string, EarlierTasks>;
  /** It was started by a make with a jobserver, and can use that: no more commands run at once than it has tokens for. */
  readonly isUnderMake: boolean;
  /** Where its requests are held back. */
  readonly heldBack?: HoldingBack;
  /** Instances whose program is known to go on until it is stopped. */
  readonly endless?: ReadonlySet<string>;
}

/** Name of the semaphore that `max_parallel` is; no name of a spec can begin with a dot. */
export const runSlots = '.max_parallel';

/** Name of the semaphore that the jobserver of make is; that of a pool has the name of the pool behind it. */
export const makeJobserver = '.jobserver';

/** Whether a permit of this is a token of a jobserver. */
export function isJobserver(name: string): boolean {
  return name === makeJobserver || name.startsWith(`${makeJobserver}.`);
}

/** Whether this limits how many commands run, and is nothing that the spec has a name for. */
export function limitsCommands(name: string): boolean {
  return name === runSlots || isJobserver(name);
}

/** What users know it by. */
export function shownName(name: string): string {
  if (name === runSlots) return 'max_parallel';
  return isJobserver(name) ? 'jobserver' : name;
}
