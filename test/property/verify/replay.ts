import type { StuckInstance } from '../../../src/engine/run-event.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { type Departure, FollowSchedule } from '../../../src/schedule/follow-schedule.ts';
import type { Schedule } from '../../../src/schedule/schedule.ts';
import { StandIns } from '../../../src/schedule/stand-ins.ts';
import { withoutPrograms } from '../../../src/plan/without-programs.ts';
import { poolsBySlot } from '../../../src/plan/slots-of.ts';
import { timedPrograms } from '../../../src/plan/timed-programs.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

/** What became of a run along a schedule. */
export interface Replay {
  readonly exitCode: number;
  /** Where it has left its schedule; null where it never did. */
  readonly departure: Departure | null;
  /** Who was told to be in the first deadlock, if there was one: what runs in `finally` behind it may come to another. */
  readonly cycle: readonly StuckInstance[];
  /** How each instance ended; those that did not are left out. */
  readonly ends: ReadonlyMap<string, string>;
}

/** Runs a plan along a schedule, in virtual time. */
export function replay(plan: Plan, schedule: Schedule): Replay {
  let departure: Departure | null = null;
  const timed = timedPrograms(plan);
  const standIns = new StandIns(schedule, (instance) => timed.has(instance));
  const order = new FollowSchedule(
    schedule,
    (left) => {
      departure = left;
    },
    (instance) => standIns.started(instance),
    poolsBySlot(plan),
  );
  const { end, events } = runVirtually(withoutPrograms(plan), { inOrder: { order, endless: new Set(schedule.endless), standInOf: (instance) => standIns.next(instance) } });
  const [cycle = []] = events.flatMap((event) => (event.type === 'run.deadlock' ? [event.cycle] : []));
  const ends = new Map(events.flatMap((event) => (event.type === 'instance.ended' ? [[event.instance, event.state] as const] : [])));
  return { exitCode: end.exitCode, departure, cycle, ends };
}
