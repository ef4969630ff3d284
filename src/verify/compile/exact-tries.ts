import type { Demand } from '../../sync/operation.ts';
import type { Step } from '../../plan/step.ts';
import { type CompileContext, pipeQueue } from './compile-context.ts';

/**
 * What a step only tries to have (`block: false`; language page, "Steps"), where it is there in the model only when it is in a run: so a
 * run has it whenever the model says that it could. Where that is not sure, since programs have some of it on loan, or since
 * it comes with an end that in a run is later than in the model, the step may miss it there; and a deadlock behind that is doubtful where it is no end.
 */
export function howTried(context: CompileContext, step: Step, who: string): { readonly tries?: readonly string[]; readonly mayMiss?: true } {
  if (step.timeoutMs !== 0 || (step.verb === 'wait' && step.kind === 'barrier')) return {};
  const tries = exactlyTried(context, step, who);
  if (tries.length > 0) return { tries };
  // An end, which sets it, may well come later in a run.
  if (step.verb === 'wait' && context.plan.actors.some(({ name, by }) => name === step.name && by.type === 'moment')) return {};
  context.assume('coarser', `a step of \`${who}\` that only tries may miss what is there`, step.place, { of: who, part: 'misses' });
  return { mayMiss: true };
}

function exactlyTried(context: CompileContext, step: Step, who: string): readonly string[] {
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
      return step.kind === 'event' && isOfSteps(context, step.name) ? [step.name] : [];
    default:
      return [];
  }
}

/** Locks and semaphores that some step tries to have, so that it has to be seen how long others hold them. */
export function triedLimits(context: CompileContext): ReadonlySet<string> {
  const steps = context.works.flatMap(({ name }) => context.stepsOf(name).map((step) => ({ name, step })));
  return new Set(steps.flatMap(({ name, step }) => ((step.verb === 'acquire' || step.verb === 'with') && step.timeoutMs === 0 ? exactlyTried(context, step, name) : [])));
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
  if (context.isLoose(name) || works.some(({ declaredHolds }) => declaredHolds.includes(name))) return false;
  const ofConditions = context.plan.primitives.flatMap((primitive) => (primitive.kind === 'condition' && primitive.lock === name ? [primitive.name] : []));
  if (!ofConditions.every((condition) => isOfSteps(context, condition))) return false;
  const takers = works.filter((work) => takes(context, work, name));
  const isEnding = context.plan.actors.some(({ action, by }) => action === 'start' && by.type === 'uses') || works.some((work) => context.stepsOf(work.name).some(({ verb }) => verb === 'terminate' || verb === 'kill'));
  return !isEnding && takers.every((work) => !('workers' in work));
}

function takes(context: CompileContext, { name: who, holds }: CompileContext['works'][number], name: string): boolean {
  const names = (demands: readonly Demand[]): boolean => demands.some((demand) => demand.name === name);
  return names(holds) || context.stepsOf(who).some((step) => (step.verb === 'acquire' || step.verb === 'with') && names(step.demands));
}
