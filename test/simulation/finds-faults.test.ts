import { expect, test } from 'vitest';
import { createEngineWith, type EngineMutant } from '../rig/virtual-mutant.ts';
import { processesOf, schedulesPerPlan, simulate, faultOf, specOf } from './simulate.ts';
import { scheduleOf } from './schedule.ts';
import { shrink } from './shrink.ts';

/* A simulation that finds nothing says something only if it would find what is wrong. */

const mutants: readonly EngineMutant[] = [
  {
    fault: 'SIGKILL is never sent when the grace period is over',
    file: 'process-life.ts',
    find: "  signalGroup(context, state, 'SIGKILL');\n}\n\n/** The stop command",
    replace: '}\n\n/** The stop command',
  },
  {
    fault: 'a user starts things after the second signal',
    file: 'stop-order.ts',
    find: "(phase !== 'main' && phase !== 'finally') || signals > 1",
    replace: "phase === 'over'",
  },
  {
    fault: 'the next attempt does not wait for what the one before has left behind',
    file: 'process-life.ts',
    find: '  const over = state.failure !== null || (state.exit !== null && !state.groupIsAlive);',
    replace: '  const over = state.failure !== null || state.exit !== null;',
  },
];

test.each(mutants)('finds that $fault, and shows it with less', async (mutant) => {
  const createEngine = await createEngineWith(mutant);
  const failure = simulate(0, 5000, createEngine);
  if (failure === null) throw new Error('it was not found');
  const smaller = shrink(failure, createEngine);
  expect(JSON.stringify(smaller.drawn.spec).length).toBeLessThanOrEqual(JSON.stringify(failure.drawn.spec).length);
  expect(smaller.schedule.dangers.length).toBeLessThanOrEqual(failure.schedule.dangers.length);
  expect(faultOf(smaller.drawn.plan, smaller.schedule, createEngine)).toBe(smaller.what);
  expect(faultOf(smaller.drawn.plan, smaller.schedule)).toBeNull();
});

test('the number of a schedule is all that it takes to see it again', () => {
  const seed = 7 * schedulesPerPlan + 3;
  const [one, other] = [specOf(seed), specOf(seed)];
  expect(other.spec).toEqual(one.spec);
  expect(scheduleOf(seed, processesOf(other.plan))).toEqual(scheduleOf(seed, processesOf(one.plan)));
});
