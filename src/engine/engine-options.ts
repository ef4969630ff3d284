import type { Place } from '../base/place.ts';
import type { EarlierTasks } from './earlier-tasks.ts';

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
  /** Of a run that goes on from an earlier one: what became of the tasks of its pools. */
  readonly earlier?: ReadonlyMap<string, EarlierTasks>;
}

/** Name of the semaphore that `max_parallel` is; no name of a spec can begin with a dot. */
export const runSlots = '.max_parallel';
