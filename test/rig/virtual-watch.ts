/*
 * Watches a run from outside the engine and throws at the first thing that must never be, whatever the
 * spec, the programs, the signals and the order in which the engine hears of them.
 */
import type { Broker } from '../../src/broker/broker.ts';
import type { Effect, RunEnd, SpawnOrder } from '../../src/engine/effect.ts';
import type { EngineEvent, ProcessKey } from '../../src/engine/engine-event.ts';
import type { RunEventBody } from '../../src/engine/run-event.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { type CommandKind, VirtualFacts } from './virtual-facts.ts';
import type { VirtualProcess } from './virtual-process.ts';
import { unlisted } from '../../src/base/unlisted.ts';

/** What the watch can see of the world. */
export interface WatchedWorld {
  /** What calls of the door start, or start anew. */
  readonly startedFromOutside: ReadonlySet<string>;
  readonly processes: ReadonlyMap<ProcessKey, VirtualProcess>;
  readonly broker: Broker;
}

/** After a second signal everything has 1 s, and a killed process a moment to be heard of; in ms. */
const slackMs = 1500;

/** The invariants of every run. */
export class VirtualWatch {
  readonly #plan: Plan;
  readonly #world: WatchedWorld;
  readonly #facts: VirtualFacts;
  /** Processes that the engine has heard the end of. */
  readonly #over = new Set<ProcessKey>();
  readonly #gone = new Set<ProcessKey>();
  readonly #requests = new Set<number>();
  readonly #probes = new Map<number, string>();
  /** The probe of each instance that has no answer yet. */
  readonly #asked = new Map<string, number>();
  readonly #tasks = new Map<string, Map<number, 'running' | 'ended'>>();
  /** Of each pool the tasks that run. */
  readonly #running = new Map<string, Set<number>>();
  #failedCount = 0;
  #finallyBegan = false;
  #isFinished = false;
  readonly #afterFinish: string[] = [];
  #firstSignalMs: number | null = null;
  #signals = 0;
  #nowMs = 0;

  constructor(plan: Plan, world: WatchedWorld) {
    this.#plan = plan;
    this.#world = world;
    this.#facts = new VirtualFacts(plan);
  }

  /** The engine is about to hear of it. */
  hears(event: EngineEvent, nowMs: number): void {
    this.#nowMs = nowMs;
    switch (event.type) {
      case 'spawned': {
        const order = this.#orderOf(event.key);
        if (this.#facts.kindOf(order) === 'main') this.#facts.commandStarted(order.instance);
        return;
      }
      case 'spawn_failed':
        this.#gone.add(event.key);
        this.#over.add(event.key);
        return;
      case 'exited':
        this.#over.add(event.key);
        if (!event.groupIsAlive) this.#gone.add(event.key);
        return;
      case 'group_gone':
        this.#gone.add(event.key);
        return;
      case 'probed': {
        const name = this.#probes.get(event.probe);
        this.#answered(event.probe);
        if (event.ok && name !== undefined) this.#facts.of(name).ready = true;
        return;
      }
      case 'call':
        if (event.call.type === 'ready' && this.#facts.instance(event.caller.instance)?.readinessProbe?.type === 'notify') this.#facts.of(event.caller.instance).ready = true;
        return;
      default:
    }
  }

  /** The engine wants this done. */
  wants(effect: Effect): void {
    if (this.#isFinished) this.#afterFinish.push(effect.type);
    switch (effect.type) {
      case 'spawn':
        this.#spawns(effect.order);
        return;
      case 'signal':
        if (this.#gone.has(effect.key)) fail(`${effect.signal} for process ${effect.key}, which has ended`);
        return;
      case 'write_line':
      case 'send_tasks':
      case 'end_input':
      case 'pause_output':
        if (this.#over.has(effect.key)) fail(`\`${effect.type}\` for process ${effect.key}, which has ended`);
        return;
      case 'probe':
        if (this.#asked.has(effect.instance)) fail(`\`${effect.instance}\` is probed while the probe before has no answer`);
        this.#probes.set(effect.probe, effect.instance);
        // What says by itself that it is ready has no answer.
        if (effect.plan.type !== 'notify') this.#asked.set(effect.instance, effect.probe);
        return;
      case 'cancel_probe':
        this.#answered(effect.probe);
        this.#probes.delete(effect.probe);
        return;
      case 'request':
      case 'request_turn':
        if (effect.request.id === unlisted) {
          if (effect.request.deadlineMs === null) fail(`\`${effect.request.operation.verb}\` of \`${effect.request.owner.instance}\` may wait, and nobody hears of it`);
          return;
        }
        if (this.#requests.has(effect.request.id)) fail(`request ${effect.request.id} was asked twice`);
        this.#requests.add(effect.request.id);
        return;
      case 'cancel_request':
        if (!this.#requests.has(effect.requestId)) fail(`request ${effect.requestId} is cancelled and was never asked`);
        return;
      case 'owner_ended':
        this.#ownerEnds(effect.instance);
        return;
      case 'report':
        this.#reports(effect.event);
        return;
      case 'finish':
        this.#isFinished = true;
        return;
      default:
    }
  }

  /** The clock has gone on by so much at once. */
  slept(byMs: number): void {
    if (this.#firstSignalMs !== null) this.#firstSignalMs += byMs;
  }

  /** Everything that the engine wanted has been done. */
  looks(): void {
    this.#countsCommands();
    const held = new Map<string, number>();
    const hold = (demands: readonly { readonly name: string; readonly permits: number }[]): void => {
      for (const { name, permits } of demands) held.set(name, (held.get(name) ?? 0) + permits);
    };
    for (const { order, leaderIsAlive } of this.#world.processes.values()) {
      if (!leaderIsAlive) continue;
      const kind = this.#facts.kindOf(order);
      const instance = this.#facts.instance(order.instance);
      if (kind === 'main' && instance !== null) hold(instance.holds);
      if (kind === 'task') hold(this.#facts.poolOf(order.instance)?.holds ?? []);
    }
    for (const { name, holds } of this.#plan.instances) if (this.#facts.of(name).stepsRun) hold(holds);
    for (const { name, holds, body } of this.#plan.pools) if (body.type === 'worker') for (const _ of this.#runningOf(name)) hold(holds);
    for (const primitive of this.#plan.primitives) {
      // What others give back of it, or more, is held by whoever comes next.
      if ((primitive.kind !== 'lock' && primitive.kind !== 'semaphore') || this.#facts.isGivenBack(primitive)) continue;
      const permits = primitive.kind === 'lock' ? 1 : primitive.permits;
      const count = held.get(primitive.name) ?? 0;
      if (count > permits) fail(`${count} permits of \`${primitive.name}\` are held, and there are ${permits}`);
    }
  }

  #answered(probe: number): void {
    const name = this.#probes.get(probe);
    if (name !== undefined && this.#asked.get(name) === probe) this.#asked.delete(name);
  }

  #countsCommands(): void {
    const { maxParallel } = this.#plan;
    if (maxParallel === null) return;
    let commands = 0;
    for (const { order, leaderIsAlive } of this.#world.processes.values()) {
      const kind = this.#facts.kindOf(order);
      if (!leaderIsAlive || kind === 'stop_command' || kind === 'worker') continue;
      if (this.#facts.instance(order.instance)?.kind !== 'daemon') commands += 1;
    }
    for (const { name, body } of this.#plan.pools) if (body.type === 'worker') commands += this.#runningOf(name).size;
    if (commands > maxParallel) fail(`${commands} commands run at once, and ${maxParallel} may`);
  }

  /** The run is over. */
  finishes(end: RunEnd, nowMs: number): void {
    if (this.#afterFinish.length > 0) fail(`after the run was over the engine wanted ${this.#afterFinish.join(', ')}`);
    for (const process of this.#world.processes.values()) {
      if (process.groupIsAlive) fail(`the run is over and a process of \`${process.order.instance}\` is alive`);
    }
    const { waiting } = this.#world.broker.snapshot();
    if (waiting.length > 0) fail(`the run is over and ${JSON.stringify(waiting)} still wait`);
    for (const unit of [...this.#plan.instances, ...this.#plan.pools]) {
      const { ends, begun } = this.#facts.of(unit.name);
      const canBeStarted = this.#facts.canBeStarted(unit.name) || this.#world.startedFromOutside.has(unit.name);
      const isIdleDaemon = 'kind' in unit && unit.kind === 'daemon' && !unit.autostart && !begun;
      if (ends === 0 && !isIdleDaemon) fail(`the run is over and \`${unit.name}\` has not ended`);
      if (ends > 1 && !canBeStarted) fail(`\`${unit.name}\` ended ${ends} times`);
    }
    for (const [pool, tasks] of this.#tasks) {
      for (const [task, state] of tasks) if (state === 'running') fail(`task ${task} of \`${pool}\` has no fate`);
    }
    if (this.#failedCount > 0 && end.exitCode === 0) fail('something failed, and the run ended with 0');
    this.#endsInTime(nowMs);
  }

  #endsInTime(nowMs: number): void {
    if (this.#firstSignalMs === null) return;
    const graceMs = Math.max(0, ...[...this.#plan.instances, ...this.#plan.pools].map(({ stop }) => stop.graceMs));
    const last = this.#plan.instances.filter(({ kind }) => kind === 'finally');
    const limitedMs = last.some(({ timeoutMs }) => timeoutMs === null) ? 30_000 + graceMs : 0;
    // A timeout of its own is one of each attempt, and they may have to wait for each other.
    const attemptsMs = last.map(({ timeoutMs, restart, maxRestarts, backoff }) =>
      timeoutMs === null ? 0 : (timeoutMs + graceMs + 2 * backoff.initialMs) * (restart === 'no' ? 1 : 1 + maxRestarts.count),
    );
    const lastMs = attemptsMs.reduce((sum, ms) => sum + ms, limitedMs);
    const limitMs = Math.max(7000, graceMs) + lastMs + slackMs;
    const tookMs = nowMs - this.#firstSignalMs;
    if (tookMs > limitMs) fail(`the run ended ${tookMs} ms after the first signal, and has ${limitMs} ms`);
  }

  #spawns(order: SpawnOrder): void {
    const kind = this.#facts.kindOf(order);
    if (kind === 'worker' || kind === 'main') this.#isAlone(order.instance, kind);
    const plan = this.#facts.instance(order.instance);
    const isFirst = order.environment.some(([name, value]) => name === 'MPCTL_ATTEMPT' && value === '1');
    if (kind === 'main' && isFirst) this.#begins(order.instance);
    if (this.#facts.stoppingWhy === null || kind === 'stop_command') return;
    if (this.#finallyBegan && this.#facts.canBeStarted(order.instance)) return;
    // A daemon that crashes while the others are being stopped is restarted: `finally` may need it.
    const mayStart = plan?.kind === 'finally' || (plan?.kind === 'daemon' && !isFirst) || (plan?.kind === 'daemon' && kind === 'step');
    if (!mayStart) fail(`a command of \`${order.instance}\` was started after stopping began`);
  }

  /** An instance has one command and a slot one worker, and the next one when nothing is left of that. */
  #isAlone(name: string, kind: CommandKind): void {
    for (const { order, groupIsAlive } of this.#world.processes.values()) {
      if (order.instance === name && groupIsAlive && this.#facts.kindOf(order) === kind) fail(`a second ${kind === 'main' ? 'command' : 'worker'} was started in \`${name}\``);
    }
  }

  #begins(name: string): void {
    const facts = this.#facts.of(name);
    if (facts.begun) return;
    facts.begun = true;
    const plan = this.#facts.instance(name) ?? this.#plan.pools.find((pool) => pool.name === name);
    for (const dependency of plan?.dependsOn ?? []) {
      if (this.#facts.hasCome(dependency)) continue;
      fail(`\`${name}\` started before \`${dependency.name}\` reached \`${dependency.moment}\``);
    }
  }

  #ownerEnds(instance: string): void {
    for (const { order, leaderIsAlive } of this.#world.processes.values()) {
      if (order.instance !== instance || !leaderIsAlive || this.#facts.kindOf(order) === 'stop_command') continue;
      fail(`what \`${instance}\` holds was released while its command runs`);
    }
  }

  #reports(event: RunEventBody): void {
    switch (event.type) {
      case 'instance.started':
        this.#begins(event.instance);
        break;
      case 'pool.started':
        this.#begins(event.pool);
        break;
      case 'instance.ended':
        if (event.state === 'failed' && !event.allowed) this.#failedCount += 1;
        break;
      case 'pool.ended':
        // Started once more, it has tasks of the same numbers.
        this.#tasksOf(event.pool).clear();
        if (event.state === 'failed' && !event.allowed) this.#failedCount += 1;
        break;
      case 'run.signal':
        this.#firstSignalMs ??= this.#nowMs;
        this.#signals += 1;
        break;
      case 'run.finally':
        this.#finallyBegan = true;
        break;
      case 'instance.stopping':
        this.#stopsInOrder(event.instance, event.signal, event.why);
        break;
      case 'task.started':
        this.#tasksOf(event.pool).set(event.task, 'running');
        this.#starts(event.pool, event.task);
        break;
      case 'task.retrying':
        this.#runningOf(event.pool).delete(event.task);
        break;
      case 'task.ended':
        if (this.#tasksOf(event.pool).get(event.task) === 'ended') fail(`task ${event.task} of \`${event.pool}\` has two fates`);
        this.#tasksOf(event.pool).set(event.task, 'ended');
        this.#runningOf(event.pool).delete(event.task);
        break;
      default:
    }
    this.#facts.reported(event);
  }

  /** Dependents before what they depend on, until a second signal or the end of the time for stopping. */
  #stopsInOrder(name: string, signal: string, why: string): void {
    const stage = this.#facts.instance(name)?.kind;
    if (stage === undefined || why !== this.#facts.stoppingWhy || signal === 'SIGKILL' || this.#signals > 1) return;
    for (const { order, leaderIsAlive } of this.#world.processes.values()) {
      const dependent = this.#facts.instance(order.instance);
      if (!leaderIsAlive || dependent?.kind !== stage || this.#facts.kindOf(order) !== 'main') continue;
      const needs = dependent.dependsOn.some(({ target }) => target.type === 'instances' && target.instances.includes(name));
      if (needs) fail(`\`${name}\` was stopped before \`${order.instance}\`, which depends on it`);
    }
  }

  #tasksOf(pool: string): Map<number, 'running' | 'ended'> {
    const tasks = this.#tasks.get(pool) ?? new Map<number, 'running' | 'ended'>();
    this.#tasks.set(pool, tasks);
    return tasks;
  }

  /** No more tasks run at once than there are slots. */
  #starts(pool: string, task: number): void {
    const running = this.#runningOf(pool);
    running.add(task);
    const workers = this.#plan.pools.find(({ name }) => name === pool)?.workers ?? 0;
    if (running.size > workers) fail(`${running.size} tasks of \`${pool}\` run at once, and it has ${workers} slots`);
  }

  #runningOf(pool: string): Set<number> {
    const running = this.#running.get(pool) ?? new Set<number>();
    this.#running.set(pool, running);
    return running;
  }

  #orderOf(key: ProcessKey): SpawnOrder {
    const process = this.#world.processes.get(key);
    if (process === undefined) throw new Error(`no process ${key}`);
    return process.order;
  }
}

function fail(what: string): never {
  throw new Error(what);
}
