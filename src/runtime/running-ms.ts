/* The one clock of deadlines of this process: it is the whole process that is stopped and goes on. */
import { monotonicMs } from './monotonic-ms.ts';
import { beatMs, RunningClock } from './running-clock.ts';

/** Longest time that a timer of Node can be set to, in ms. */
const longestTimerMs = 2 ** 31 - 1;

let watchers = 0;
let beats: NodeJS.Timeout | null = null;
const clock = new RunningClock({ monotonicMs, afterSignals });

/**
 * So long the SIGCONT of a stop may be on its way, in ms: any thread of the process may take it, and on a busy
 * machine that one may be held up before it tells the event loop.
 */
const longestOnTheWayMs = 50;

/** Once a signal has reached the event loop, it is read between the first and the second of the turns at the latest. */
function afterSignals(act: () => void): void {
  setTimeout(() => setImmediate(() => setImmediate(act)), longestOnTheWayMs);
}

function heardContinue(): void {
  clock.continued();
}

/** Milliseconds of the monotonic clock, from an arbitrary start, without those for which mpctl was stopped while it was watched. */
export function runningMs(): number {
  return clock.nowMs();
}

/** Whether the clock stands, for `longestOnTheWayMs` at most, until it is known whether mpctl was stopped. */
export function isTimeInDoubt(): boolean {
  return clock.isInDoubt;
}

/** Leaves the times out for which mpctl is stopped, and tells how long each was, until the answer is called. */
export function watchForStops(stopped: (stoppedMs: number) => void): () => void {
  const forget = clock.onStopped(stopped);
  watchers += 1;
  if (watchers === 1) {
    clock.watch();
    beats = setInterval(() => clock.nowMs(), beatMs).unref();
    process.on('SIGCONT', heardContinue);
  }
  return () => {
    forget();
    watchers -= 1;
    if (watchers > 0) return;
    process.removeListener('SIGCONT', heardContinue);
    if (beats !== null) clearInterval(beats);
    clock.unwatch();
  };
}

/** The clock stands while this runs, in which mpctl is stopped. */
export function whileStopped(act: () => void): void {
  clock.stand();
  try {
    act();
  } finally {
    clock.goOn();
  }
}

/** A timer that does not count the time for which mpctl is stopped. */
export class RunningTimer {
  readonly #dueMs: number;
  readonly #act: () => void;
  #timer: NodeJS.Timeout;

  /** Acts once, after so long. */
  constructor(delayMs: number, act: () => void) {
    this.#dueMs = runningMs() + delayMs;
    this.#act = act;
    this.#timer = this.#set();
  }

  /** It will not act. */
  cancel(): void {
    clearTimeout(this.#timer);
  }

  #set(): NodeJS.Timeout {
    const leftMs = this.#dueMs - runningMs();
    // How long it is to sleep is not known before that.
    const delayMs = isTimeInDoubt() ? 1 : Math.min(longestTimerMs, Math.max(0, Math.ceil(leftMs)));
    return setTimeout(() => {
      if (runningMs() >= this.#dueMs) this.#act();
      else this.#timer = this.#set();
    }, delayMs);
  }
}
