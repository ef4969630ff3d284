import type { PoolPlan } from '../plan.ts';
import { countDeeds, never, times, type Count, type Weigh } from './count-deeds.ts';
import { mustSucceed } from './must-succeed.ts';
import type { RuleInput, SharedBody } from './rule.ts';

/** How often an instance, or all tasks of a pool together, do something in a run. */
export interface DeedCount extends Count {
  readonly who: string;
  readonly body: SharedBody;
}

/**
 * Counts what the steps of instances and pools do in a run: at least where the run succeeds, at most in any run. Who
 * has no steps does nothing by steps, and is left out.
 */
export function deedCounter(input: RuleInput): (who: Iterable<string>, weigh: Weigh) => readonly DeedCount[] {
  // Most specs have nothing to count.
  let known: { readonly bodies: ReadonlyMap<string, SharedBody>; readonly sure: ReadonlySet<string> } | null = null;
  return (who, weigh) => {
    known ??= { bodies: new Map(input.bodies.flatMap((body) => body.runners.map((runner) => [runner, body] as const))), sure: mustSucceed(input) };
    const { bodies, sure } = known;
    const counts = new Map<SharedBody, Count>();
    return [...new Set(who)].flatMap((name) => {
      const body = bodies.get(name);
      if (body === undefined) return [];
      const count = counts.get(body) ?? perRun(input, body, weigh);
      counts.set(body, count);
      return [{ who: name, body, least: sure.has(name) ? count.least : 0, most: count.most }];
    });
  };
}

function perRun(input: RuleInput, body: SharedBody, weigh: Weigh): Count {
  const { least, most } = countDeeds(body.steps, weigh);
  const lives = mayRunAgain(input, body) ? Number.POSITIVE_INFINITY : 1;
  if (!('tasks' in body.work)) return { least, most: times(most, lives) };
  const tasks = tasksOf(input, body.work);
  if (tasks === null) return { ...never, most: times(most, Number.POSITIVE_INFINITY) };
  return { least: times(least, tasks), most: times(most, times(tasks, lives) * body.work.retry.attempts) };
}

/** Restarted, or started by a step or a program once more. */
function mayRunAgain({ actors }: RuleInput, { runners, work }: SharedBody): boolean {
  if (!work.autostart || ('restart' in work && work.restart !== 'no')) return true;
  return runners.some((runner) => (actors.get(runner) ?? []).some(({ action }) => action === 'start'));
}

/** How many tasks a pool has; null where that is not known before the run. */
export function tasksOf({ actors }: RuleInput, { name, tasks }: PoolPlan): number | null {
  if ((actors.get(name) ?? []).some(({ action }) => action === 'submit')) return null;
  switch (tasks.type) {
    case 'items':
    case 'matrix':
      return tasks.items.length;
    case 'range':
      return Math.max(0, Math.floor((tasks.last - tasks.first) / tasks.step) + 1);
    default:
      return null;
  }
}
