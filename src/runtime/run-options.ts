import type { Place } from '../base/place.ts';
import type { RunEvent } from '../engine/run-event.ts';

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
  /** Hears everything that happens, in order. */
  readonly report: (event: RunEvent) => void;
  /** Registers who is told when nobody reads what is reported any more; the run is then stopped. */
  readonly onReaderGone?: (listener: () => void) => void;
}
