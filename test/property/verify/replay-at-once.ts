import type { RunEvent } from '../../../src/engine/run-event.ts';
import { withoutPrograms } from '../../../src/plan/without-programs.ts';
import { poolsBySlot } from '../../../src/plan/slots-of.ts';
import { timedPrograms } from '../../../src/plan/timed-programs.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { type Departure, FollowSchedule } from '../../../src/schedule/follow-schedule.ts';
import type { HeldRequest, OperationOrder } from '../../../src/schedule/operation-order.ts';
import type { Schedule } from '../../../src/schedule/schedule.ts';
import { StandIns } from '../../../src/schedule/stand-ins.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

/** What became of a run along a schedule in which each slot takes its next task as soon as there is one, as in a run without a schedule. */
export interface ReplayAtOnce {
  readonly exitCode: number;
  readonly departure: Departure | null;
}

/** Whichever slot has a task in the schedule, in such a run it is the lowest that is free: which, shows only in a run. */
const mostTries = 40;

/** Follows a schedule but for when a slot takes a task, and which. */
export function replayAtOnce(plan: Plan, schedule: Schedule): ReplayAtOnce {
  let slots: ReadonlyMap<string, readonly number[]> = new Map();
  for (let tries = 0; ; tries += 1) {
    const { replayed, taken } = follow(plan, renamed(plan, schedule, slots));
    if (tries === mostTries || isSame(slots, taken)) return replayed;
    slots = taken;
  }
}

/** Follows one whose slots have the names that they have in the run, as far as these are known; and which slot has taken the first task of each pool, the second, and so on. */
function follow(plan: Plan, schedule: Schedule): { readonly replayed: ReplayAtOnce; readonly taken: ReadonlyMap<string, readonly number[]> } {
  let departure: Departure | null = null;
  const timed = timedPrograms(plan);
  const standIns = new StandIns(schedule, (instance) => timed.has(instance));
  const inTurn = new FollowSchedule(
    schedule,
    (left) => {
      departure = left;
    },
    (instance) => standIns.started(instance),
    poolsBySlot(plan),
  );
  const order = takingAtOnce(inTurn);
  const { end, events } = runVirtually(withoutPrograms(plan), { inOrder: { order, endless: new Set(schedule.endless), standInOf: (instance) => standIns.next(instance) } });
  return { replayed: { exitCode: end.exitCode, departure }, taken: takenIn(events) };
}

function takingAtOnce(inTurn: OperationOrder): OperationOrder {
  return {
    quietMs: inTurn.quietMs,
    get isHolding() {
      return inTurn.isHolding;
    },
    get ledTo() {
      return inTurn.ledTo;
    },
    holds: (id) => inTurn.holds(id),
    holdsUp: (instance, isStartWait) => inTurn.holdsUp(instance, isStartWait),
    isUntimed: (id) => inTurn.isUntimed(id),
    offer: (request: HeldRequest, nowMs) => request.operation.verb !== 'take' && inTurn.offer(request, nowMs),
    offerClosing: (closing) => inTurn.offerClosing(closing),
    withdraw: (id) => inTurn.withdraw(id),
    withdrawAllOf: (instance, isFinal) => inTurn.withdrawAllOf(instance, isFinal),
    settled: (id, outcome) => inTurn.settled(id, outcome),
    noteStuck: (isLive) => inTurn.noteStuck(isLive),
    next: (nowMs) => inTurn.next(nowMs),
  };
}

function takenIn(events: readonly RunEvent[]): ReadonlyMap<string, readonly number[]> {
  const taken = new Map<string, number[]>();
  for (const event of events) if (event.type === 'task.started') taken.set(event.pool, [...(taken.get(event.pool) ?? []), event.worker]);
  return taken;
}

function renamed({ pools }: Plan, schedule: Schedule, taken: ReadonlyMap<string, readonly number[]>): Schedule {
  const names = new Set(pools.map(({ name }) => name));
  const poolOf = (name: string): string | null => (names.has(name) || !names.has(name.replace(/-\d+$/u, '')) ? null : name.replace(/-\d+$/u, ''));
  const counts = new Map<string, number>();
  const now = new Map<string, string>();
  const operations = schedule.operations.flatMap((operation) => {
    const { instance, op } = operation;
    const pool = poolOf(instance);
    if (pool !== null && op === 'take') {
      const count = counts.get(pool) ?? 0;
      counts.set(pool, count + 1);
      const slot = taken.get(pool)?.[count];
      if (slot !== undefined) now.set(instance, `${pool}-${String(slot)}`);
      return [];
    }
    return [{ ...operation, instance: now.get(instance) ?? instance }];
  });
  const name = (slot: string): string => now.get(slot) ?? slot;
  return { ...schedule, operations, waiting: schedule.waiting.map((one) => ({ ...one, instance: name(one.instance) })), ...(schedule.stuck === undefined ? {} : { stuck: schedule.stuck.map(name) }) };
}

function isSame(some: ReadonlyMap<string, readonly number[]>, others: ReadonlyMap<string, readonly number[]>): boolean {
  return JSON.stringify([...some]) === JSON.stringify([...others]);
}
