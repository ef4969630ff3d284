import { nameAll } from '../../base/name-all.ts';
import { endsOnlyByDaemons } from '../../plan/has-only-daemons.ts';
import { hasQueueStream } from '../../plan/has-queue-stream.ts';
import type { InstancePlan, Plan, PoolPlan, StdioPipePlan } from '../../plan/plan.ts';
import type { Model } from '../model.ts';
import type { Assumption } from '../assumption.ts';
import { beginsLate } from './begins-late.ts';
import { CompileContext, type CompileOptions, type FinallyPart } from './compile-context.ts';
import { compileInstance } from './compile-life.ts';
import { compilePool, isSurePool } from './compile-pool.ts';
import { compileResources } from './compile-resources.ts';
import { compileToCome } from './compile-to-come.ts';
import { markMissed } from './mark-missed.ts';
import { failureResources } from './task-failures.ts';
import { thingsInOrder } from '../things-in-order.ts';
import { endsBeforeFinally, leavesRoomForFinally } from './leaves-room-for-finally.ts';
import { startedLast } from '../../plan/started-last.ts';
import { sayWhichIsDone } from './done-within-each.ts';
import { sayWhoIsStoppedFirst } from './say-who-is-stopped-first.ts';
import { viewFinally, whoWaitsInFinally } from './view-finally.ts';

/** A plan as something to explore. */
export interface CompiledPlan {
  readonly model: Model;
  /** What a proof about the model takes for granted of the run, each once, in the order of the plan. */
  readonly assumptions: readonly Assumption[];
}

/**
 * Compiles what a plan declares: who waits for whom, and what else programs may do is assumed, and said. Programs of daemons go on until
 * they are stopped unless somebody waits for their end, or `daemonsMayEnd`.
 */
export function compilePlan(plan: Plan, options: CompileOptions = {}): CompiledPlan {
  const view = viewFinally(plan);
  if (view === 'modelled') {
    const whole = compileWith(plan, 'whole', options);
    if (endsBeforeFinally(plan, whole.model) && leavesRoomForFinally(plan, whole.model)) return whole;
  }
  const late = compileAfterStop(plan, options);
  const { model, assumptions } = late === null ? compileMain(plan, options) : { ...late, model: withoutNeed(plan, late.model) };
  return { model, assumptions: [...(view === 'of_no_account' ? [] : whatComesAfterTheEnd(plan)), ...assumptions] };
}

function whatComesAfterTheEnd(plan: Plan): readonly Assumption[] {
  const last = whoWaitsInFinally(plan);
  return last.slice(0, 1).map(({ place }) => ({ kind: 'left_out', text: `${nameAll(last.map(({ name }) => name))} of \`finally\`, which ${last.length === 1 ? 'comes' : 'come'} after the end`, place }));
}

/** What comes before `finally`, which is yet to come, and is not followed. */
export function compileMain(plan: Plan, options: CompileOptions = {}): CompiledPlan {
  return compileWith(plan, viewFinally(plan) === 'of_no_account' ? 'none' : 'to_come', options);
}

/** The same with a `finally` that comes only after the run was stopped, by a failure or from outside; null of any other. */
export function compileAfterStop(plan: Plan, options: CompileOptions = {}): CompiledPlan | null {
  const view = viewFinally(plan);
  if (view !== 'after_stop' && view !== 'modelled') return null;
  const whole = compileWith(plan, 'whole', options);
  const comesByItself = view === 'modelled' && endsBeforeFinally(plan, whole.model);
  return comesByItself || !leavesRoomForFinally(plan, whole.model) ? null : whole;
}

/** Before the run is stopped nobody needs the end of what runs in `finally`, and whoever waits for what it does may wait for ever. */
function withoutNeed({ instances }: Plan, { resources, actors }: Model): Model {
  const last = new Set(instances.flatMap(({ kind, name }) => (kind === 'finally' ? [name] : [])));
  return { resources, actors: actors.map((actor) => (last.has(actor.name) || actor.isSkipped === true ? { ...actor, isDaemon: true } : actor)) };
}

function compileWith(plan: Plan, finallyPart: FinallyPart, options: CompileOptions): CompiledPlan {
  const context = new CompileContext(plan, finallyPart, options, surePools(plan, finallyPart));
  if (endsOnlyByDaemons(plan)) sayLasts(context);
  if (finallyPart === 'whole') sayWhoIsStoppedFirst(context);
  for (const pipe of plan.stdioPipes) assumePipe(context, pipe);
  for (const work of context.works) {
    sayWhatIsNotFollowed(context, work);
    sayWhichIsDone(context, work);
  }
  const late = finallyPart === 'to_come' ? startedLast(plan) : new Set<string>();
  const actors = [
    ...plan.instances.flatMap((instance) => {
      if (!late.has(instance.name) && (instance.kind !== 'finally' || finallyPart === 'whole')) return [compileInstance(context, instance)];
      return finallyPart === 'none' ? [] : [compileToCome(context, instance)];
    }),
    ...plan.pools.flatMap((pool) => compilePool(context, pool)),
  ];
  const model = markMissed({ resources: [...compileResources(context), ...plan.pools.flatMap((pool) => failureResources(context, pool))], actors });
  sayWhatIsTakenAgain(context, model);
  return { model, assumptions: context.assumptions };
}

/** The search ends such a run at once, and a run is stuck with any of its daemons who keep the others from that (`src/engine/deadlock.ts`). */
function sayLasts(context: CompileContext): void {
  const first = context.plan.instances.find(({ kind }) => kind === 'daemon');
  if (first !== undefined) context.assume('left_out', 'what daemons wait for before one of them starts or ends a process or pool, none of which starts by itself', first.place);
}

/** What the tasks of others may come to is found out apart, since nothing is assumed for it. */
function surePools(plan: Plan, finallyPart: FinallyPart): ReadonlySet<string> {
  if (plan.pools.length === 0) return new Set();
  const context = new CompileContext(plan, finallyPart, {});
  const resources = new Map(compileResources(context).map((resource) => [resource.name, resource]));
  return new Set(plan.pools.flatMap((pool) => (isSurePool(context, pool, resources) ? [pool.name] : [])));
}

/** Whoever has waited at a condition stands in the line for its lock at once, and in the model as soon as he likes. */
function sayWhatIsTakenAgain(context: CompileContext, model: Model): void {
  const inOrder = thingsInOrder(model);
  for (const primitive of context.plan.primitives) {
    if (primitive.kind === 'condition' && inOrder.has(primitive.lock)) context.assume('coarser', `whoever was notified at \`${primitive.name}\` may come late to the line for \`${primitive.lock}\``, primitive.place);
  }
}

/** Where one of them waits for something in the run, so does the other for him, and what he waits for may wait for its end. */
function assumePipe(context: CompileContext, { name, from, to, duplex, place }: StdioPipePlan): void {
  const waits = context.plan.maxParallel !== null || context.plan.instances.some((instance) => (instance.name === from || instance.name === to) && (beginsLate(instance) || mayWait(context, instance)));
  if (waits) context.assume('left_out', `what \`${from}\` and \`${to}\` wait for at the pipe \`${name}\``, place);
  else context.assume('assumed', duplex ? `\`${from}\` and \`${to}\` do not both wait at the pipe \`${name}\` for what the other does there` : `what flows through the pipe \`${name}\` is read`, place);
}

/** Whether a command may wait for something in the run: setting events is all that never waits. */
function mayWait(context: CompileContext, instance: InstancePlan): boolean {
  return instance.declaredHolds.length > 0 || hasQueueStream(instance) || context.usesOf(instance.name).some(({ action }) => action !== 'set');
}

/** Lines that commands within pools and steps read from queues and write to them. */
function sayWhatIsNotFollowed(context: CompileContext, { name, body, stdin, stdout, stderr, place }: InstancePlan | PoolPlan): void {
  const isPool = context.pool(name) !== undefined;
  if (!isPool && body.type === 'command') return;
  const streams = [stdin, stdout, stderr].flatMap((stream) => (stream.type === 'queue' ? [stream.queue] : []));
  for (const queue of streams) context.assume('left_out', `what commands of \`${name}\` do with the queue \`${queue}\``, place);
}
