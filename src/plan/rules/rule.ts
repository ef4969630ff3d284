import type { Place } from '../../base/place.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { SourceRange } from '../../diagnostics/source.ts';
import type { Actor, Dependency, InstancePlan, Plan, PoolPlan } from '../plan.ts';
import type { PlanGaps } from '../build/plan-gaps.ts';
import type { Step } from '../step.ts';
import type { EndOfDaemons } from './end-of-daemons.ts';

/** Where a value of the spec, or its key, stands in the file. */
export type Locate = (place: Place, part: 'key' | 'value') => SourceRange;

/** A list of steps and who runs it; instances of one process that share their steps are one entry. */
export interface SharedBody {
  /** The process or pool, for messages. */
  readonly owner: string;
  /** Instances that run these steps; for a pool its own name. */
  readonly runners: readonly string[];
  /** Holds that everyone here has from the start. */
  readonly work: InstancePlan | PoolPlan;
  readonly steps: readonly Step[];
  /** Whether these are all its steps: none is missing that could not be read or resolved. */
  readonly isWhole: boolean;
}

/** What a rule looks at; made once for all rules. */
export interface RuleInput {
  /** Without the primitives of which not everything is known. */
  readonly plan: Plan;
  /** What of the spec could not be read or resolved: nothing is concluded from its absence. */
  readonly gaps: PlanGaps;
  readonly locate: Locate;
  readonly bodies: readonly SharedBody[];
  /** One representative of the instances that have everything but their name in common, and the pools. */
  readonly works: readonly (InstancePlan | PoolPlan)[];
  readonly instances: ReadonlyMap<string, InstancePlan>;
  /** What is done to a primitive, pool or instance, by its name. */
  readonly actors: ReadonlyMap<string, readonly Actor[]>;
  /** Dependencies whose condition was not written but taken by default. */
  readonly defaultConditions: ReadonlySet<Dependency>;
  /** Whether the steps of others may end a work, or the run, before it comes to anything. */
  readonly isEndedByOthers: (work: InstancePlan | PoolPlan) => boolean;
  /** Whether a run may succeed in which a work never starts. */
  readonly mayNeverStart: (work: InstancePlan | PoolPlan) => boolean;
  /** When the daemons of a run are ended with it at the earliest. */
  readonly endOfDaemons: EndOfDaemons;
}

/** One check over the whole plan: pure, and linear in the plan unless it says otherwise. */
export type Rule = (input: RuleInput) => readonly Diagnostic[];
