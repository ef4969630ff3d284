import { RunningTimer } from '../running-ms.ts';
import type { JobGroup } from './start-job.ts';

/** Between two looks at what a job has left behind. */
const lookMs = 20;
/** What it has left gets so long between SIGTERM and SIGKILL. */
const leftoverGraceMs = 1000;

/** The process groups of jobs, until nothing of them is left. */
export class JobGroups {
  /** Those that are being stopped, and the timer of their SIGKILL. */
  readonly #stopping = new Map<JobGroup, RunningTimer>();
  /** Those whose leader has ended while others of the group live. */
  readonly #leftovers = new Set<JobGroup>();
  #look: NodeJS.Timeout | null = null;
  #onEmpty: (() => void) | null = null;

  /** Ends the group: SIGTERM now, SIGKILL after the grace period. Called again it only shortens that. */
  stop(group: JobGroup, graceMs: number): void {
    const before = this.#stopping.get(group);
    before?.cancel();
    // A stopped process hears of nothing until it goes on.
    if (before === undefined) for (const signal of ['SIGTERM', 'SIGCONT'] as const) group.signal(signal);
    this.#stopping.set(group, new RunningTimer(graceMs, () => group.signal('SIGKILL')));
  }

  /** The leader has ended, and what it has left behind ends with it. */
  leaderEnded(group: JobGroup): void {
    if (!group.isAlive()) {
      this.#forget(group);
      return;
    }
    this.#leftovers.add(group);
    if (!this.#stopping.has(group)) this.stop(group, leftoverGraceMs);
    this.#look ??= setInterval(() => this.#lookForEnds(), lookMs);
  }

  /** Resolves when nothing of a job whose leader has ended is left. */
  async empty(): Promise<void> {
    if (this.#leftovers.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #lookForEnds(): void {
    for (const group of this.#leftovers) if (!group.isAlive()) this.#forget(group);
    if (this.#leftovers.size > 0 || this.#look === null) return;
    clearInterval(this.#look);
    this.#look = null;
    this.#onEmpty?.();
  }

  #forget(group: JobGroup): void {
    this.#stopping.get(group)?.cancel();
    this.#stopping.delete(group);
    this.#leftovers.delete(group);
    group.onGone();
  }
}
