/* Where the tasks of a pool come from: known lists are taken one by one, the rest is asked for. */
import type { Json } from '../base/json.ts';
import { ok, type Result } from '../base/result.ts';
import type { Outcome } from '../sync/operation.ts';
import type { Context } from './context.ts';
import type { EngineEvent, UnreadTasks } from './engine-event.ts';
import { ownHolders } from './own-holders.ts';
import { countSettledRest, isSettledBefore, tellMissing } from './pool-earlier.ts';
import { addTask, rangeLength } from './pool-tasks.ts';
import { showPoolWaits } from './pool-waits.ts';
import { renderJson, renderText } from './scope.ts';
import { poolScope } from './spawn-order.ts';
import type { PoolState, TaskState } from './unit-state.ts';

/** Items asked for at a time from files, standard input and globs. */
const readAhead = 64;

/**
 * Makes the next task, if the source has one at hand. False means that none is ready: the source has
 * ended, or has been asked and will answer.
 */
function pullTask(context: Context, pool: PoolState): boolean {
  const source = pool.plan.tasks;
  switch (source.type) {
    case 'none':
      return false;
    case 'items':
    case 'matrix':
    case 'range':
      return pullKnown(context, pool);
    case 'queue':
      if (pool.sourceState !== 'ended' && pool.getRequest === null) {
        pool.sourceState = 'open';
        // Thousands of items that are there already need no waits, and none of what is done for these.
        if (takeNow(context, pool, source.queue)) return true;
        pool.getRequest = context.request(pool.name, { verb: 'get', name: source.queue, inHand: true }, null, {
          type: 'task_source',
          pool: pool.name,
        });
        showPoolWaits(context, pool);
      }
      return false;
    case 'lines':
    case 'stdin':
    case 'glob':
      readMore(context, pool);
      return false;
  }
}

/** Whether an item was there. */
function takeNow(context: Context, pool: PoolState, queue: string): boolean {
  const outcome = context.askNow(pool.name, { verb: 'get', name: queue, inHand: true }, ownHolders.steps);
  if (outcome?.status !== 'granted') return false;
  addTask(pool, outcome.value, { queueItem: outcome.itemId });
  return true;
}

/** An item of a queue stays there until a slot is free: what was asked for is not, once other tasks have taken all of them, or wait before it. */
export function leaveToOthers(context: Context, pool: PoolState): void {
  if (pool.getRequest !== null && (pool.freeSlots.length === 0 || pool.holding !== null)) context.withdrawRequest(pool.getRequest);
}

/** Whether there is one, which is not made before it has to be; what has to be asked for is asked for. */
export function hasTask(context: Context, pool: PoolState): boolean {
  if (!pool.ready.isEmpty) return true;
  const { tasks } = pool.plan;
  const isKnown = tasks.type === 'items' || tasks.type === 'matrix' || tasks.type === 'range';
  if (isKnown && pool.sourceState !== 'ended' && pool.sourceIndex < (tasks.type === 'range' ? rangeLength(tasks) : tasks.items.length)) return true;
  pullTask(context, pool);
  return !pool.ready.isEmpty;
}

/** The next task that waits for a slot, made now where it has to be; null while none is at hand. */
export function nextTask(context: Context, pool: PoolState): TaskState | null {
  for (;;) {
    const index = pool.ready.shift();
    const task = index === undefined ? undefined : pool.tasks.get(index);
    if (task !== undefined) return task;
    if (index === undefined && !pullTask(context, pool)) return null;
  }
}

function pullKnown(context: Context, pool: PoolState): boolean {
  if (pool.sourceState === 'ended') return false;
  const item = knownItem(context, pool, pool.sourceIndex);
  if (item === undefined) {
    tellMissing(context, pool);
    endSource(context, pool);
    return false;
  }
  pool.sourceIndex += 1;
  pool.sourceState = 'open';
  if (!item.ok) addTask(pool, null, { refusal: `it has no item: ${item.error} [MP847]` });
  else if (!isSettledBefore(context, pool, item.value)) addTask(pool, item.value);
  return true;
}

/** The item of a task, or why it cannot be completed; undefined behind the last. */
function knownItem(context: Context, pool: PoolState, index: number): Result<Json, string> | undefined {
  const source = pool.plan.tasks;
  if (source.type === 'matrix') {
    const item = source.items[index];
    return item === undefined ? undefined : ok(item);
  }
  if (source.type === 'range') {
    const value = source.first + index * source.step;
    const isPast = source.step > 0 ? value > source.last : value < source.last;
    return isPast ? undefined : ok(value);
  }
  if (source.type !== 'items') return undefined;
  const template = source.items[index];
  return template === undefined ? undefined : renderJson(context, poolScope(context, pool.plan), template);
}

function readMore(context: Context, pool: PoolState): void {
  if (pool.sourceState === 'ended' || pool.sourceState === 'reading') return;
  const { tasks, workingDir } = pool.plan;
  pool.sourceState = 'reading';
  if (tasks.type === 'stdin') {
    context.effect({ type: 'read_tasks', pool: pool.name, life: pool.life, source: tasks, workingDir, count: readAhead });
    return;
  }
  if (tasks.type !== 'lines' && tasks.type !== 'glob') return;
  const path = renderText(context, poolScope(context, pool.plan), tasks.type === 'lines' ? tasks.file : tasks.pattern);
  if (!path.ok) {
    failSource(context, pool, { message: path.error, hint: null });
    return;
  }
  context.effect({
    type: 'read_tasks',
    pool: pool.name,
    life: pool.life,
    source:
      tasks.type === 'lines'
        ? { type: 'lines', file: path.value, format: tasks.format }
        : { type: 'glob', pattern: path.value },
    workingDir,
    count: readAhead,
  });
}

/** The source answers with some items. */
export function tasksRead(
  context: Context,
  pool: PoolState,
  { life, items, ended, failure }: Extract<EngineEvent, { type: 'tasks' }>,
): void {
  if (pool.sourceState !== 'reading' || pool.life !== life) return;
  pool.sourceState = 'open';
  // As long as it was read the pool went on, whoever in it waited by then.
  context.waitsChanged = true;
  for (const item of items) if (!isSettledBefore(context, pool, item)) addTask(pool, item);
  if (failure !== null) {
    failSource(context, pool, failure);
  } else if (ended) {
    tellMissing(context, pool);
    endSource(context, pool);
  }
}

/** The queue answers with the next task, or with its end. */
export function taskSourceSettled(context: Context, pool: PoolState, outcome: Outcome): void {
  pool.getRequest = null;
  showPoolWaits(context, pool);
  if (outcome.status === 'granted') addTask(pool, outcome.value, { queueItem: outcome.itemId });
  else if (outcome.status === 'failed') endSource(context, pool);
}

/** No more tasks come from the source. */
export function endSource(context: Context, pool: PoolState): void {
  pool.sourceState = 'ended';
  context.changedActors.add(pool.name);
}

function failSource(context: Context, pool: PoolState, { message, hint }: UnreadTasks): void {
  const { place, tasks } = pool.plan;
  const at = context.options.lineOf([...place, 'tasks', tasks.type]);
  if (pool.halted === null && pool.stopWhy === null) {
    pool.halted = `its tasks cannot be read: ${message}${at === null ? '' : ` (${at})`} [MP611]`;
    pool.hint = hint;
  }
  pool.isCutOff = true;
  endSource(context, pool);
}

/**
 * Every task that the source is known to have still gets a fate. What the spec lists is given its place
 * for it; the rest of a range, which may be millions, is only counted as cancelled.
 */
export function pullRest(context: Context, pool: PoolState): void {
  const { tasks } = pool.plan;
  if (tasks.type === 'items' || tasks.type === 'matrix') {
    while (pullKnown(context, pool));
  } else if (tasks.type === 'range' && pool.sourceState !== 'ended') {
    const rest = rangeLength(tasks) - pool.sourceIndex;
    pool.sourceIndex += rest;
    const settled = countSettledRest(context, pool, rest);
    pool.taskCount += settled;
    pool.notBegun += rest - settled;
    pool.cancelled += rest - settled;
    endSource(context, pool);
  }
  if (pool.getRequest !== null) context.cancelRequest(pool.getRequest);
  pool.getRequest = null;
  if (pool.sourceState !== 'ended') pool.isCutOff = true;
  endSource(context, pool);
}
