import fc from 'fast-check';
import { planOrNull } from '../property/engine/run-spec.ts';
import { dangers, scheduleOf } from './schedule.ts';
import { type EngineMaker, type Failure, faultOf, processesOf, specs } from './simulate.ts';

/** So many schedules are tried with each smaller spec: with another spec, the same number is another schedule. */
const schedulesEach = 10;
const limitMs = 30_000;

/** The same failure, or another one, with a smaller spec and some of its dangers. */
export function shrink(failure: Failure, createEngine?: EngineMaker): Failure {
  const { drawn } = failure;
  let smallest = failure;
  const fails = fc.property(specs, (spec) => {
    const plan = planOrNull(spec);
    if (plan === null) return;
    for (let more = 0; more < schedulesEach; more += 1) {
      const schedule = scheduleOf(failure.schedule.seed + more, processesOf(plan), failure.schedule.dangers);
      const what = faultOf(plan, schedule, createEngine);
      if (what === null) continue;
      smallest = { drawn: { ...drawn, spec, plan }, schedule, what };
      throw new Error(what);
    }
  });
  fc.check(fails, { seed: drawn.draw, numRuns: 1, plugins: [fc.interruptAfterTimeLimit(limitMs)] });
  return withoutNeedlessDangers(smallest, createEngine);
}

function withoutNeedlessDangers(failure: Failure, createEngine?: EngineMaker): Failure {
  const { drawn, schedule } = failure;
  let least = failure;
  for (const danger of dangers) {
    const allowed = least.schedule.dangers.filter((other) => other !== danger);
    const without = scheduleOf(schedule.seed, processesOf(drawn.plan), allowed);
    const what = faultOf(drawn.plan, without, createEngine);
    if (what !== null) least = { drawn, schedule: without, what };
  }
  return least;
}
