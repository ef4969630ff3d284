import type { Actor, InstancePlan, PoolPlan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { actionKey, machineCan, stepsCan, type StopAction } from './step-actions.ts';
import type { InstanceState, PoolState } from './unit-state.ts';

/** What an actor may do: what a plan says of it, and end the waits of others by its steps. */
export type EngineAction = Actor['action'] | StopAction;

/** Something that an instance or pool may do to a thing, or to somebody else. */
export interface EngineActor extends Omit<Actor, 'action'> {
  readonly action: EngineAction;
}

/** An instance that keeps items of a queue in hand until it says that they are done. */
interface TaskDone {
  readonly who: string;
  readonly queue: string;
}

/** What the program of an instance or pool may do to a thing, as `uses` says it. */
export type UsesVerb = EngineAction | 'task_done';

/** What is declared of one thing: all who may do one action to it. */
export class ActorIndex {
  readonly #byKey = new Map<string, EngineActor[]>();
  readonly #declared = new Set<string>();
  readonly #uses = new Map<string, UsesVerb[]>();

  constructor(actors: readonly EngineActor[], taskDone: readonly TaskDone[]) {
    for (const { who, queue } of taskDone) this.#declared.add(`${who} task_done ${queue}`);
    for (const actor of actors) {
      const { who, action, name, by } = actor;
      if (by.type === 'uses' || by.type === 'steps') this.#declared.add(`${who} ${action} ${name}`);
      if (by.type === 'uses') this.#addUse(who, name, action);
      const key = actionKey(actor.action, actor.name);
      const list = this.#byKey.get(key);
      if (list === undefined) this.#byKey.set(key, [actor]);
      else list.push(actor);
    }
    for (const { who, queue } of taskDone) this.#addUse(who, queue, 'task_done');
  }

  #addUse(who: string, name: string, verb: UsesVerb): void {
    const key = `${who} ${name}`;
    const verbs = this.#uses.get(key);
    if (verbs === undefined) this.#uses.set(key, [verb]);
    else verbs.push(verb);
  }

  /** The verbs that `uses` has for this thing. */
  usesOf(who: string, name: string): readonly UsesVerb[] {
    return this.#uses.get(`${who} ${name}`) ?? [];
  }

  /** Whether the spec says that the program or the steps of an instance or pool do this. */
  declares(who: string, action: UsesVerb, name: string): boolean {
    return this.#declared.has(`${who} ${action} ${name}`);
  }

  /** The same without some, and so without whom nobody else starts. */
  without(some: (who: string) => boolean): ActorIndex {
    return new ActorIndex([...this.#byKey.values()].flat().filter(({ who }) => !some(who)), []);
  }

  /** All who were declared to be able to, whether they still can or not. */
  of(action: EngineAction, name: string): readonly EngineActor[] {
    return this.#byKey.get(actionKey(action, name)) ?? [];
  }
}

/**
 * Whether an actor can still do what it was declared for: until it has ended for good, until it closed
 * the thing, or, where only its steps act, until no such step can be reached any more. One that has
 * not begun can, as long as somebody can still start it.
 */
export function canStillAct(context: Context, index: ActorIndex, actor: EngineActor, seen = new Set<string>()): boolean {
  const pool = context.pools.get(actor.who);
  if (pool !== undefined) return poolCan(context, index, pool, actor, seen);
  const instance = context.instances.get(actor.who);
  return instance !== undefined && instanceCan(context, index, instance, actor, seen);
}

/** Whether something that is idle or over may still be started by somebody. */
export function canStillBeStarted(context: Context, index: ActorIndex, name: string, seen: Set<string>): boolean {
  if (seen.has(name) || !isTimeToStart(context, name)) return false;
  seen.add(name);
  return index.of('start', name).some((starter) => canStillAct(context, index, starter, seen));
}

/** What runs in `finally` is started when all else has ended, and all else then only by what runs in it. */
function isTimeToStart(context: Context, name: string): boolean {
  const { phase } = context.run;
  if (context.instances.get(name)?.plan.kind !== 'finally') return phase === 'main' || phase === 'finally';
  return phase !== 'daemons' && phase !== 'over';
}

function instanceCan(
  context: Context,
  index: ActorIndex,
  state: InstanceState,
  actor: EngineActor,
  seen: Set<string>,
): boolean {
  // One that is alive may end, and be started again.
  return (!isDormant(context, state) && lifeCan(context, state, actor)) || (newLifeCan(state, actor) && canStillBeStarted(context, index, state.name, seen));
}

/** Whether it could after it was started, be it again. */
function newLifeCan({ plan }: InstanceState | PoolState, actor: EngineActor): boolean {
  return actor.by.type !== 'steps' || bodyCan(plan, actor);
}

/** Whether it can before it ends. */
function lifeCan(context: Context, state: InstanceState, actor: EngineActor): boolean {
  if (state.stopWhy !== null && !actsToItsEnd(actor)) return false;
  switch (actor.by.type) {
    case 'steps': {
      if (state.plan.restart !== 'no') return true;
      if (state.machine === null) return bodyCan(state.plan, actor);
      const machine = context.machines.get(state.machine);
      if (machine === undefined) return false;
      return !isClosedBy(machine.closed, actor) && machineCan(machine, actionKey(actor.action, actor.name));
    }
    case 'moment':
      return momentCan(state, actor.by.moment);
    case 'start_wait':
      return state.phase === 'idle' || state.phase === 'dependencies' || state.phase === 'events' || state.phase === 'barriers';
    case 'uses':
      return !isClosedBy(context.closedBy(state.name), actor);
    case 'stdio':
    case 'tasks':
    case 'results':
      return true;
  }
}

/** Steps that nobody ever comes to do nothing. */
function bodyCan({ body }: InstancePlan | PoolPlan, { action, name }: EngineActor): boolean {
  return body.type !== 'steps' || stepsCan(body.steps, actionKey(action, name));
}

/** Whoever has closed a thing puts or submits no more to it, and may well go on to take from it. */
function isClosedBy(closed: ReadonlySet<string>, { action, name }: EngineActor): boolean {
  return (action === 'put' || action === 'submit') && closed.has(name);
}

/** Steps stop with the stop signal; a program may do anything, such as put its last item, until it has ended. */
function actsToItsEnd({ by }: EngineActor): boolean {
  return by.type === 'uses' || by.type === 'moment' || by.type === 'stdio';
}

/** Not begun and not on its way, or ended for good: it acts only if it is started (again). */
function isDormant(context: Context, state: InstanceState | PoolState): boolean {
  if (state.end !== null || state.phase === 'ended') return true;
  if (state.phase !== 'idle') return false;
  if (state.type === 'instance' && state.plan.kind === 'finally') return !state.plan.autostart || context.run.phase === 'over';
  return !state.plan.autostart || context.run.phase !== 'main';
}

function momentCan(state: InstanceState | PoolState, moment: string): boolean {
  switch (moment) {
    case 'start':
      return !state.hasStarted || (state.type === 'instance' && state.plan.restart !== 'no');
    case 'ready':
      return !state.isReady || (state.type === 'instance' && state.plan.restart !== 'no');
    case 'success':
    case 'failure':
      return state.stopWhy === null;
    default:
      return true;
  }
}

function poolCan(context: Context, index: ActorIndex, pool: PoolState, actor: EngineActor, seen: Set<string>): boolean {
  return (!isDormant(context, pool) && poolLifeCan(context, index, pool, actor, seen)) || (newLifeCan(pool, actor) && canStillBeStarted(context, index, pool.name, seen));
}

function poolLifeCan(context: Context, index: ActorIndex, pool: PoolState, actor: EngineActor, seen: Set<string>): boolean {
  switch (actor.by.type) {
    case 'moment':
      return momentCan(pool, actor.by.moment) || (pool.halted !== null && actor.by.moment === 'failure');
    case 'start_wait':
      return pool.phase === 'dependencies' || pool.phase === 'events' || pool.phase === 'barriers';
    case 'tasks':
      return pool.sourceState !== 'ended' && pool.halted === null && pool.stopWhy === null;
    case 'results':
      return true;
    case 'steps':
      return pool.stopWhy === null && bodyCan(pool.plan, actor) && mayRunTasks(context, index, pool, seen);
    case 'uses':
      return pool.stopWhy === null ? mayRunTasks(context, index, pool, seen) : pool.tasks.size > 0;
    case 'stdio':
      return pool.stopWhy === null;
  }
}

/** Only a task acts. Where there is none any more, others may submit one; that its own tasks could brings none. */
function mayRunTasks(context: Context, index: ActorIndex, pool: PoolState, seen: Set<string>): boolean {
  if (pool.phase !== 'running' || pool.sourceState !== 'ended' || pool.tasks.size > 0) return true;
  const asked = `tasks of ${pool.name}`;
  if (!pool.submitOpen || seen.has(asked)) return false;
  seen.add(asked);
  return index.of('submit', pool.name).some((submitter) => canStillAct(context, index, submitter, seen));
}
