import type { Dependency, StartWait } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import type { Demand } from '../../sync/operation.ts';
import { type CompileContext, pipeQueue } from './compile-context.ts';

/** Of the end of a wait by its time: what may not be there then, if nobody waits in vain for what is; nothing where that is not known. */
type Misses = { readonly misses?: readonly string[]; readonly mayMiss?: true };

/**
 * What a step waits for, for so long or for no time at all (language page, "Steps"), where it is there in the model only when it is in a
 * run: there it is had in the same step, so that nobody waits in vain for what the model says is there. Nothing where that is not sure,
 * since programs have some of it on loan, or since it comes with an end that in a run is later than in the model; and a deadlock behind
 * what only tries, and misses it there, is doubtful.
 */
export function exactMiss(context: CompileContext, step: Step, who: string): Misses {
  const misses = missedByStep(context, step, who);
  // An end, which sets it, may well come later in a run.
  const isOfEnd = step.verb === 'wait' && context.plan.actors.some(({ name, by }) => name === step.name && by.type === 'moment');
  return misses.length > 0 || step.timeoutMs !== 0 || isOfEnd ? missesOf(misses) : { mayMiss: true };
}

/** The same of events or a barrier before a start. */
export function exactMissAtStart(context: CompileContext, waits: readonly Pick<StartWait, 'kind' | 'name'>[]): Misses {
  return missesOf(waits.every(({ kind, name }) => kind === 'barrier' || isKnownEvent(context, name)) ? waits.map(({ name }) => name) : []);
}

/** The same of moments before a start. A start, as becoming ready, has no turn in a run, and may take a while. */
export function exactMissOfMoments(context: CompileContext, dependencies: readonly Dependency[]): Misses {
  const isKnown = ({ target, moment }: Dependency): boolean => moment !== 'start' && moment !== 'ready' && target.type === 'instances' && target.instances.every((instance) => hasKnownEnd(context, instance));
  return missesOf(dependencies.every(isKnown) ? dependencies.flatMap(({ target }) => (target.type === 'instances' ? target.instances : [])) : []);
}

function missesOf(misses: readonly string[]): Misses {
  return misses.length === 0 ? {} : { misses };
}

function missedByStep(context: CompileContext, step: Step, who: string): readonly string[] {
  switch (step.verb) {
    case 'acquire':
    case 'with':
      return step.demands.every((demand) => isKnownLimit(context, demand)) ? step.demands.map(({ name }) => name) : [];
    case 'put':
    case 'get':
      return isKnownQueue(context, step.queue) ? [step.queue] : [];
    case 'recv':
      return isKnownPipe(context, step.pipe) ? [pipeQueue(step.pipe, who)] : [];
    case 'send':
      return isKnownPipe(context, step.pipe) ? endsOf(context, step.pipe).flatMap((end) => (end === who ? [] : [pipeQueue(step.pipe, end)])) : [];
    case 'each':
      if (step.source.kind === 'pipe') return isKnownPipe(context, step.source.name) ? [pipeQueue(step.source.name, who)] : [];
      return isKnownQueue(context, step.source.name) ? [step.source.name] : [];
    case 'wait':
      // A condition is missed only by who is asleep there.
      return step.kind !== 'condition' && (step.kind === 'barrier' || isKnownEvent(context, step.name)) ? [step.name] : [];
    case 'join':
      return missedByJoin(context, step.target);
    default:
      return [];
  }
}

function missedByJoin(context: CompileContext, target: Extract<Step, { verb: 'join' }>['target']): readonly string[] {
  switch (target.kind) {
    case 'queue':
      // Whoever is ended has for a while yet what he has in hand.
      return isKnownQueue(context, target.name) && !areSomeEnded(context) ? [target.name] : [];
    case 'instances':
      return target.instances.every((instance) => hasKnownEnd(context, instance)) ? context.modelled(target.instances) : [];
    case 'pool':
      return [];
  }
}

/** Whoever sets it does so with a step, as its program likes, or with a moment that comes when it does in a run. */
function isKnownEvent(context: CompileContext, name: string): boolean {
  const { actors } = context.plan;
  return actors.every(({ action, by, who, name: what }) => what !== name || action !== 'set' || by.type === 'steps' || by.type === 'uses' || (by.type === 'moment' && hasKnownEnd(context, who)));
}

/** Its moments come when they do in the model: nobody ends it, which takes a while, and all that it has is gone only with its end, where that of a command is known later. */
function hasKnownEnd(context: CompileContext, name: string): boolean {
  const instance = context.instance(name);
  if (instance === undefined || instance.stdout.type === 'queue' || instance.stderr.type === 'queue') return false;
  if (instance.body.type !== 'steps' && (instance.holds.length > 0 || context.plan.maxParallel !== null)) return false;
  const isStopped = (step: Step): boolean => (step.verb === 'terminate' || step.verb === 'kill') && !step.pool && step.instances.includes(name);
  return !context.actorsOf('start', name).some(({ by }) => by.type === 'uses') && !context.works.some((work) => context.stepsOf(work.name).some(isStopped));
}

/** Nothing but steps does anything to it that others find. */
function isOfSteps({ plan }: CompileContext, name: string): boolean {
  return plan.actors.every((actor) => actor.name !== name || actor.by.type === 'steps' || actor.by.type === 'start_wait');
}

function isKnownQueue(context: CompileContext, name: string): boolean {
  const definition = context.plan.primitives.find((primitive) => primitive.name === name);
  return definition?.kind === 'queue' && definition.onConsumerDeath !== 'redeliver' && isOfSteps(context, name);
}

function isKnownPipe(context: CompileContext, name: string): boolean {
  return isOfSteps(context, name) && endsOf(context, name).every((end) => !context.isProgram(end) && context.stepsOf(end).every(({ verb }) => verb !== 'run'));
}

function endsOf({ plan }: CompileContext, name: string): readonly string[] {
  const definition = plan.primitives.find((primitive) => primitive.name === name);
  return definition?.kind === 'pipe' ? definition.ends : [];
}

/** No program takes it, no pool has it for its tasks, which it may cut short, and nobody is ended who may hold it. */
function isKnownLimit(context: CompileContext, { name }: Demand): boolean {
  const { works } = context;
  if (works.some(({ declaredHolds }) => declaredHolds.includes(name))) return false;
  const ofConditions = context.plan.primitives.flatMap((primitive) => (primitive.kind === 'condition' && primitive.lock === name ? [primitive.name] : []));
  if (!ofConditions.every((condition) => isOfSteps(context, condition))) return false;
  const takers = works.filter((work) => takes(context, work, name));
  return !areSomeEnded(context) && takers.every((work) => !('workers' in work));
}

function areSomeEnded(context: CompileContext): boolean {
  const { plan, works } = context;
  return plan.actors.some(({ action, by }) => action === 'start' && by.type === 'uses') || works.some(({ name }) => context.stepsOf(name).some(({ verb }) => verb === 'terminate' || verb === 'kill'));
}

/** Whether an instance or pool ever asks for some of it, but for its programs. */
export function takes(context: CompileContext, { name: who, holds }: CompileContext['works'][number], name: string): boolean {
  const names = (demands: readonly Demand[]): boolean => demands.some((demand) => demand.name === name);
  return names(holds) || context.stepsOf(who).some((step) => (step.verb === 'acquire' || step.verb === 'with') && names(step.demands));
}
