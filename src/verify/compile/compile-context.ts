import { hasOnlyDaemons } from '../../plan/has-only-daemons.ts';
import type { Place } from '../../base/place.ts';
import type { Actor, InstancePlan, Moment, Plan, PoolPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { unsureSteps } from '../../plan/unsure-steps.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import type { Demand } from '../../sync/operation.ts';
import type { Assumption } from '../assumption.ts';
import { poolsInOrder } from './pools-in-order.ts';
import { releasesMore } from './releases-more.ts';
import { orderedAbout } from './ordered-about.ts';
import { programOf, ringsOfLocks } from './rings-of-locks.ts';
import { startedLast } from '../../plan/started-last.ts';

/** The semaphore that `max_parallel` is; no name of a spec can begin with a dot. */
export const runSlots = '.max_parallel';

/** The queue of tasks of a pool that its own `tasks` and submits without a handle come into. */
export function taskQueue(pool: string): string {
  return `.tasks.${pool}`;
}

/** The queue of the tasks that one `submit` gives to a pool and waits for by its handle. */
export function handleQueue(pool: string, who: string, handle: string): string {
  return `.tasks.${pool}.${who}.${handle}`;
}

/** The queue of those that are submitted without one, where they are told apart from the pool's own. */
function submittedQueue(pool: string): string {
  return `.tasks.${pool}.submitted`;
}

/** The queue that one direction of a pipe is. */
export function pipeQueue(pipe: string, to: string): string {
  return `.pipe.${pipe}.${to}`;
}

/** Whether a queue is one direction of a pipe. */
export function isOfPipe(queue: string): boolean {
  return queue.startsWith('.pipe.');
}

/** The event that says that a pool takes no more tasks. */
export function haltEvent(pool: string): string {
  return `.halted.${pool}`;
}

/** The event that says that a task of a pool has failed. */
export function failureEvent(pool: string): string {
  return `.failed.${pool}`;
}

/** The event that says that a task has failed that was submitted with a handle. */
export function handleFailureEvent(pool: string, who: string, handle: string): string {
  return `${failureEvent(pool)}.${who}.${handle}`;
}

/** Results of a pool that are on their way into the queue for them. */
export function resultQueue(pool: string): string {
  return `.results.${pool}`;
}

/** How what runs in `finally` is in a model: with all that it does, as what is yet to come, or not at all, since it is of no account. */
export type FinallyPart = 'whole' | 'to_come' | 'none';

const endMoments: ReadonlySet<Moment> = new Set(['success', 'failure', 'exit']);

/** How a plan is compiled. */
export interface CompileOptions {
  /** The programs of daemons may end by themselves, also where nobody waits for that. */
  readonly daemonsMayEnd?: boolean;
  /** What is restarted for ever, as it is declared, may end so often within a while that it is given up. */
  readonly givesUp?: boolean;
  /** A pool may succeed also where one of its tasks has failed: that is less to look at, and all that may happen does so as well. */
  readonly isRough?: boolean;
  /** A pool that is told to have failed has done so by a task of which that is known, also where each may fail as it likes: that is more to look at. */
  readonly tellsFailures?: boolean;
  /** No attempt is over by chance before its last step, but by its time where it waits, and what may be restarted so often within a time is so at once: that is less than may happen. */
  readonly isPatient?: boolean;
  /** The run is stopped some time, after which daemons live on until `finally` is over, also where there is nothing else. */
  readonly isStopped?: boolean;
}

/** What the parts of a plan are compiled with: what is known of the whole, and what was assumed so far. */
export class CompileContext {
  readonly plan: Plan;
  readonly works: readonly (InstancePlan | PoolPlan)[];
  /** The run ends with its daemons: there is nothing else, and it is not stopped. */
  readonly endsWithDaemons: boolean;
  readonly #assumptions = new Map<string, Assumption>();
  readonly #cleared = new Set<string>();
  /** Queues that somebody joins, or is done with an item of, which is refused where he has none in hand. */
  readonly #minded = new Set<string>();
  /** Those whose end somebody waits for. */
  readonly #awaited = new Set<string>();
  /** Those whose start, or that they are ready, somebody waits for, or sees by an event. */
  readonly #startSeen = new Set<string>();
  /** The steps of each as they are written. */
  readonly #bodies = new Map<string, readonly Step[]>();
  readonly #ordered: ReadonlySet<string>;
  readonly #stepsOf = new Map<string, readonly Step[]>();
  #inRings: ReadonlySet<string> | null = null;
  readonly #pools: ReadonlyMap<string, PoolPlan>;
  readonly #instances: ReadonlyMap<string, InstancePlan>;
  readonly #finallyPart: FinallyPart;
  readonly #startedLast: ReadonlySet<string>;
  readonly daemonsMayEnd: boolean;
  readonly givesUp: boolean;
  readonly isRough: boolean;
  readonly tellsFailures: boolean;
  readonly isPatient: boolean;
  readonly #unsure: ReadonlySet<Step>;
  /** Pools of which every task succeeds. */
  readonly #surePools: ReadonlySet<string>;
  readonly #poolsInOrder: ReadonlySet<string>;

  /**
   * @param finallyPart how `finally` is modelled
   * @param surePools of which every task is known to succeed
   */
  constructor(plan: Plan, finallyPart: FinallyPart, options: CompileOptions, surePools: ReadonlySet<string> = new Set()) {
    this.plan = plan;
    this.endsWithDaemons = options.isStopped !== true && hasOnlyDaemons(plan);
    this.daemonsMayEnd = options.daemonsMayEnd === true;
    this.givesUp = options.givesUp === true;
    this.isRough = options.isRough === true;
    this.tellsFailures = options.tellsFailures === true;
    this.isPatient = options.isPatient === true;
    this.#surePools = surePools;
    this.#poolsInOrder = poolsInOrder(plan);
    this.#finallyPart = finallyPart;
    this.#startedLast = finallyPart === 'whole' ? startedLast(plan) : new Set();
    this.#unsure = unsureSteps(plan);
    this.#ordered = orderedAbout(plan);
    this.works = [...plan.instances.filter(({ kind }) => kind !== 'finally' || finallyPart === 'whole'), ...plan.pools];
    this.#pools = new Map(plan.pools.map((pool) => [pool.name, pool]));
    this.#instances = new Map(plan.instances.map((instance) => [instance.name, instance]));
    for (const { name, body, dependsOn, sets } of this.works) {
      const seenAt = (moment: Moment): Set<string> => (endMoments.has(moment) ? this.#awaited : this.#startSeen);
      for (const { moment } of sets) seenAt(moment).add(name);
      for (const { target, moment } of dependsOn) {
        if (target.type === 'instances') for (const instance of target.instances) seenAt(moment).add(instance);
      }
      if (body.type !== 'steps') continue;
      const steps = [...walkSteps(body.steps)];
      this.#stepsOf.set(name, steps);
      this.#bodies.set(name, body.steps);
      for (const step of steps) {
        if (step.verb === 'clear') this.#cleared.add(step.event);
        if (step.verb === 'task_done') this.#minded.add(step.queue);
        if (step.verb !== 'join') continue;
        if (step.target.kind === 'queue') this.#minded.add(step.target.name);
        if (step.target.kind === 'instances') for (const instance of step.target.instances) this.#awaited.add(instance);
      }
    }
    for (const { action, by, name } of plan.actors) if (action === 'set' && by.type === 'uses') this.#cleared.add(name);
  }

  get assumptions(): readonly Assumption[] {
    return [...this.#assumptions.values()];
  }

  /** Says so once. */
  assume(kind: Assumption['kind'], text: string, place: Place, onlyIf?: Assumption['onlyIf']): void {
    if (!this.#assumptions.has(text)) this.#assumptions.set(text, { kind, text, place, ...(onlyIf === undefined ? {} : { onlyIf }) });
  }

  /** What a program does without saying so: with nothing to wait for in the run it is of no account. */
  assumePrograms(place: Place): void {
    const text = 'programs wait in the run only for what they declare in `uses`, and neither take nor give back any other lock';
    if (this.works.length + this.plan.primitives.length > 1 && !this.#assumptions.has(text)) this.#assumptions.set(text, { kind: 'assumed', text, place, isOfDeclared: true });
  }

  /** Every step of an instance or pool, nested ones included; none of a command. */
  stepsOf(name: string): readonly Step[] {
    return this.#stepsOf.get(name) ?? [];
  }

  /** Whether it takes locks one after the other that others take as well, and may come to wait for them as they for it. */
  isInRing(work: InstancePlan | PoolPlan): boolean {
    this.#inRings ??= ringsOfLocks(this.works, (name) => this.stepsOf(name));
    return this.#inRings.has(programOf(work));
  }

  /** Whether a step may fail for the values that it needs, though it waits for nothing. */
  isUnsure(step: Step): boolean {
    return this.#unsure.has(step);
  }

  /** Whether the program of a daemon may end by itself, as where somebody waits for its end. */
  mayEnd(daemon: string): boolean {
    return this.daemonsMayEnd || this.#awaited.has(daemon);
  }

  /** Whether it makes a difference to somebody that it has started, or is ready. */
  isStartSeen(instance: string): boolean {
    return this.#startSeen.has(instance);
  }

  /** Whether somebody may clear the event: only then does it matter who waits at the moment of a set. */
  mayBeCleared(event: string): boolean {
    return this.#cleared.has(event);
  }

  /** Whether it matters who has items of the queue in hand. */
  handsMatter(queue: string): boolean {
    if (this.#minded.has(queue)) return true;
    const definition = this.plan.primitives.find(({ name }) => name === queue);
    if (definition?.kind === 'queue' && definition.onConsumerDeath === 'redeliver') return true;
    const puts = new Set(this.actorsOf('put', queue).map(({ who }) => who));
    return this.actorsOf('get', queue).some(({ who }) => puts.has(who));
  }

  actorsOf(action: Actor['action'], name: string): readonly Actor[] {
    return this.plan.actors.filter((actor) => actor.action === action && actor.name === name);
  }

  /** Whether a task of a pool may not succeed. */
  mayTaskFail(pool: string): boolean {
    return !this.#surePools.has(pool);
  }

  /** What a program declares that it may do. */
  usesOf(who: string): readonly Actor[] {
    return this.plan.actors.filter((actor) => actor.who === who && actor.by.type === 'uses');
  }

  pool(name: string): PoolPlan | undefined {
    return this.#pools.get(name);
  }

  /** Those that the model has. */
  modelled(instances: readonly string[]): readonly string[] {
    if (this.#finallyPart !== 'none') return instances;
    return instances.filter((name) => this.#instances.get(name)?.kind !== 'finally');
  }

  /** Whether one of these comes only when all else has ended, and cannot be started before. */
  isToCome(instances: readonly string[]): boolean {
    return this.#finallyPart !== 'whole' && instances.some((name) => this.#instances.get(name)?.kind === 'finally');
  }

  /** Whether the steps of somebody may release more of a semaphore than they have taken. */
  isLoose(semaphore: string): boolean {
    return this.works.some(({ name, holds }) => releasesMore(this.#bodies.get(name) ?? [], holds, semaphore));
  }

  isSemaphore(name: string): boolean {
    return this.plan.primitives.some((primitive) => primitive.kind === 'semaphore' && primitive.name === name);
  }

  /** Whether somebody may start or stop it, to whom it makes a difference whether it has ended. */
  isOrdered(instance: string): boolean {
    return this.#ordered.has(instance);
  }

  /** Whether it matters which of its tasks comes first. */
  hasTasksInOrder(pool: string): boolean {
    return this.#poolsInOrder.has(pool);
  }

  /** The queue of the tasks that are submitted to a pool without a handle. */
  submitQueue(pool: string): string {
    return this.hasTasksInOrder(pool) ? submittedQueue(pool) : taskQueue(pool);
  }

  /** Whether only `finally` starts it. */
  isStartedLast(name: string): boolean {
    return this.#startedLast.has(name);
  }

  /** Whether somebody may start it: then it may have ended before, and have its tasks anew. */
  mayBeStarted(pool: string): boolean {
    return this.actorsOf('start', pool).length > 0;
  }

  instance(name: string): InstancePlan | undefined {
    return this.#instances.get(name);
  }

  isProgram(instance: string): boolean {
    return this.#instances.get(instance)?.body.type === 'command';
  }

  /** The slot of `max_parallel` that a command takes with its own holds; daemons take none. */
  withSlot(holds: readonly Demand[], isDaemon: boolean): readonly Demand[] {
    return this.plan.maxParallel === null || isDaemon ? holds : [...holds, { name: runSlots, permits: 1 }];
  }

  /** The lock of a condition. */
  lockOf(condition: string): string {
    const definition = this.plan.primitives.find(({ name }) => name === condition);
    return definition?.kind === 'condition' ? definition.lock : '';
  }

  /** The time of a wait at a barrier that has none of its own. */
  barrierTimes(barrier: string): boolean {
    const definition = this.plan.primitives.find(({ name }) => name === barrier);
    return definition?.kind === 'barrier' && definition.timeoutMs !== null;
  }

  /** Programs may come to it with several threads, so that nobody knows how many parties there are. */
  hasUnknownParties(barrier: string): boolean {
    const definition = this.plan.primitives.find(({ name }) => name === barrier);
    const waits = this.actorsOf('wait', barrier);
    if (definition?.kind !== 'barrier' || !waits.some(({ by }) => by.type === 'uses')) return false;
    // A pool waits once before its start, and its tasks in each slot.
    const parties = new Map(waits.map(({ who, by }) => (by.type === 'start_wait' && this.pool(who) !== undefined ? [`${who} itself`, 1] : [who, this.pool(who)?.workers ?? 1])));
    return [...parties.values()].reduce((sum, count) => sum + count, 0) < definition.parties;
  }
}
