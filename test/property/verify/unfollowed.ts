import type { Departure } from '../../../src/schedule/follow-schedule.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { Schedule, ScheduledOperation, ScheduledVerb } from '../../../src/schedule/schedule.ts';
import type { ModelSystem } from '../../../src/verify/model-system.ts';
import type { Way } from '../../../src/verify/shortest-way.ts';

/** Of at most such a part of all specs may there be a schedule that is not followed, whatever the reason; and of so many where they are few. */
const mostUnfollowed = 0.05;
const fewUnfollowed = 3;

/** In the random specs. */
const condition = 'changed';
const lockOfCondition = 'left';

/** A schedule that a run was to follow. */
export interface Followed {
  readonly plan: Plan;
  readonly schedule: Schedule;
  /** The way through the model that it is of; null where only its verdict is known. */
  readonly model: { readonly system: ModelSystem; readonly way: Way } | null;
  /** Where the run has left it; null where it has only ended otherwise. */
  readonly departure: Departure | null;
}

/**
 * Why a run may not be able to follow a schedule: the model has more orders than a run, as the check says of a deadlock that it has
 * found. Each tells where in the schedule that begins to matter, if it does.
 */
const reasons: readonly (readonly [string, (followed: Followed) => number | null])[] = [
  ['whoever was notified, or waits for a notification that cannot come, has the lock again before those who ask for it later, and in the model when he likes', takesTheLockBefore],
  ['all who wait hear of the end of a queue at once, and in the model one after the other', goesOnBehindAnEnd],
];

/** Those that have turns. */
function withoutPrograms({ operations }: Schedule): readonly ScheduledOperation[] {
  return operations.filter(({ op }) => op !== 'program');
}

/** Somebody takes the lock of a condition, who did not ask for it before, while another one who waited there has not come back to it. */
function takesTheLockBefore({ schedule: { operations } }: Followed): number | null {
  const waiting: string[] = [];
  const comingBack = new Set<string>();
  let isImpossible = false;
  for (const [position, { instance, op, on, outcome }] of operations.entries()) {
    if (op === 'acquire' && outcome === 'done' && on.includes(lockOfCondition) && [...comingBack].some((other) => other !== instance)) return position;
    if (comingBack.delete(instance)) continue;
    if (waiting.includes(instance)) waiting.splice(waiting.indexOf(instance), 1);
    if (op === 'notify') {
      const notified = waiting.shift();
      if (notified !== undefined) comingBack.add(notified);
    }
    if (op !== 'wait' || !on.includes(condition)) continue;
    if (outcome === 'ends') isImpossible = true;
    else if (isImpossible) comingBack.add(instance);
    else waiting.push(instance);
  }
  return null;
}

/** Somebody puts into a queue that was at its end, or takes from it: where that was found. */
function goesOnBehindAnEnd({ schedule: { operations, waiting } }: Followed): number | null {
  const isOn = (queues: readonly string[], { op, on }: { readonly op: ScheduledVerb; readonly on: readonly string[] }): boolean => (op === 'put' || op === 'get') && on.some((queue) => queues.includes(queue));
  const found = operations.findIndex(
    ({ op, on, outcome }, position) =>
      op === 'get' && outcome === 'ends' && (operations.slice(position + 1).some((other) => other.outcome !== 'ends' && isOn(on, other)) || waiting.some((wait) => isOn(on, wait))),
  );
  return found === -1 ? null : found;
}

/** Counts the schedules that runs have followed, and why the others were not. */
export class Unfollowed {
  #followed = 0;
  readonly #counts = new Map<string, number>();
  readonly #specs = new Set<Plan>();
  readonly #unfollowed = new Set<Plan>();

  /** What went wrong, where no reason is known for it; null where all is well. */
  unexplained(followed: Followed, why: string | null): string | null {
    this.#specs.add(followed.plan);
    if (why === null) {
      this.#followed += 1;
      return null;
    }
    const leftAt = followed.departure?.position ?? Infinity;
    const schedule = { ...followed.schedule, operations: withoutPrograms(followed.schedule) };
    const reason = reasons.find(([, begins]) => {
      const begin = begins({ ...followed, schedule });
      return begin !== null && leftAt >= begin;
    });
    if (reason === undefined) return why;
    this.#unfollowed.add(followed.plan);
    this.#counts.set(reason[0], (this.#counts.get(reason[0]) ?? 0) + 1);
    return null;
  }

  /** Says how many there were of each, and whether they are few. */
  async areFew(annotate: (message: string) => Promise<unknown>): Promise<boolean> {
    await annotate([`${this.#followed} followed`, ...[...this.#counts].map(([reason, count]) => `${count} not, since ${reason}`)].join('; '));
    return this.#unfollowed.size <= Math.max(fewUnfollowed, mostUnfollowed * this.#specs.size);
  }
}
