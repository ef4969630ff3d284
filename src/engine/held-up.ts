/* Times that do not run as long as whoever has them is held back in an order of its own. */
import type { Context } from './context.ts';
import { slotName } from './task-life.ts';
import type { TimerPurpose } from './timer-purpose.ts';
import type { Timer } from './timers.ts';

/** It is looked so much later whether a time runs again that did not, in ms. */
const heldUpMs = 1000;

/** Whether the time that is over does not run for now: the timer is put off then. */
export function isHeldUp(context: Context, timer: Timer<TimerPurpose>): boolean {
  const { heldBack } = context.options;
  const whose = heldBack === undefined ? null : whoseLimit(context, timer.purpose);
  if (whose === null || heldBack?.holdsUp(whose, timer.purpose.type === 'dependency_timeout') !== true) return false;
  context.timers.putOff(timer, context.nowMs + heldUpMs);
  return true;
}

/** Whether it will come: it is armed, and whoever waits for it is not held back for good. */
export function willCome(context: Context, timer: Timer<TimerPurpose> | null | undefined): boolean {
  if (timer?.armed !== true) return false;
  const ledTo = context.options.heldBack?.ledTo;
  if (ledTo === undefined || ledTo.size === 0) return true;
  const whose = whoseLimit(context, timer.purpose);
  return whose === null || ledTo.has(whose);
}

/** The instance, pool or slot whose wait or attempt has no more time then, or may end by what a probe finds; null of what is no limit of somebody's. */
function whoseLimit(context: Context, purpose: TimerPurpose): string | null {
  switch (purpose.type) {
    case 'attempt_timeout':
    case 'probe':
      return purpose.instance;
    case 'dependency_timeout':
      return purpose.unit;
    case 'step_timeout': {
      const machine = context.machines.get(purpose.machine);
      // What waits for nothing any more but its time goes on by that.
      return machine === undefined || machine.blocked?.type === 'sleep' ? null : machine.instance;
    }
    case 'task_timeout': {
      const pool = context.pool(purpose.pool);
      const slot = pool.tasks.get(purpose.task)?.slot ?? null;
      return slot === null ? null : slotName(pool, slot);
    }
    default:
      return null;
  }
}
