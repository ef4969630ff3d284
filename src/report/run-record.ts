import type { EndReason, EndState, RunEvent, WaitReason } from '../engine/run-event.ts';
import type { TaskFate } from '../plan/plan.ts';
import { PoolPace } from './pool-progress.ts';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

/** How something is asked to end. */
export interface Stopping {
  /** A signal, or `command` for the stop command. */
  readonly signal: string;
  /** When that has had its time, on the clock of the events. */
  readonly untilMs: number;
}

/** What an instance does now, or how it ended. */
export type InstanceState =
  | { readonly type: 'pending' }
  | { readonly type: 'waiting'; readonly for: readonly WaitReason[] }
  | { readonly type: 'running' }
  | { readonly type: 'ready' }
  | ({ readonly type: 'stopping' } & Stopping)
  /** `dueAtMs`: when the next attempt may begin, on the clock of the events. */
  | {
      readonly type: 'restarting';
      readonly attempt: number;
      readonly dueAtMs: number;
      readonly why: string;
    }
  | {
      readonly type: 'ended';
      readonly state: EndState;
      readonly reason: EndReason;
      readonly exitcode: number | null;
      readonly durationMs: number | null;
      readonly why: string;
      readonly allowed: boolean;
    };

/** One instance as the events have told it so far. */
export interface InstanceRecord {
  readonly name: string;
  readonly process: string;
  readonly kind: string;
  state: InstanceState;
  /** 0 before the first. */
  attempts: number;
  /** Of the first attempt, on the clock of the events; null before it. */
  startedAtMs: number | null;
}

/** One pool as the events have told it so far. */
export interface PoolRecord {
  readonly name: string;
  readonly workers: number;
  startedAtMs: number | null;
  /** What it waits for; empty while it works. */
  waits: readonly WaitReason[];
  /** Of the task that was asked to end last while the run is being stopped; null before. */
  stopping: Stopping | null;
  done: number;
  failed: number;
  running: number;
  /** The tasks among them whose start was told. */
  readonly runningTasks: Set<number>;
  total: number | null;
  /** Of those that are done, how many had succeeded in an earlier run, and how many were not to run. */
  skipped: number;
  leftOut: number;
  /** How fast the others end. */
  pace: PoolPace;
  readonly fates: Map<TaskFate, number>;
  ended: EventOf<'pool.ended'> | null;
}

/**
 * The state of a run, folded from its events: what every view shows. The slots of pools are no
 * instances here, and events of names that the run did not announce are left aside.
 */
export class RunRecord {
  started: EventOf<'run.started'> | null = null;
  ended: EventOf<'run.ended'> | null = null;
  /** The last signal that mpctl was sent and that counted. */
  signal: EventOf<'run.signal'> | null = null;
  /** For how long mpctl has been stopped so far, which the clock of the events leaves out. */
  stoppedMs = 0;
  /** The run is ending early. */
  isStopping = false;
  /** What runs in `finally` has begun. */
  isFinishing = false;
  /** In the order of the spec. */
  readonly instances = new Map<string, InstanceRecord>();
  /** In the order of the spec. */
  readonly pools = new Map<string, PoolRecord>();

  /** Takes the next event. */
  handle(event: RunEvent): void {
    switch (event.type) {
      case 'run.started':
        this.#announce(event);
        break;
      case 'run.ended':
        this.ended = event;
        break;
      case 'run.signal':
        this.signal = event;
        this.isStopping = true;
        break;
      case 'run.stopping':
        this.isStopping = true;
        break;
      case 'run.continued':
        this.stoppedMs += event.stoppedMs;
        break;
      case 'pool.waiting':
      case 'pool.started':
      case 'pool.progress':
      case 'pool.ended':
      case 'task.started':
      case 'task.ended':
      case 'task.retrying':
        this.#handlePool(event);
        break;
      case 'run.finally':
        this.isFinishing = true;
        break;
      case 'output':
      case 'warning':
      case 'run.suspended':
      case 'run.deadlock':
        break;
      default:
        this.#handleInstance(event);
    }
  }

  /** `` `NAME` failed``, where the reason is what was told at the end of that instance or pool; else null. */
  failureTold(why: string): string | null {
    for (const [name, { state }] of this.instances) {
      if (state.type === 'ended' && why === `\`${name}\` ${state.state}: ${state.why}`) return `\`${name}\` ${state.state}`;
    }
    for (const [name, { ended }] of this.pools) {
      if (ended !== null && why === `\`${name}\` ${ended.state}: ${ended.why}`) return `\`${name}\` ${ended.state}`;
    }
    return null;
  }

  #announce(event: EventOf<'run.started'>): void {
    this.started = event;
    for (const { name, process, kind } of event.instances) {
      this.instances.set(name, {
        name,
        process,
        kind,
        state: { type: 'pending' },
        attempts: 0,
        startedAtMs: null,
      });
    }
    for (const { name, workers } of event.pools) {
      this.pools.set(name, {
        name,
        workers,
        startedAtMs: null,
        waits: [],
        stopping: null,
        done: 0,
        failed: 0,
        running: 0,
        runningTasks: new Set(),
        total: null,
        skipped: 0,
        leftOut: 0,
        pace: new PoolPace(),
        fates: new Map(),
        ended: null,
      });
    }
  }

  #handleInstance(event: Extract<RunEvent, { readonly type: `instance.${string}` }>): void {
    const record = this.instances.get(event.instance);
    if (record === undefined) {
      if (event.type === 'instance.stopping') this.#stopSlot(event);
      return;
    }
    switch (event.type) {
      case 'instance.waiting':
        // The wait between attempts is told better by the restart, which counts the time down.
        if (
          record.state.type === 'restarting' &&
          event.for.every((wait) => wait.kind === 'backoff')
        )
          return;
        record.state = { type: 'waiting', for: event.for };
        break;
      case 'instance.started':
        record.state = { type: 'running' };
        record.attempts = event.attempt;
        record.startedAtMs ??= event.at;
        break;
      case 'instance.ready':
        record.state = { type: 'ready' };
        break;
      case 'instance.running':
        record.state = { type: 'running' };
        break;
      case 'instance.granted':
        break;
      case 'instance.stopping':
        // A step whose time is over is no end of the instance.
        if (event.step) return;
        record.state = { type: 'stopping', ...stoppingOf(event) };
        break;
      case 'instance.restarting':
        record.state = {
          type: 'restarting',
          attempt: event.attempt,
          dueAtMs: event.at + event.delayMs,
          why: event.why,
        };
        break;
      case 'instance.ended':
        record.state = {
          type: 'ended',
          state: event.state,
          reason: event.reason,
          exitcode: event.exitcode,
          durationMs: event.durationMs,
          why: event.why,
          allowed: event.allowed,
        };
        record.attempts = event.attempts;
    }
  }

  /** A slot of a pool; outside the end of a run it is stopped for its task alone, as by a timeout. */
  #stopSlot(event: EventOf<'instance.stopping'>): void {
    const pool = this.pools.get(event.instance.replace(/-\d+$/, ''));
    if (pool !== undefined && this.isStopping && !event.step) pool.stopping = stoppingOf(event);
  }

  #handlePool(event: Extract<RunEvent, { readonly pool: string }>): void {
    const record = this.pools.get(event.pool);
    if (record === undefined) return;
    if (record.ended !== null) beginAgain(record);
    switch (event.type) {
      case 'pool.waiting':
        record.waits = event.for;
        break;
      case 'pool.started':
        record.startedAtMs = event.at;
        record.pace.note(event.at, 0);
        break;
      case 'pool.progress':
        record.done = event.done;
        record.failed = event.failed;
        record.running = event.running;
        record.total = event.total;
        noteSkipped(record, event);
        notePace(record, event.at);
        break;
      case 'task.started':
        record.runningTasks.add(event.task);
        record.running = Math.min(record.workers, record.running + 1);
        break;
      case 'task.ended':
        // Progress is reported now and then, an end at once: between two reports the ends are
        // counted.
        record.fates.set(event.fate, (record.fates.get(event.fate) ?? 0) + 1);
        record.done += 1;
        leave(record, event.task);
        if (event.fate !== 'succeeded' && event.fate !== 'cancelled') record.failed += 1;
        notePace(record, event.at);
        break;
      case 'task.retrying':
        leave(record, event.task);
        break;
      case 'pool.ended':
        record.ended = event;
        // Of tasks that were never begun nothing is told but how many there are.
        if (event.cancelled > 0) record.fates.set('cancelled', event.cancelled);
        noteSkipped(record, event);
        record.done = event.succeeded + event.failed + event.cancelled + record.leftOut;
        record.failed = event.failed;
        record.running = 0;
    }
  }
}

/** An attempt of a task is over; a task that ends between two attempts runs no longer already. */
function leave(record: PoolRecord, task: number): void {
  if (record.runningTasks.delete(task)) record.running = Math.max(0, record.running - 1);
}

function notePace({ pace, done, skipped, leftOut }: PoolRecord, atMs: number): void {
  pace.note(atMs, done - skipped - leftOut);
}

/** Tasks that did not have to run. */
function noteSkipped(record: PoolRecord, { skipped = 0, leftOut = 0 }: { readonly skipped?: number; readonly leftOut?: number }): void {
  Object.assign(record, { skipped, leftOut });
}

/** What comes after its end is another life. */
function beginAgain(record: PoolRecord): void {
  Object.assign(record, { startedAtMs: null, waits: [], stopping: null, done: 0, failed: 0, running: 0, total: null, skipped: 0, leftOut: 0, pace: new PoolPace(), ended: null });
  record.fates.clear();
  record.runningTasks.clear();
}

function stoppingOf(event: EventOf<'instance.stopping'>): Stopping {
  return { signal: event.signal, untilMs: event.at + event.graceMs };
}
