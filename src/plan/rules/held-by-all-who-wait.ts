import type { Actor, InstancePlan, PoolPlan } from '../plan.ts';
import { permitsOfAll } from './permits-of-all.ts';
import type { RuleInput } from './rule.ts';

/** Of more permits every number is taken for one that may be held. */
const mostCounted = 1000;

/** Who submits what needs the same as he holds. */
export interface Submitter {
  readonly deed: Actor;
  readonly work: InstancePlan | PoolPlan;
  readonly held: number;
  readonly pool: string;
  readonly needed: number;
}

/** A semaphore, and all who may wait for what needs it while they hold it. */
export interface HeldTogether {
  readonly name: string;
  readonly first: Submitter;
  readonly others: readonly Submitter[];
}

/**
 * Programs that hold some permits of a semaphore each from start to exit, and submit tasks that need some as well. Where
 * as many of them as can hold some at once wait for the results of these, too few are left for any. Whoever has all that is needed alone is left out.
 */
export function heldByAllWhoWait(input: RuleInput): readonly HeldTogether[] {
  const works = new Map([...input.works].map((work) => [work.name, work]));
  const deeds = input.plan.actors.filter(({ action, by, who }) => by.type === 'uses' && action === 'submit' && (works.get(who)?.holds.length ?? 0) > 0);
  if (deeds.length === 0) return [];
  return [...permitsOfAll(input)].flatMap(([name, total]) => {
    const submitters = deeds.flatMap((deed) => submitterOf(input, deed, works.get(deed.who), name));
    const fits = submitters.filter(({ held, needed }) => held <= total && needed <= total);
    const [first, ...others] = fits;
    const needed = Math.max(0, ...fits.map((one) => one.needed));
    if (first === undefined || fits.some((one) => one.held + one.needed > total) || leavesEnough(fits, total, needed)) return [];
    return [{ name, first, others }];
  });
}

function submitterOf({ plan }: RuleInput, deed: Actor, work: InstancePlan | PoolPlan | undefined, name: string): readonly Submitter[] {
  const pool = plan.pools.find((one) => one.name === deed.name);
  const held = work === undefined ? 0 : permitsIn(work, name);
  const needed = pool === undefined ? 0 : permitsIn(pool, name);
  return work === undefined || pool === undefined || held === 0 || needed === 0 ? [] : [{ deed, work, held, pool: pool.name, needed }];
}

function permitsIn({ holds }: InstancePlan | PoolPlan, name: string): number {
  return holds.find((demand) => demand.name === name)?.permits ?? 0;
}

/** Whether so many are left, whichever of these hold some at once. */
function leavesEnough(submitters: readonly Submitter[], total: number, needed: number): boolean {
  const holders = [...new Map(submitters.map(({ work, held }) => [work, { held, times: Math.min('workers' in work ? work.workers : 1, Math.floor(total / held)) }])).values()];
  if (holders.reduce((sum, { held, times }) => sum + held * times, 0) + needed <= total) return true;
  // Which of that many are held at once is not worth the time.
  if (total > mostCounted) return false;
  const sums = new Set([0]);
  for (const { held, times } of holders) {
    for (let time = 0; time < times; time += 1) {
      for (const sum of [...sums]) if (sum + held <= total) sums.add(sum + held);
      if ([...sums].some((sum) => sum + needed > total)) return false;
    }
  }
  return true;
}
