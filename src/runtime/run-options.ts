import type { Place } from '../base/place.ts';
import type { EarlierTasks } from '../engine/earlier-tasks.ts';
import type { RunEvent } from '../engine/run-event.ts';
import type { RunRequest } from './run-folder/run-record.ts';
import type { Viewer } from './viewer.ts';

/** A run that another one goes on from. */
export interface EarlierRun {
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  /** What became of the tasks of its pools. */
  readonly tasks: ReadonlyMap<string, EarlierTasks>;
}

/** What a run needs besides its plan. */
export interface RunOptions {
  /** mpctl's own environment, which every worker inherits. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path of the spec, or a name for standard input. */
  readonly specPath: string;
  /** Absolute folder that `.mpctl` is made in. */
  readonly projectFolder: string;
  /** Absolute path of the folder with `mpctl.py`, for workers in Python. */
  readonly pythonFolder: string;
  /** Where in the spec something is written, `FILE:LINE`; null where that is not known any more. */
  readonly lineOf: (place: Place) => string | null;
  /** What the run was called with; null where nobody is to go on from it by a command. */
  readonly request?: RunRequest;
  /** The run that this one goes on from. */
  readonly earlier?: EarlierRun;
  /** Hears everything that happens, in order. */
  readonly report: (event: RunEvent) => void;
  /** Who is given what is reported; without one nothing waits for it to be taken. */
  readonly viewer?: Viewer;
  /** Registers who is told when nobody reads what is reported any more; the run is then stopped. */
  readonly onReaderGone?: (listener: () => void) => void;
}
