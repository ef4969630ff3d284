import type { InstancePlan, PoolPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { stepLists } from '../../plan/walk-steps.ts';
import type { CompileContext } from './compile-context.ts';
import { joinedBy } from './joined-by.ts';
import { hasFiles } from './pool-files.ts';

/**
 * Whether somebody whom a step starts may be alive still, since he was ended before: a program takes its time for that, or is given it
 * (`stop`, `grace_period`). Not where the end of each whom `who` ends is awaited at once, and nobody else ends any.
 */
export function mayBeEnding(context: CompileContext, who: string, start: Extract<Step, { verb: 'start' }>): boolean {
  return (start.pool ? [start.name] : start.instances).some((name) => {
    const work = context.pool(name) ?? context.instance(name);
    return work !== undefined && takesTime(context, work) && isEndedBy(context, who, name);
  });
}

/** Whether somebody ends it who takes a while for that, and has until then all that it holds. */
export function endsSlowly(context: CompileContext, work: InstancePlan | PoolPlan): boolean {
  return takesTime(context, work) && isEndedBy(context, null, work.name);
}

/** It has more to end than steps that wait. */
function takesTime(context: CompileContext, work: InstancePlan | PoolPlan): boolean {
  return work.body.type !== 'steps' || ('workers' in work && hasFiles(work)) || context.stepsOf(work.name).some(({ verb }) => verb === 'run');
}

function isEndedBy(context: CompileContext, who: string | null, name: string): boolean {
  if (context.actorsOf('start', name).some(({ by }) => by.type === 'uses')) return true;
  return context.works.some((work) => work.body.type === 'steps' && stepLists(work.body.steps).some((list) => list.some((step, at) => ends(step, name) && (work.name !== who || !awaits(list[at + 1], name)))));
}

function ends(step: Step, name: string): boolean {
  return (step.verb === 'terminate' || step.verb === 'kill') && (step.pool ? step.name === name : step.instances.includes(name));
}

function awaits(step: Step | undefined, name: string): boolean {
  return step?.verb === 'join' && step.timeoutMs === null && joinedBy(step.target).includes(name);
}
