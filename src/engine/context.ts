import { ShortLivedMap } from '../base/short-lived-map.ts';
import { present } from '../base/invariant.ts';
import type { Dependency, InstancePlan, Moment, Plan } from '../plan/plan.ts';
import { walkSteps } from '../plan/walk-steps.ts';
import type { Closing } from '../sync/closing.ts';
import type { Operation, Outcome } from '../sync/operation.ts';
import type { RunDeed } from '../sync/run-deed.ts';
import { unlisted } from '../base/unlisted.ts';
import { Arrivals } from './arrivals.ts';
import { ChangedActors } from './changed-actors.ts';
import { Dependents } from './dependents.ts';
import type { Effect } from './effect.ts';
import type { ProcessKey } from './engine-event.ts';
import type { EngineOptions } from './engine-options.ts';
import { HandCounts } from './hand-counts.ts';
import type { HeldExit } from './held-exit.ts';
import { Holdings } from './holdings.ts';
import { Jobservers } from './jobservers.ts';
import { PendingCalls } from './pending-call.ts';
import type { MomentStatus } from './moment-status.ts';
import type { MachineEnd, MachineState } from './machine-state.ts';
import { ownHolders } from './own-holders.ts';
import type { ProcessState } from './process-state.ts';
import type { PendingRequest, RequestPurpose } from './request-purpose.ts';
import type { RunEventBody } from './run-event.ts';
import { RunState } from './run-state.ts';
import type { TimerPurpose } from './timer-purpose.ts';
import { SlotVariables } from './slot-variables.ts';
import { Timers } from './timers.ts';
import type { InstanceState, PoolState, Unit } from './unit-state.ts';

/**
 * What one part of the engine tells another. Parts never call each other: they post, and the engine
 * hands the message on once the current part has finished, so that no part sees half a change.
 */
export type Message =
  | { readonly type: 'begin_unit'; readonly unit: string }
  | { readonly type: 'moment'; readonly unit: string; readonly moment: Moment }
  | { readonly type: 'start_waits_over'; readonly unit: string }
  | { readonly type: 'process_started'; readonly key: ProcessKey }
  /** The leader has ended: what it holds is released at once, its output may still come. */
  | { readonly type: 'process_exited'; readonly key: ProcessKey }
  /** Whoever it belongs to is being stopped. */
  | { readonly type: 'abandon_output'; readonly key: ProcessKey }
  | { readonly type: 'process_done'; readonly key: ProcessKey }
  | { readonly type: 'machine_done'; readonly machine: string; readonly end: MachineEnd }
  | { readonly type: 'advance'; readonly machine: string }
  | { readonly type: 'unit_ended'; readonly unit: string }
  | { readonly type: 'stop_unit'; readonly unit: string; readonly why: string; readonly kill: boolean }
  | { readonly type: 'restart_unit'; readonly unit: string; readonly why: string }
  | { readonly type: 'start_units'; readonly units: readonly string[] }
  | { readonly type: 'fill_pool'; readonly pool: string }
  /** The next task of a worker pool holds what it is to hold. */
  | { readonly type: 'task_held'; readonly pool: string; readonly task: number }
  | { readonly type: 'pool_closed'; readonly pool: string }
  | { readonly type: 'shutdown'; readonly code: number; readonly why: string };

/** Everything a run knows, and the few ways to change the outside. */
export class Context {
  readonly plan: Plan;
  readonly options: EngineOptions;
  readonly instances = new Map<string, InstanceState>();
  readonly pools = new Map<string, PoolState>();
  readonly processes = new ShortLivedMap<ProcessKey, ProcessState>();
  /** Those that have ended, of which nobody has heard yet. */
  readonly heldExits = new Map<ProcessKey, HeldExit>();
  readonly machines = new Map<string, MachineState>();
  readonly requests = new ShortLivedMap<number, PendingRequest>();
  /** What programs have asked and were not answered yet. */
  readonly calls = new PendingCalls();
  readonly timers = new Timers<TimerPurpose>();
  readonly holdings = new Holdings();
  readonly jobservers: Jobservers;
  readonly slotVariables: SlotVariables;
  readonly hands = new HandCounts();
  readonly arrivals = new Arrivals();
  readonly run = new RunState();
  /** Who waits for a moment of whom. */
  readonly dependents: Dependents;
  /** Instances whose waits may have changed since they were last told. */
  readonly touched = new Set<string>();
  /** Which instance a probe under way asks after. */
  readonly probes = new Map<number, string>();
  /** What each dependency is on, looked up once; replicas share their dependencies. */
  readonly targets = new Map<Dependency, readonly Unit[]>();
  /** The place of a target that a dependency still waited for when it was last looked at. */
  readonly openTargets = new Map<Dependency, number>();
  /** What the event being handled means for each dependency. */
  readonly statuses = new Map<Dependency, MomentStatus>();
  /** Semaphores at which nobody passes who came later. */
  readonly fair: ReadonlySet<string>;
  readonly #primitives: ReadonlyMap<string, Plan['primitives'][number]>;
  /** What each dependency was at when the last of those that have it began, until something changes. */
  readonly statusesAtBegin = new Map<Dependency, MomentStatus>();
  /** Who has a step that releases a semaphore, by its name. */
  readonly releasers: ReadonlyMap<string, readonly string[]>;
  /** Whose start was asked for, and has yet to begin: nobody else can start them meanwhile. */
  readonly toBegin = new Set<string>();
  /** Machines that wait for a join, a result or a start. */
  readonly watching = new Set<string>();
  nowMs = 0;
  /** Tasks of steps that were begun since the run has last heard of anything. */
  begunTasks = 0;
  /** After what happened to these, a thing may have lost its last actor. */
  readonly changedActors = new ChangedActors();
  /** The same for the views. */
  readonly changedSinceTold = this.changedActors.sinceTold;
  /** The kind of wait that a deadlock is made of may have begun. */
  waitsChanged = false;
  /** The run may be able to go on to its next phase, once every message has been handled. */
  runChanged = false;
  #effects: Effect[] = [];
  #firstEffects: Effect[] = [];
  #messages: Message[] = [];
  #messageHead = 0;
  #units: readonly Unit[] | null = null;
  readonly #byKind = new Map<InstancePlan['kind'], readonly Unit[]>();
  readonly #byProcess = new Map<string, InstanceState[]>();
  readonly #closedBy = new Map<string, Set<string>>();
  #nextRequest = 1;
  #nextProcess = 1;
  #nextProbe = 1;

  constructor(plan: Plan, options: EngineOptions) {
    this.plan = plan;
    this.#primitives = new Map(plan.primitives.map((primitive) => [primitive.name, primitive]));
    this.fair = new Set(plan.primitives.flatMap((primitive) => (primitive.kind === 'semaphore' && primitive.fair ? [primitive.name] : [])));
    this.dependents = new Dependents(plan);
    this.jobservers = new Jobservers(plan, options.isUnderMake);
    this.releasers = releasersOf(plan);
    this.options = options;
    this.slotVariables = new SlotVariables(options);
  }

  /** Adds an effect; effects are carried out in this order. */
  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Adds an effect that comes before all others of the step: somebody waits for it, and for none of them. */
  effectFirst(effect: Effect): void {
    this.#firstEffects.push(effect);
  }

  /** Hands over the effects so far. */
  takeEffects(): Effect[] {
    const effects = this.#firstEffects.length === 0 ? this.#effects : [...this.#firstEffects, ...this.#effects];
    this.#effects = [];
    this.#firstEffects = [];
    return effects;
  }

  /** Has these begin, each for the first time or anew. */
  startUnits(units: readonly string[]): void {
    for (const name of units) this.toBegin.add(name);
    this.post({ type: 'start_units', units });
  }

  /** Tells another part, in order. */
  post(message: Message): void {
    this.#messages.push(message);
  }

  /** Tells another part before anything that others have told: what is asked to end does nothing more. */
  postFirst(...messages: readonly Message[]): void {
    this.#messages.splice(this.#messageHead, 0, ...messages);
  }

  /** Whether parts have told each other something that has not been handled yet. */
  get hasMessages(): boolean {
    return this.#messageHead < this.#messages.length;
  }

  /** The next message, or null. */
  takeMessage(): Message | null {
    const message = this.#messages[this.#messageHead];
    if (message === undefined) {
      this.#messages = [];
      this.#messageHead = 0;
      return null;
    }
    this.#messageHead += 1;
    return message;
  }

  report(event: RunEventBody): void {
    this.#effects.push({ type: 'report', event });
  }

  /** Asks the broker; the outcome comes back to `purpose`. Returns the id. */
  request(
    instance: string,
    operation: Operation,
    deadlineMs: number | null,
    purpose: RequestPurpose,
    holder: string = ownHolders.steps,
  ): number {
    const id = this.#nextRequest++;
    this.requests.set(id, {
      id,
      purpose,
      instance,
      verb: waitVerb(operation.verb),
      names: namesOf(operation),
      hasDeadline: deadlineMs !== null,
      holds: operation.verb === 'acquire' || operation.verb === 'release' ? operation.demands : [],
    });
    if (operation.verb === 'acquire') this.jobservers.asked(id, instance, operation.demands);
    if (operation.verb === 'wait_barrier') this.arrivals.came(operation.name, this.ownerOf(instance));
    this.waitsChanged = true;
    this.effect({
      type: 'request',
      request: { id, owner: { instance, holder }, operation, deadlineMs },
    });
    return id;
  }

  /** Asks the broker for what never waits, and does not hear of it. */
  tell(instance: string, operation: Operation, holder: string = ownHolders.steps): void {
    // What is held back until its turn does wait.
    if (this.options.heldBack !== undefined) this.request(instance, operation, this.nowMs, { type: 'none' }, holder);
    else this.effect({ type: 'request', request: { id: unlisted, owner: { instance, holder }, operation, deadlineMs: this.nowMs } });
  }

  /**
   * Asks for what may be had without any wait: where it is granted there is no request, and none of what is done for one. Null or any other
   * outcome says nothing; whoever gets it asks as ever.
   */
  askNow(instance: string, operation: Operation, holder: string): Outcome | null {
    return this.options.heldBack === undefined ? (this.options.askNow?.({ instance, holder }, operation) ?? null) : null;
  }

  /** Asks for a turn to do something, which is answered to `purpose`; null where nobody waits for turns. Returns the id. */
  requestTurn(instance: string, operation: RunDeed, deadlineMs: number | null, purpose: RequestPurpose): number | null {
    if (this.options.heldBack === undefined) return null;
    const id = this.#nextRequest++;
    this.requests.set(id, { id, purpose, instance, verb: 'turn', names: operation.names, hasDeadline: deadlineMs !== null, holds: [] });
    this.waitsChanged = true;
    this.effect({ type: 'request_turn', request: { id, owner: { instance, holder: ownHolders.steps }, operation, deadlineMs } });
    return id;
  }

  /** The command has ended, and what is to come before has not been. */
  isExitHeld(key: ProcessKey): boolean {
    const held = this.heldExits.get(key);
    return held !== undefined && this.options.heldBack?.holds(held.requestId) === true;
  }

  /** The broker has answered it: what it was, or undefined where it is not known any more. */
  takeRequest(id: number): PendingRequest | undefined {
    const request = this.requests.get(id);
    this.requests.delete(id);
    if (request?.verb === 'acquire') this.jobservers.answered(id, request.holds);
    const [name] = request?.names ?? [];
    if (request?.verb === 'wait_barrier' && name !== undefined) this.arrivals.left(name, this.ownerOf(request.instance));
    return request;
  }

  /** Ends a wait; its outcome is no longer of interest. */
  cancelRequest(id: number): void {
    const request = this.requests.get(id);
    if (request === undefined) return;
    this.requests.set(id, { ...request, purpose: { type: 'none' } });
    this.effect({ type: 'cancel_request', requestId: id });
  }

  /** What the program of an instance has said that it puts or submits no more to. */
  closedBy(instance: string): Set<string> {
    let closed = this.#closedBy.get(instance);
    if (closed === undefined) {
      closed = new Set();
      this.#closedBy.set(instance, closed);
    }
    return closed;
  }

  /** Ends a wait; its outcome still comes back: `cancelled`, or what had come of it before. */
  withdrawRequest(id: number): void {
    if (this.requests.has(id)) this.effect({ type: 'cancel_request', requestId: id });
  }

  close(closing: Closing): void {
    this.effect({ type: 'close', closing });
  }

  nextProcessKey(): ProcessKey {
    return this.#nextProcess++;
  }

  nextProbe(): number {
    return this.#nextProbe++;
  }

  instance(name: string): InstanceState {
    return present(this.instances.get(name), `no instance ${name}`);
  }

  pool(name: string): PoolState {
    return present(this.pools.get(name), `no pool ${name}`);
  }

  unit(name: string): Unit {
    return present(this.instances.get(name) ?? this.pools.get(name), `no instance or pool ${name}`);
  }

  /** The pool that a slot belongs to, or the instance itself. */
  ownerOf(holder: string): string {
    if (this.instances.has(holder)) return holder;
    const pool = holder.slice(0, holder.lastIndexOf('-'));
    return this.pools.has(pool) ? pool : holder;
  }

  process(key: ProcessKey): ProcessState {
    return present(this.processes.get(key), `no process ${key}`);
  }

  machine(id: string): MachineState {
    return present(this.machines.get(id), `no machine ${id}`);
  }

  /** A primitive of the plan; undefined for the slots of `max_parallel`, which is none. */
  primitive(name: string): Plan['primitives'][number] | undefined {
    return this.#primitives.get(name);
  }

  /** All instances and pools, in the order of the plan. */
  allUnits(): readonly Unit[] {
    this.#units ??= [...this.instances.values(), ...this.pools.values()];
    return this.#units;
  }

  /** Everything of one kind, pools being processes, in the order of the plan. */
  unitsOf(kind: InstancePlan['kind']): readonly Unit[] {
    let units = this.#byKind.get(kind);
    if (units === undefined) {
      units = this.allUnits().filter((unit) => (unit.type === 'pool' ? 'process' : unit.plan.kind) === kind);
      this.#byKind.set(kind, units);
    }
    return units;
  }

  /** The instances of one process, in the order of the plan. */
  instancesOfProcess(process: string): readonly InstanceState[] {
    if (this.#byProcess.size === 0) {
      for (const state of this.instances.values()) {
        const siblings = this.#byProcess.get(state.plan.process);
        if (siblings === undefined) this.#byProcess.set(state.plan.process, [state]);
        else siblings.push(state);
      }
    }
    return this.#byProcess.get(process) ?? [];
  }

  /** Instances whose kind is one of these, in the order of the plan. */
  instancesOf(...kinds: readonly InstancePlan['kind'][]): InstanceState[] {
    return [...this.instances.values()].filter((state) => kinds.includes(state.plan.kind));
  }
}

function releasersOf(plan: Plan): Map<string, string[]> {
  const semaphores = new Set(plan.primitives.filter(({ kind }) => kind === 'semaphore').map(({ name }) => name));
  const releasers = new Map<string, string[]>();
  for (const unit of semaphores.size === 0 ? [] : [...plan.instances, ...plan.pools]) {
    for (const step of unit.body.type === 'steps' ? walkSteps(unit.body.steps) : []) {
      if (step.verb !== 'release') continue;
      for (const { name } of step.demands) {
        if (semaphores.has(name)) releasers.set(name, [...(releasers.get(name) ?? []), unit.name]);
      }
    }
  }
  return releasers;
}

/** Several items are waited for as one is. */
function waitVerb(verb: Operation['verb']): Operation['verb'] {
  if (verb === 'put_some') return 'put';
  return verb === 'get_some' ? 'get' : verb;
}

function namesOf(operation: Operation): readonly string[] {
  if (operation.verb === 'acquire' || operation.verb === 'release') {
    return operation.demands.map((demand) => demand.name);
  }
  return [operation.name];
}
