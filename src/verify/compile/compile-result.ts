import type { PoolPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import type { Fact, Script, Statement, StepOnRun, Way } from '../model.ts';
import { either, firstOf, orFails } from '../script-words.ts';
import { type CompileContext, handleQueue } from './compile-context.ts';
import { handleFailures } from './handle-failures.ts';
import { isHandleApart } from './handles-apart.ts';
import { mayBeEnded } from './may-be-ended.ts';
import { mayHalt } from './may-halt.ts';
import { poolsOfHandle } from './pools-of-handle.ts';
import { stopsAtHalt } from './task-failures.ts';

/** A `result` step, and whose it is. */
interface ResultStep {
  /** The instance or pool of the plan. */
  readonly who: string;
  /** The actor of the model. */
  readonly actor: string;
  readonly step: Extract<Step, { verb: 'result' }>;
  /** It goes on after its time where it waits in vain. */
  readonly runsItsTime: boolean;
  /** Waits for one of these ways to be open, as long as the step may. */
  readonly waits: (ways: readonly Way[]) => Statement;
}

/**
 * A step `result`: it fails with the first task that has not succeeded once those before that are over (`src/engine/watch-joins.ts`), though
 * others of its handle are not, be it that this was cancelled, since its pool is halted or has ended. A handle is of the tasks that were
 * submitted with it last, and so of one pool.
 */
export function compileResult(context: CompileContext, result: ResultStep): Script {
  const { who, step: { handle, place } } = result;
  const pools = poolsOfHandle(context, who, handle).flatMap((name) => context.pool(name) ?? []);
  if (pools.length > 1) context.assume('coarser', `the \`result\` of \`${handle}\` may be of any of the pools that \`${who}\` submits to with it`, place);
  const ofEach = pools.map((pool) => compileOf(context, result, pool));
  return ofEach.length > 1 ? [either(ofEach, place)] : ofEach.flat();
}

/** Of the tasks of one pool. */
function compileOf(context: CompileContext, { who, actor, step: { handle, place }, runsItsTime, waits }: ResultStep, pool: PoolPlan): Script {
  const { name, autostart } = pool;
  const isBy: StepOnRun = { verb: 'result', names: [name] };
  const queue = handleQueue(name, actor, handle);
  const facts: readonly Fact[] = [{ type: 'all_done', queue, ...(runsItsTime && !autostart ? { unlessNever: name } : {}) }];
  const failure = handleFailures(context, pool).get(queue) ?? null;
  const isCancelling = mayHalt(context, pool) || mayBeEnded(context, name);
  const isTold = failure !== null;
  const next: Script = (isTold && !isCancelling) || !context.mayTaskFail(name) ? [] : [orFails('task', place)];
  const isOne = hasOneTask(context, who, handle);
  if (isTold ? !isOne : next.length > 0) sayWhenItFails(context, { handle, place }, name, isTold);
  const fails: Script = [firstOf([{ operation: { do: 'nothing', fails: 'task' }, next: failed }], place)];
  const over = { facts, failure, isBy, next, fails };
  const atOnce = waits(whenFailed(over));
  // One that has failed, or was cancelled, is a result only once those before it are over; the model does not know their order.
  const wait = isOne || !(isTold || isCancelling) ? atOnce : either([[atOnce], [waits(whenOver(over, isCancelling ? name : null))]], place);
  // Those that were submitted with it before are not waited for, and the model does not know them from the others.
  if (!isHandleApart(context, who, handle)) return [either([[wait], next], place)];
  // Where the model does not tell whether one of several has failed, or was cancelled, before the others are over.
  const mayFailBefore = (!isTold && !isOne && context.mayTaskFail(name)) || (mayHalt(context, pool) && !stopsAtHalt(pool));
  return mayFailBefore ? [either([[wait], fails], place)] : [wait];
}

function sayWhenItFails(context: CompileContext, { handle, place }: Pick<ResultStep['step'], 'handle' | 'place'>, pool: string, isTold: boolean): void {
  const what = isTold ? 'with any of its tasks that fails, also where one before that is not over' : 'whatever its tasks do';
  context.assume('coarser', `the \`result\` of \`${handle}\` may fail ${what}`, place, { of: pool, part: 'is_misknown' });
}

/** What a `result` waits for, and what comes of it. */
interface Over {
  readonly facts: readonly Fact[];
  readonly failure: string | null;
  readonly isBy: StepOnRun;
  readonly next: Script;
  readonly fails: Script;
}

const failed: Script = [{ type: 'fail', endsAll: false }];

function whenSucceeded({ facts, failure, isBy, next }: Over): Way {
  return { operation: { do: 'await', facts, step: isBy }, next, ...(failure === null ? {} : { unless: failure }) };
}

/** With the first that fails, or is cancelled: tasks that a pool which has ended did not take are, and that is a result. */
function whenFailed(over: Over): readonly Way[] {
  const { facts, failure, isBy, fails } = over;
  const isFailed: readonly Way[] = failure === null ? [] : [{ operation: { do: 'await', facts: [{ type: 'event', event: failure }], step: isBy }, next: fails }];
  return [whenSucceeded(over), ...isFailed, { operation: { do: 'find_impossible', facts, step: isBy }, next: failed }];
}

/** Only when all are over, or a pool that cancels some has ended. */
function whenOver(over: Over, cancelling: string | null): readonly Way[] {
  const { facts, failure, isBy, fails } = over;
  const isFailed: readonly Way[] = failure === null ? [] : [{ operation: { do: 'await', facts: [...facts, { type: 'event', event: failure }], step: isBy }, next: fails }];
  const end: readonly Fact[] = cancelling === null ? [] : [{ type: 'moment', actors: [cancelling], moment: 'exit' }];
  // One that nobody starts has no end.
  const isCancelled: readonly Way[] = cancelling === null ? [{ operation: { do: 'find_impossible', facts, step: isBy }, next: failed }] : (['await', 'find_impossible'] as const).map((what) => ({ operation: { do: what, facts: end, step: isBy }, next: failed }));
  return [whenSucceeded(over), ...isFailed, ...isCancelled];
}

/** Whether a handle is of no more than one task each time that some are submitted with it. */
function hasOneTask(context: CompileContext, who: string, handle: string): boolean {
  return context.stepsOf(who).every((step) => step.verb !== 'submit' || step.as !== handle || (step.itemList === undefined && step.items.length < 2));
}
