import type { Schedule, ScheduledVerb } from '../../../src/schedule/schedule.ts';

/** At most such a part of all schedules may not be followed, whatever the reason. */
const mostUnfollowed = 0.2;

/** In the random specs. */
const pool = 'crew';
const condition = 'changed';

/** Why a run may not be able to follow a schedule: each is something that the check says of a deadlock that it has found, or of the model. */
const reasons: readonly (readonly [string, (schedule: Schedule) => boolean])[] = [
  ['a pool starts its tasks in order, where in the model a slot takes whichever there is', ({ operations }) => operations.some(({ instance }) => instance.startsWith(`${pool}-`))],
  ['whoever was notified takes the lock again before those who come later, and in the model when he likes', ({ operations }) => operations.some(({ op, on }) => op === 'notify' && on.includes(condition))],
  ['all who wait hear of the end of a queue at once, and in the model one after the other', goesOnBehindAnEnd],
];

/** Somebody puts into a queue that was at its end, or takes from it. */
function goesOnBehindAnEnd({ operations, waiting }: Schedule): boolean {
  const ended = new Set<string>();
  const isBehind = (op: ScheduledVerb, on: readonly string[]): boolean => (op === 'put' || op === 'get') && on.some((queue) => ended.has(queue));
  const goesOn = operations.some(({ op, on, outcome }) => {
    if (op === 'get' && outcome === 'ends') for (const queue of on) ended.add(queue);
    return outcome !== 'ends' && isBehind(op, on);
  });
  return goesOn || waiting.some(({ op, on }) => isBehind(op, on));
}

/** Counts the schedules that runs have followed, and why the others were not. */
export class Unfollowed {
  #followed = 0;
  readonly #counts = new Map<string, number>();

  /** What went wrong, where no reason is known for it; null where all is well. */
  unexplained(schedule: Schedule, why: string | null): string | null {
    if (why === null) {
      this.#followed += 1;
      return null;
    }
    const reason = reasons.find(([, applies]) => applies(schedule));
    if (reason === undefined) return why;
    this.#counts.set(reason[0], (this.#counts.get(reason[0]) ?? 0) + 1);
    return null;
  }

  /** Says how many there were of each, and whether they are few. */
  async areFew(annotate: (message: string) => Promise<unknown>): Promise<boolean> {
    const left = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    await annotate([`${this.#followed} followed`, ...[...this.#counts].map(([reason, count]) => `${count} not, since ${reason}`)].join('; '));
    return left <= Math.max(3, mostUnfollowed * (this.#followed + left));
  }
}
