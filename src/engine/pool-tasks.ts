import { ShortLivedMap } from '../base/short-lived-map.ts';
import type { Json } from '../base/json.ts';
import { ReadyList } from '../base/ready-list.ts';
import type { PoolPlan, TaskSource } from '../plan/plan.ts';
import { newCrew } from './new-crew.ts';
import { newStartState } from './start-state.ts';
import type { PoolState, TaskState } from './unit-state.ts';

/** A pool that nothing has happened to yet; `submitOpen` says that somebody may submit. */
export function newPool(plan: PoolPlan, submitOpen: boolean): PoolState {
  return {
    type: 'pool',
    plan,
    name: plan.name,
    life: 1,
    tasksBefore: 0,
    ...newStartState(),
    tasks: new ShortLivedMap(),
    taskCount: 0,
    withoutFate: 0,
    ready: new ReadyList(),
    unrecorded: [],
    freeSlots: Array.from({ length: plan.workers }, (_, index) => index + 1),
    takes: new Map(),
    sourceState: plan.tasks.type === 'none' ? 'ended' : 'unread',
    sourceIndex: 0,
    getRequest: null,
    holding: null,
    nextRecord: 0,
    recordPut: null,
    pendingRecords: [],
    succeeded: 0,
    succeededBefore: 0,
    missing: 0,
    leftOut: 0,
    hasToldChange: false,
    failed: 0,
    cancelled: 0,
    running: 0,
    halted: null,
    hint: null,
    submitOpen,
    submitted: new Map(),
    lastProgressMs: Number.NEGATIVE_INFINITY,
    files: null,
    filesState: 'none',
    filesFailure: null,
    isCutOff: false,
    notBegun: 0,
    progressTimer: null,
    firstFailures: [],
    crew: newCrew(plan),
    fruitless: 0,
  };
}

/**
 * Ready to be started once more by a `start` step: its last life leaves nothing behind but the values that
 * a handle may still ask for. Its tasks begin again, those of a queue go on where the queue is.
 */
export function renewPool(pool: PoolState): void {
  const { life, tasksBefore, taskCount, submitted, plan, submitOpen, finallyTimer } = pool;
  Object.assign(pool, { ...newPool(plan, submitOpen), life: life + 1, tasksBefore: tasksBefore + taskCount, submitted, finallyTimer });
}

/** The number of a task among those of all lives of its pool: what `submit` gives and `result` asks for. */
export function submittedNumber(pool: PoolState, { index }: TaskState): number {
  return pool.tasksBefore + index;
}

/** Whether it still takes tasks by `submit`. */
export function poolTakesTasks(pool: PoolState): boolean {
  return pool.phase !== 'ended' && pool.stopWhy === null;
}

/** How many tasks there will be; null while that is open. */
export function knownTotal(pool: PoolState): number | null {
  if (pool.submitOpen || pool.isCutOff) return null;
  const { tasks } = pool.plan;
  if (tasks.type === 'items' || tasks.type === 'matrix') return tasks.items.length;
  if (tasks.type === 'range') return rangeLength(tasks);
  return pool.sourceState === 'ended' ? pool.taskCount : null;
}

/** How many numbers a range has. */
export function rangeLength({ first, last, step }: Extract<TaskSource, { type: 'range' }>): number {
  return Math.max(0, Math.floor((last - first) / step) + 1);
}

/** What is special about a new task. */
interface NewTask {
  /** Its item of a queue. */
  readonly queueItem?: number | null;
  /** Its value is kept for a `result`. */
  readonly remembered?: boolean;
  /** Why it has no item. */
  readonly refusal?: string | null;
}

/** Adds a task at the end and returns its number among those of all lives. */
export function addTask(
  pool: PoolState,
  item: Json,
  { queueItem = null, remembered = false, refusal = null }: NewTask = {},
): number {
  const index = pool.taskCount;
  pool.taskCount += 1;
  const task: TaskState = {
    index,
    item,
    refusal,
    queueItem,
    attempt: 0,
    phase: 'ready',
    slot: null,
    holdRequest: null,
    tokens: {},
    process: null,
    machine: null,
    timer: null,
    startedMs: null,
    attemptStartedMs: null,
    stdoutBytes: 0,
    outputFile: null,
    fate: null,
    value: null,
    isValueHeld: false,
    exitcode: null,
    signal: null,
    why: '',
    endedMs: null,
    worker: null,
    hint: null,
    command: '',
    timedOut: false,
  };
  pool.tasks.set(index, task);
  pool.withoutFate += 1;
  pool.ready.push(index);
  const number = submittedNumber(pool, task);
  if (remembered) pool.submitted.set(number, null);
  return number;
}

/** Takes a free slot: that one, or else the lowest. */
export function takeSlot(pool: PoolState, slot: number | null): number | null {
  const position = slot === null ? 0 : pool.freeSlots.indexOf(slot);
  return position === -1 ? null : (pool.freeSlots.splice(position, 1)[0] ?? null);
}

/** Gives a slot back, lowest first, so that a quiet pool uses few names. */
export function giveSlot(pool: PoolState, slot: number): void {
  const position = pool.freeSlots.findIndex((free) => free > slot);
  if (position < 0) pool.freeSlots.push(slot);
  else pool.freeSlots.splice(position, 0, slot);
}
