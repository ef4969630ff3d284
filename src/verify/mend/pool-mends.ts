import type { Plan, PoolPlan } from '../../plan/plan.ts';
import { editSteps } from './edit-steps.ts';
import type { Mend } from './mend.ts';

/** What tasks of a pool submit to their own pool, or to one whose tasks submit to it in turn, has another one. */
export function* poolOfTheirOwn(plan: Plan, pools: readonly PoolPlan[]): Generator<Mend> {
  for (const pool of pools) if (submits(plan, pool.name).includes(pool.name)) yield ofItsOwn(plan, pool, pool);
  // Of a ring of pools one has to be left, and with the last of them it is seen best what is submitted in turn.
  for (const who of pools.toReversed()) {
    for (const pool of pools) if (pool !== who && submits(plan, who.name).includes(pool.name) && comesTo(plan, pool.name, who.name)) yield ofItsOwn(plan, who, pool);
  }
}

function ofItsOwn(plan: Plan, who: PoolPlan, pool: PoolPlan): Mend {
  const name = `${pool.name}-inner`;
  // What its tasks are is not known; those of a command wait for nobody, and then more workers let nobody wait who does not with one.
  const inner: PoolPlan = { ...pool, name, workers: 1, tasks: { type: 'none' }, body: { type: 'steps', steps: [] } };
  const moved = editSteps(plan, (steps, runner) => steps.map((step) => (runner === who.name && step.verb === 'submit' && step.pool === pool.name ? { ...step, pool: name } : step)));
  return {
    hint: `give what the tasks of \`${who.name}\` submit${who === pool ? '' : ` to \`${pool.name}\``} a pool of its own`,
    plan: { ...moved, pools: [...moved.pools, inner], actors: plan.actors.map((actor) => (actor.action === 'submit' && actor.who === who.name && actor.name === pool.name ? { ...actor, name } : actor)) },
  };
}

/** To which pools the tasks of one submit. */
function submits({ actors }: Plan, pool: string): readonly string[] {
  return actors.flatMap(({ action, who, name }) => (action === 'submit' && who === pool ? [name] : []));
}

/** Whether a task of one pool may lead to a task of another one. */
function comesTo(plan: Plan, from: string, to: string): boolean {
  const reached = new Set([from]);
  for (const pool of reached) for (const next of submits(plan, pool)) reached.add(next);
  return reached.has(to);
}
