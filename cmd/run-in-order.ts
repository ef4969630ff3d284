import { randomInt } from 'node:crypto';
import type { Plan } from '../src/plan/plan.ts';
import { withoutPrograms } from '../src/plan/without-programs.ts';
import type { InOrder } from '../src/runtime/turns.ts';
import type { CommandContext } from './context.ts';
import { exitWith, type Exit } from './exit.ts';
import { exploreRuns } from './explore-runs.ts';
import { followSchedule } from './in-order.ts';
import { readSchedule } from './read-schedule.ts';
import type { RunFlags } from './run-flags.ts';

const mostSeeds = 2 ** 31;

/** A plan that is run in an order of its own. */
interface OrderedPlan {
  readonly plan: Plan;
  readonly inOrder?: InOrder;
}

/** Runs a plan along the schedule of a file, or so many times in another order. */
export async function runInOrder(
  context: CommandContext,
  plan: Plan,
  { schedule: file, real, explore, seed }: Pick<RunFlags, 'schedule' | 'real' | 'explore' | 'seed'>,
  run: (ordered: OrderedPlan) => Promise<Exit>,
): Promise<Exit> {
  const { host } = context;
  // The mpctl in a namespace does all of it.
  if (plan.containment === 'pidns' && (host.outside ?? null) === null && host.isOwnProcess === true) return run({ plan });
  if (file === undefined) {
    const write = (text: string): void => {
      host.stderr.write(text);
    };
    return exploreRuns({ runs: explore ?? 1, seed: seed ?? randomInt(mostSeeds) }, write, (inOrder) => run({ plan, inOrder }));
  }
  const schedule = readSchedule(file, host.workingDir, plan);
  if (!schedule.ok) {
    context.printDiagnostics([schedule.error.finding]);
    return exitWith(schedule.error.exitCode);
  }
  return run({ plan: real === true ? plan : withoutPrograms(plan), inOrder: followSchedule(schedule.value, plan, real === true) });
}
