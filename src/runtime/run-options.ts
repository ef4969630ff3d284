import type { Json } from '../base/json.ts';
import type { Place } from '../base/place.ts';
import type { EarlierTasks } from '../engine/earlier-tasks.ts';
import type { RunLook } from '../engine/engine.ts';
import type { RunEvent } from '../engine/run-event.ts';
import type { OnParentExit } from './foreground.ts';
import type { Outside } from './outside.ts';
import type { RunRequest } from './run-folder/run-record.ts';
import type { InOrder } from './turns.ts';
import type { Viewer } from './viewer.ts';

/** A run that another one goes on from. */
export interface EarlierRun {
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  /** What became of the tasks of its pools. */
  readonly tasks: ReadonlyMap<string, EarlierTasks>;
}

/** How a run stands, for a person who wants to know why it does not end. */
export interface RunDump extends RunLook {
  /** Its locks, queues and so on, as `mpctl why` has them. */
  readonly things: readonly Json[];
  readonly run: string;
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
  /** In which order the primitives are asked, where that is not as it comes. */
  readonly inOrder?: InOrder;
  /** This process is mpctl itself, and may be moved to where whatever it starts is ended with the run. */
  readonly isOwnProcess?: boolean;
  /** The mpctl that was called, where this one runs in a PID namespace in its place; null elsewhere. */
  readonly outside?: Outside | null;
  /** Hears everything that happens, in order. */
  readonly report: (event: RunEvent) => void;
  /** Hears how the run stood when SIGQUIT came, after everything was killed. */
  readonly onQuit?: (dump: RunDump) => void;
  /** What the end of the process that called this one does; without it, nothing. */
  readonly onParentExit?: OnParentExit;
  /** Who is given what is reported; without one nothing waits for it to be taken. */
  readonly viewer?: Viewer;
  /** Registers who is told when nobody reads what is reported any more; the run is then stopped. */
  readonly onReaderGone?: (listener: () => void) => void;
}
