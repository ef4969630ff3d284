import { type JsonTemplate, Template } from '../../base/template.ts';
import type { Moment, PoolPlan } from '../../plan/plan.ts';
import type { Resource, Script } from '../model.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import { does, either } from '../script-words.ts';
import { type CompileContext, failureEvent, haltEvent } from './compile-context.ts';
import { countTasks } from './compile-resources.ts';
import { handleFailures } from './handle-failures.ts';
import { isForGood } from './is-for-good.ts';
import { mayHalt, mayNotBeRead } from './may-halt.ts';
import { hasFiles, isReadAsItComes } from './pool-files.ts';
import { overEvent } from './pool-over.ts';

/** What is known of the failures of the tasks of a pool, and what comes of them. */
export interface TaskFailures {
  /** The event that is set with the first of them; null where nobody sees that, or it is not known which failure is for good. */
  readonly event: string | null;
  /** Events that are set with each of them. */
  readonly sets: readonly string[];
  /** What comes behind each of them. */
  readonly next: Script;
}

/** With more failures than this nobody knows which of them halts a pool. */
const mostCounted = 16;

/**
 * What the failure of a task leads to: in the same step with it a pool is halted that takes no further one (`src/engine/task-life.ts`), and
 * each makes the pool fail in the end.
 */
export function taskFailures(context: CompileContext, pool: PoolPlan): TaskFailures {
  const { name, place } = pool;
  const most = failuresToHalt(context, pool);
  if (most === 1) return { event: haltEvent(name), sets: [haltEvent(name)], next: [] };
  const isSeen = isForGood(pool) && (pool.halt !== null || (isOutcomeSeen(context, pool) && (context.tellsFailures || !failsAsItLikes(pool))));
  const event = isSeen ? failureEvent(name) : null;
  const sets = event === null ? [] : [event];
  if (most !== null) return { event, sets: [...sets, haltEvent(name)], next: [] };
  return { event, sets, next: mayHalt(context, pool) ? [either([[], [does({ do: 'set', event: haltEvent(name) }, place)]], place)] : [] };
}

/** What the model keeps of them. */
export function failureResources(context: CompileContext, pool: PoolPlan): readonly Resource[] {
  return [...eventsOf(context, pool), ...overOf(context, pool), ...handleFailures(context, pool).values()].map((name) => {
    const count = name === haltEvent(pool.name) ? (failuresToHalt(context, pool) ?? 1) : 1;
    return { kind: 'event', name, isSet: false, ...(count === 1 ? {} : { count }) };
  });
}

/** One that is started again begins without the failures of before. */
export function forgetsFailures(context: CompileContext, pool: PoolPlan): Script {
  return context.mayBeStarted(pool.name) ? [...eventsOf(context, pool), ...overOf(context, pool)].map((event) => does({ do: 'clear', event }, pool.place)) : [];
}

function overOf(context: CompileContext, pool: PoolPlan): readonly string[] {
  return [overEvent(context, pool)].flatMap((event) => event ?? []);
}

function eventsOf(context: CompileContext, pool: PoolPlan): readonly string[] {
  const { event } = taskFailures(context, pool);
  return [...new Set([...(mayHalt(context, pool) ? [haltEvent(pool.name)] : []), ...(event === null ? [] : [event])])];
}

/** Whether one that is halted takes no more tasks: the next one may be in the hands of a long-lived worker. */
export function stopsAtHalt({ halt, body }: PoolPlan): boolean {
  return halt !== null && body.type !== 'worker';
}

/** Whether a pool that has begun fails only where one of its tasks has. */
export function failsByTasksOnly(pool: PoolPlan): boolean {
  return pool.body.type !== 'worker' && !isReadAsItComes(pool) && !hasFiles(pool);
}

/** Whether a task may fail without having begun, since its item cannot be completed. */
export function mayLackItem({ tasks }: PoolPlan): boolean {
  return tasks.type === 'items' && !tasks.items.every(isKnown);
}

function isKnown(item: JsonTemplate): boolean {
  // What a process is like may be null, but is never unset.
  if (item instanceof Template) return item.parts.every((part) => typeof part === 'string' || part.fallback !== undefined || part.path[0] === 'process');
  return typeof item !== 'object' || item === null || Object.values(item).every(isKnown);
}

/** With how many failures a pool is halted; null where that is never, where nobody knows, as of one that may be halted by something else before, or where they are more than are counted. */
function failuresToHalt(context: CompileContext, pool: PoolPlan): number | null {
  const count = isForGood(pool) ? haltCount(context, pool) : null;
  if (count === null || count > mostCounted) return null;
  return count === 1 || (pool.body.type !== 'worker' && !mayNotBeRead(context, pool)) ? count : null;
}

function haltCount(context: CompileContext, { name, halt, tasks }: PoolPlan): number | null {
  if (halt === null || halt.type === 'count') return halt?.count ?? null;
  const total = tasks.type === 'none' || tasks.type === 'queue' ? null : countTasks(context, name);
  return total === null || context.actorsOf('submit', name).length > 0 ? null : Math.max(1, Math.ceil((halt.percent * total) / 100));
}

/** Steps of which none tells others whether a command has failed before. */
const plainVerbs: ReadonlySet<string> = new Set(['run', 'print', 'sleep']);

/** Whether a task may fail just as well as not wherever it does, with nothing else that is different then. */
function failsAsItLikes({ body }: PoolPlan): boolean {
  return body.type !== 'steps' || [...walkSteps(body.steps)].every(({ verb }) => plainVerbs.has(verb));
}

function tells(moment: Moment): boolean {
  return moment === 'success' || moment === 'failure';
}

/** Whether anybody waits for it that a pool succeeds, or fails; or the run is over with its failure. */
function isOutcomeSeen({ plan, works, isRough }: CompileContext, { name, sets, allowFailure }: PoolPlan): boolean {
  if (isRough) return false;
  if (plan.onFailure === 'stop' && !allowFailure) return true;
  return sets.some(({ moment }) => tells(moment)) || works.some(({ dependsOn }) => dependsOn.some((dependency) => dependency.name === name && tells(dependency.moment)));
}
