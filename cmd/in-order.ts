import type { Plan } from '../src/plan/plan.ts';
import { poolsBySlot, slotsOf } from '../src/plan/slots-of.ts';
import { FollowSchedule } from '../src/schedule/follow-schedule.ts';
import { RandomOrder } from '../src/schedule/random-order.ts';
import type { Schedule } from '../src/schedule/schedule.ts';
import { StandIns } from '../src/schedule/stand-ins.ts';
import { timedPrograms } from '../src/plan/timed-programs.ts';
import { standInCommand } from '../src/runtime/stand-in-command.ts';
import type { InOrder } from '../src/runtime/turns.ts';

/** What makes a run follow a schedule; `real` leaves its commands as they are. */
export function followSchedule(whole: Schedule, plan: Plan, real: boolean): InOrder {
  const schedule = real ? withoutTakesOfWorkers(whole, plan) : whole;
  const timed = timedPrograms(plan);
  const standIns = new StandIns(schedule, (instance) => timed.has(instance));
  const mpctl = [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
  return {
    createOrder: (warn) =>
      new FollowSchedule(schedule, ({ operation, why }) => {
        const { instance, op, on } = operation;
        const what = [`\`${instance}\``, op, ...on.map((name) => `\`${name}\``)].join(' ');
        warn(`the run has left its schedule at operation ${String(whole.operations.indexOf(operation) + 1)}, ${what}: ${why}; from here on it goes as it goes`);
      }, (instance) => standIns.started(instance), poolsBySlot(plan)),
    endless: real ? [] : schedule.endless,
    commandOf: real ? null : (instance) => standInCommand(plan, instance, standIns.next(instance), mpctl),
  };
}

/** Long-lived workers are given their tasks in no turn. */
function withoutTakesOfWorkers(schedule: Schedule, { pools }: Plan): Schedule {
  const slots = new Set(pools.flatMap((pool) => (pool.body.type === 'worker' ? slotsOf(pool) : [])));
  return { ...schedule, operations: schedule.operations.filter(({ instance, op }) => op !== 'take' || !slots.has(instance)) };
}

/** What makes a run take one of its many orders, the same for the same seed. */
export function takeRandomOrder(seed: number): InOrder {
  return { createOrder: () => new RandomOrder(seed), endless: [], commandOf: null };
}
