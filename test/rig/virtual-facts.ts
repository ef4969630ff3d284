import type { SpawnOrder } from '../../src/engine/effect.ts';
import type { EndState, RunEventBody } from '../../src/engine/run-event.ts';
import type { Dependency, InstancePlan, Plan, PoolPlan } from '../../src/plan/plan.ts';
import { walkSteps } from '../../src/plan/walk-steps.ts';

/** Whose command a process is. */
export type CommandKind = 'main' | 'step' | 'task' | 'worker' | 'stop_command';

/** What has become of one instance or pool, seen from outside the engine. */
export interface UnitFacts {
  begun: boolean;
  started: boolean;
  ready: boolean;
  /** Its steps are under way. */
  stepsRun: boolean;
  ends: number;
  end: EndState | null;
}

/** What can be known of a run without looking into the engine. */
export class VirtualFacts {
  readonly plan: Plan;
  readonly #units = new Map<string, UnitFacts>();
  readonly #instances: ReadonlyMap<string, InstancePlan>;
  readonly #pools: ReadonlyMap<string, PoolPlan>;
  /** Dependencies that were met once, and are no longer: whoever had waited for them then has waited enough. */
  readonly #metBefore = new Set<Dependency>();
  /** The sentence with which the run began to be stopped. */
  stoppingWhy: string | null = null;

  constructor(plan: Plan) {
    this.plan = plan;
    this.#instances = new Map(plan.instances.map((one) => [one.name, one]));
    this.#pools = new Map(plan.pools.map((one) => [one.name, one]));
    for (const { name } of [...plan.instances, ...plan.pools]) {
      this.#units.set(name, { begun: false, started: false, ready: false, stepsRun: false, ends: 0, end: null });
    }
  }

  of(name: string): UnitFacts {
    const facts = this.#units.get(name);
    if (facts === undefined) throw new Error(`the plan has no \`${name}\``);
    return facts;
  }

  instance(name: string): InstancePlan | null {
    return this.#instances.get(name) ?? null;
  }

  /** Whether somebody is declared to start it, perhaps more than once. */
  canBeStarted(unit: string): boolean {
    const name = this.poolOf(unit)?.name ?? unit;
    return this.plan.actors.some((actor) => actor.action === 'start' && actor.name === name);
  }

  /** Whether steps or programs release it on their own, or wait at a condition with it, who need not be those that hold it, or hold it from their start on. */
  isGivenBack({ name }: Pick<Plan['primitives'][number], 'name'>): boolean {
    const bodies = [...this.plan.instances, ...this.plan.pools].flatMap(({ body }) => (body.type === 'steps' ? [...walkSteps(body.steps)] : []));
    const conditions = new Set(this.plan.primitives.flatMap((primitive) => (primitive.kind === 'condition' && primitive.lock === name ? [primitive.name] : [])));
    if ([...this.plan.instances, ...this.plan.pools].some(({ declaredHolds }) => declaredHolds.includes(name))) return true;
    return bodies.some((step) => (step.verb === 'release' && step.demands.some((demand) => demand.name === name)) || (step.verb === 'wait' && conditions.has(step.name)));
  }

  /** The pool that a slot belongs to. */
  poolOf(slot: string): PoolPlan | null {
    return this.#pools.get(slot.slice(0, slot.lastIndexOf('-'))) ?? null;
  }

  kindOf(order: SpawnOrder): CommandKind {
    const stop = (this.instance(order.instance) ?? this.poolOf(order.instance))?.stop.command ?? null;
    if (stop?.type === 'shell' && order.argv.includes(stop.script)) return 'stop_command';
    // What stands in a word for a variable is not known here.
    if (stop?.type === 'argv' && stop.argv.every((word, index) => typeof word !== 'string' || word === order.argv[index])) return 'stop_command';
    const body = this.#instances.get(order.instance)?.body;
    if (body !== undefined) return body.type === 'command' ? 'main' : 'step';
    const type = this.poolOf(order.instance)?.body.type;
    if (type === 'worker') return 'worker';
    return type === 'command' ? 'task' : 'step';
  }

  /** Whether its moment has come at some time, by the language page, "Moments". */
  hasCome(dependency: Dependency): boolean {
    return this.#metBefore.has(dependency) || this.#isMet(dependency);
  }

  #isMet(dependency: Dependency): boolean {
    const names = dependency.target.type === 'pool' ? [dependency.name] : dependency.target.instances;
    const units = names.map((name) => this.of(name));
    switch (dependency.moment) {
      case 'start':
        return units.every(({ started }) => started);
      case 'ready':
        return units.every(({ ready }) => ready);
      case 'success':
        return units.every(({ end }) => end === 'succeeded');
      case 'exit':
        return units.every(({ end }) => end !== null);
      case 'failure':
        return units.every(({ end }) => end !== null) && units.some(({ end }) => end === 'failed');
    }
  }

  /** The command of an instance has been started, so far as the engine can know. */
  commandStarted(name: string): void {
    const facts = this.of(name);
    facts.started = true;
    if (this.instance(name)?.readinessProbe === null) facts.ready = true;
  }

  reported(event: RunEventBody): void {
    switch (event.type) {
      case 'instance.started': {
        const plan = this.instance(event.instance);
        if (plan?.body.type !== 'steps') return;
        this.of(event.instance).stepsRun = true;
        this.commandStarted(event.instance);
        return;
      }
      case 'instance.restarting':
        this.of(event.instance).stepsRun = false;
        return;
      case 'instance.ended': {
        const facts = this.of(event.instance);
        this.#endsAs(facts, event.state);
        facts.stepsRun = false;
        return;
      }
      case 'pool.started': {
        const facts = this.of(event.pool);
        facts.started = true;
        facts.ready = true;
        return;
      }
      case 'pool.ended': {
        this.#endsAs(this.of(event.pool), event.state);
        return;
      }
      case 'run.stopping':
        this.stoppingWhy ??= event.why;
        return;
      default:
    }
  }

  /** Whatever is started again may end in another way. */
  #endsAs(facts: UnitFacts, end: EndState): void {
    if (facts.end !== null && facts.end !== end) {
      const dependencies = [...this.plan.instances, ...this.plan.pools].flatMap(({ dependsOn }) => dependsOn);
      for (const dependency of dependencies) if (this.#isMet(dependency)) this.#metBefore.add(dependency);
    }
    facts.ends += 1;
    facts.end = end;
  }
}
