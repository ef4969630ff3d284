import { runningMs, watchForStops } from './running-ms.ts';

/** When something of a run was, as a wall clock showed it then, in ms since 1970. */
export type WallTime = (atMs: number) => number;

/** The time of one run: it begins at 0, and stands while mpctl is stopped. */
export class RunTime {
  #beganMs = runningMs();
  #beganWallMs = Date.now();
  /** When mpctl was stopped, and for how long. */
  readonly #stops: { readonly atMs: number; readonly stoppedMs: number }[] = [];
  readonly #unwatch: () => void;

  /** @param continued hears for how long mpctl was stopped, once it goes on */
  constructor(continued: (stoppedMs: number) => void) {
    this.#unwatch = watchForStops((stoppedMs) => {
      this.#stops.push({ atMs: this.nowMs(), stoppedMs });
      continued(stoppedMs);
    });
  }

  /** The run begins now, and not when it was made: to enter its cgroup takes a while. */
  begin(): void {
    this.#beganMs = runningMs();
    this.#beganWallMs = Date.now();
    this.#stops.length = 0;
  }

  readonly nowMs = (): number => runningMs() - this.#beganMs;

  /** For the logs that are read beside those of others. */
  readonly wallMs: WallTime = (atMs) => {
    let wallMs = this.#beganWallMs + atMs;
    for (const stop of this.#stops) if (stop.atMs < atMs) wallMs += stop.stoppedMs;
    return wallMs;
  };

  /** The run is over. */
  close(): void {
    this.#unwatch();
  }
}
