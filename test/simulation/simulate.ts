import fc from 'fast-check';
import { Engine } from '../../src/engine/engine.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { randomSpec, type SpecData } from '../property/engine/random-spec.ts';
import { planOrNull } from '../property/engine/run-spec.ts';
import { runVirtually } from '../rig/virtual-world.ts';
import type { WorldOptions } from '../rig/world-options.ts';
import { type Schedule, scheduleOf } from './schedule.ts';

/** So many schedules in a row are of the same plan: to make one takes longer than to run it. */
export const schedulesPerPlan = 100;
/** Of random specs, about two in five are refused before a run. */
const mostDraws = 100;

/** What the specs of the simulation are drawn from. */
export const specs = randomSpec({ forever: true });

/** A spec, and the number that it was drawn with. */
export interface DrawnSpec {
  readonly draw: number;
  readonly spec: SpecData;
  readonly plan: Plan;
}

/** A schedule that breaks an invariant. */
export interface Failure {
  readonly drawn: DrawnSpec;
  readonly schedule: Schedule;
  readonly what: string;
}

/** What the engine needs of the world beside time: a simulation with another engine shows that it finds faults. */
export type EngineMaker = NonNullable<WorldOptions['createEngine']>;

const rightEngine: EngineMaker = (...input) => new Engine(...input);

/** The spec of a schedule: the first that is not refused. */
export function specOf(seed: number): DrawnSpec {
  const first = mostDraws * Math.floor(seed / schedulesPerPlan);
  for (let draw = first; draw < first + mostDraws; draw += 1) {
    const [spec] = fc.sample(specs, { seed: draw, numRuns: 1 });
    const plan = spec === undefined ? null : planOrNull(spec);
    if (spec !== undefined && plan !== null) return { draw, spec, plan };
  }
  throw new Error(`every spec of ${seed} is refused`);
}

/** The names of the processes of a plan, which a user may call. */
export function processesOf(plan: Plan): readonly string[] {
  return plan.instances.map(({ name }) => name);
}

/** What is wrong with the run of a plan under a schedule; null where nothing is. */
export function faultOf(plan: Plan, schedule: Schedule, createEngine = rightEngine): string | null {
  try {
    runVirtually(plan, { ...schedule.options, createEngine });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Runs the schedules of these numbers; the first that breaks an invariant, or null. */
export function simulate(from: number, count: number, createEngine = rightEngine): Failure | null {
  let drawn: DrawnSpec | null = null;
  for (let seed = from; seed < from + count; seed += 1) {
    if (drawn === null || seed % schedulesPerPlan === 0) drawn = specOf(seed);
    const schedule = scheduleOf(seed, processesOf(drawn.plan));
    const what = faultOf(drawn.plan, schedule, createEngine);
    if (what !== null) return { drawn, schedule, what };
  }
  return null;
}
